import {
  DeleteApiCommand,
  DeleteRouteCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiCommand,
  UpdateAuthorizerCommand,
  UpdateIntegrationCommand,
  UpdateRouteCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../src/engine/types.ts';
import { BY_TOKEN, appliedApi } from '../support/api-types.ts';
import type { ApiTypesBench, FoundApi } from '../support/api-types.ts';
import { culpritOf } from '../support/culprit.ts';
import { HERE } from '../support/fake-world.ts';
import { FUNCTION } from '../support/http-api.ts';

/** What an API and its parts are in the trail: their types, names and declared properties. */
function subjectOf(id: string, { api, routes, integrations, authorizers }: FoundApi) {
  const [route, integration, authorizer] = [routes[0]!, integrations[0]!, authorizers[0]!];
  const { ApiId = '' } = api;
  const [resource, properties] = {
    Api: [ApiId, { Name: api.Name! }],
    Stage: [`${ApiId}/stages/$default`, { ApiId, StageName: '$default' }],
    Route: [`${ApiId}/routes/${route.RouteId}`, { ApiId, RouteKey: route.RouteKey! }],
    Integration: [`${ApiId}/integrations/${integration.IntegrationId}`, { ApiId, IntegrationUri: FUNCTION }],
    Authorizer: [`${ApiId}/authorizers/${authorizer.AuthorizerId}`, { ApiId, Name: authorizer.Name! }],
  }[id] as [string, Readonly<Record<string, Value>>];
  const type = `AWS::ApiGatewayV2::${id}`;
  return { id: `Fake/app/${id}`, type, resource, place: HERE, properties, missing: false, changes: [], effects: [] };
}

type Act = (gateway: ApiGatewayV2Client, found: FoundApi) => Promise<unknown>;

const change = (path: string, before: Value) => ({ changes: [{ path, before, after: null }] });
const idOf = ({ api }: FoundApi) => ({ ApiId: api.ApiId });
const arnOf = ({ api }: FoundApi, rest = '') => ({
  ResourceArn: `arn:aws:apigateway:eu-west-1::/apis/${api.ApiId}${rest}`,
});

async function told(id: string, act: Act, rest: object): Promise<string | undefined> {
  const bench: ApiTypesBench = await appliedApi(BY_TOKEN);
  const found = await bench.found();
  await act(bench.others.gateway, found);
  return culpritOf(bench.resources.account, { ...subjectOf(id, found), ...rest });
}

describe('who changed an HTTP API is told by the trail', () => {
  const open: Act = (gateway, found) =>
    gateway.send(
      new UpdateRouteCommand({ ...idOf(found), RouteId: found.routes[0]!.RouteId, AuthorizationType: 'NONE' }),
    );

  it.each<[string, string, Act, object, string]>([
    [
      'its description',
      'Api',
      (gateway, found) => gateway.send(new UpdateApiCommand({ ...idOf(found), Description: 'mine' })),
      change('Description', 'mine'),
      'UpdateApi, exact',
    ],
    [
      'a tag of it',
      'Api',
      (gateway, found) => gateway.send(new TagResourceCommand({ ...arnOf(found), Tags: { team: 'b' } })),
      change('Tags', [{ Key: 'team', Value: 'b' }]),
      'TagResource, exact',
    ],
    [
      'a tag of its stage',
      'Stage',
      (gateway, found) =>
        gateway.send(new UntagResourceCommand({ ...arnOf(found, '/stages/$default'), TagKeys: ['team'] })),
      { changes: [{ path: 'Tags', before: [], after: [{ Key: 'team', Value: 'stats' }] }] },
      'UntagResource, exact',
    ],
    [
      'how its stage deploys',
      'Stage',
      (gateway, found) =>
        gateway.send(new UpdateStageCommand({ ...idOf(found), StageName: '$default', AutoDeploy: false })),
      change('AutoDeploy', false),
      'UpdateStage, exact',
    ],
    ['T63 whom a route lets in', 'Route', open, change('AuthorizationType', 'NONE'), 'UpdateRoute, exact'],
    [
      'that a route is gone',
      'Route',
      (gateway, found) => gateway.send(new DeleteRouteCommand({ ...idOf(found), RouteId: found.routes[0]!.RouteId })),
      { missing: true },
      'DeleteRoute, exact',
    ],
    [
      'what it calls',
      'Integration',
      (gateway, found) =>
        gateway.send(
          new UpdateIntegrationCommand({
            ...idOf(found),
            IntegrationId: found.integrations[0]!.IntegrationId,
            IntegrationUri: `${FUNCTION}-2`,
          }),
        ),
      change('IntegrationUri', `${FUNCTION}-2`),
      'UpdateIntegration, exact',
    ],
    [
      'whose tokens it takes',
      'Authorizer',
      (gateway, found) =>
        gateway.send(
          new UpdateAuthorizerCommand({
            ...idOf(found),
            AuthorizerId: found.authorizers[0]!.AuthorizerId,
            IdentitySource: ['$request.header.Mine'],
          }),
        ),
      change('IdentitySource', ['$request.header.Mine']),
      'UpdateAuthorizer, exact',
    ],
    [
      'that all of it is gone',
      'Integration',
      (gateway, found) => gateway.send(new DeleteApiCommand(idOf(found))),
      { missing: true },
      'DeleteApi, exact',
    ],
  ])('%s', async (_what, id, act, rest, expected) => {
    expect(await told(id, act, rest)).toBe(expected);
  });

  it('and nobody is named for a write to another part of the same API', async () => {
    expect(await told('Integration', open, change('IntegrationUri', `${FUNCTION}-2`))).toBeUndefined();
    expect(await told('Authorizer', open, change('Name', 'mine'))).toBeUndefined();
  });
});
