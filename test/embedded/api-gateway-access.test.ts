import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateRouteCommand,
  CreateStageCommand,
  DeleteApiCommand,
  GetApiCommand,
  GetApisCommand,
  GetRoutesCommand,
  GetTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiCommand,
} from '@aws-sdk/client-apigatewayv2';
import { describe, expect, it } from 'vitest';
import { allow, createIamBench } from '../support/embedded-iam.ts';
import { errorOf } from '../support/embedded-zone.ts';
import { benchOf } from '../support/http-api.ts';

const HERE = 'arn:aws:apigateway:eu-west-1::';
const TAGS = `${HERE}/tags/arn%3Aaws%3Aapigateway%3Aeu-west-1%3A%3A%2Fv2%2Fapis%2F`;

/** A session with these statements, and an API that is there with a tag. */
async function open(statements: (api: string) => readonly object[]) {
  const bench = createIamBench();
  const ApiId = await benchOf(bench.account).api({ Name: 'there', Tags: { team: 'stats' } });
  const arn = await bench.role('limited');
  await bench.grant('limited', ...statements(ApiId));
  const session = await bench.assume(arn);
  return { ApiId, gateway: session.client(ApiGatewayV2Client) };
}

const API = { Name: 'mine', ProtocolType: 'HTTP' } as const;

describe('IAM knows the verbs of HTTP on paths', () => {
  it('names verb and path in what it refuses', async () => {
    const { ApiId, gateway } = await open(() => [allow('apigateway:GET', `${HERE}/apis`)]);

    await gateway.send(new GetApisCommand({}));
    const refused = await errorOf(gateway.send(new GetApiCommand({ ApiId })));
    expect(refused).toMatchObject({ name: 'AccessDeniedException' });
    expect((refused as Error).message).toContain(
      `is not authorized to perform: apigateway:GET on resource: ${HERE}/apis/${ApiId}`,
    );
  });

  it('tells an API from what belongs to it', async () => {
    const { ApiId, gateway } = await open((api) => [
      allow(['apigateway:POST', 'apigateway:GET'], `${HERE}/apis/${api}/routes`),
    ]);

    await gateway.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /' }));
    await gateway.send(new GetRoutesCommand({ ApiId }));
    for (const command of [
      new GetApiCommand({ ApiId }),
      new DeleteApiCommand({ ApiId }),
      new UpdateApiCommand({ ApiId, Name: 'other' }),
    ]) {
      expect(await errorOf(gateway.send(command))).toMatchObject({ name: 'AccessDeniedException' });
    }
  });

  it('asks for the right to tag what is made with tags', async () => {
    const { gateway } = await open(() => [allow('apigateway:POST', `${HERE}/apis`)]);
    await gateway.send(new CreateApiCommand(API));
    const refused = await errorOf(gateway.send(new CreateApiCommand({ ...API, Tags: { team: 'stats' } })));
    expect((refused as Error).message).toContain(`apigateway:POST on resource: ${TAGS}*`);

    const may = await open((api) => [
      allow('apigateway:POST', `${HERE}/apis`),
      allow('apigateway:POST', `${HERE}/apis/${api}/stages`),
      allow('apigateway:POST', `${TAGS}*`, { StringEquals: { 'aws:RequestTag/team': 'stats' } }),
    ]);
    await may.gateway.send(new CreateApiCommand({ ...API, Tags: { team: 'stats' } }));
    const stage = { ApiId: may.ApiId, AutoDeploy: true, Tags: { team: 'stats' } };
    await may.gateway.send(new CreateStageCommand({ ...stage, StageName: '$default' }));
    const odd = new CreateStageCommand({ ...stage, StageName: 'other', Tags: { team: 'other' } });
    expect(await errorOf(may.gateway.send(odd))).toMatchObject({ name: 'AccessDeniedException' });
  });

  it('writes, reads and removes tags by three verbs on the path of the tags', async () => {
    const { ApiId, gateway } = await open((api) => [
      allow('apigateway:POST', `${TAGS}${api}`),
      allow('apigateway:GET', `${TAGS}${api}`),
    ]);
    const ResourceArn = `${HERE}/apis/${ApiId}`;

    await gateway.send(new TagResourceCommand({ ResourceArn, Tags: { more: '1' } }));
    expect((await gateway.send(new GetTagsCommand({ ResourceArn }))).Tags).toEqual({ team: 'stats', more: '1' });
    expect(await errorOf(gateway.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['more'] })))).toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it('knows the tags that an API carries, and its name', async () => {
    const byTag = { StringEquals: { 'aws:ResourceTag/team': 'stats' } };
    const { ApiId, gateway } = await open(() => [
      allow('apigateway:GET', `${HERE}/apis/*`, byTag),
      allow('apigateway:DELETE', `${HERE}/apis/*`, { StringEquals: { 'aws:ResourceTag/team': 'other' } }),
      allow('apigateway:PATCH', `${HERE}/apis/*`, { StringEquals: { 'apigateway:Resource/ApiName': 'there' } }),
    ]);

    await gateway.send(new GetApiCommand({ ApiId }));
    expect(await errorOf(gateway.send(new DeleteApiCommand({ ApiId })))).toMatchObject({
      name: 'AccessDeniedException',
    });
    await gateway.send(new UpdateApiCommand({ ApiId, Name: 'renamed' }));
    expect(await errorOf(gateway.send(new UpdateApiCommand({ ApiId, Name: 'again' })))).toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it('lets a policy forbid routes that are open', async () => {
    const { ApiId, gateway } = await open(() => [
      allow('apigateway:POST', `${HERE}/apis/*/routes`, {
        StringEquals: { 'apigateway:Request/RouteAuthorizationType': ['AWS_IAM', 'JWT'] },
      }),
    ]);

    await gateway.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /', AuthorizationType: 'AWS_IAM' }));
    const unsaid = gateway.send(new CreateRouteCommand({ ApiId, RouteKey: 'POST /', AuthorizationType: 'NONE' }));
    expect(await errorOf(unsaid)).toMatchObject({ name: 'AccessDeniedException' });
  });
});
