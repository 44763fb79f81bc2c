import {
  ApiGatewayV2Client,
  BadRequestException,
  ConflictException,
  DeleteApiCommand,
  DeleteAuthorizerCommand,
  DeleteIntegrationCommand,
  DeleteRouteCommand,
  DeleteStageCommand,
  GetApiCommand,
  GetApisCommand,
  GetAuthorizersCommand,
  GetDeploymentsCommand,
  GetIntegrationCommand,
  GetIntegrationsCommand,
  GetRouteCommand,
  GetRoutesCommand,
  GetStageCommand,
  GetStagesCommand,
  GetTagsCommand,
  NotFoundException,
  TagResourceCommand,
  TooManyRequestsException,
  UntagResourceCommand,
  UpdateApiCommand,
  UpdateAuthorizerCommand,
  UpdateIntegrationCommand,
  UpdateRouteCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import type {
  CreateAuthorizerRequest,
  CreateIntegrationRequest,
  CreateRouteRequest,
  CreateStageRequest,
} from '@aws-sdk/client-apigatewayv2';
import { LookupEventsCommand, CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../support/embedded-zone.ts';
import { ACCOUNT, FUNCTION, REGION, START, openApiBench } from '../support/http-api.ts';

describe('an API', () => {
  it('is made anew by each call, shown, changed and listed', async () => {
    const { api, gateway } = openApiBench();

    const ApiId = await api({ Description: 'Cox', Tags: { team: 'stats' } });
    const twin = await api();

    expect(twin).not.toBe(ApiId);
    expect(ApiId).toMatch(/^[a-z0-9]{10}$/);
    const { $metadata, ...shown } = await gateway.send(new GetApiCommand({ ApiId }));
    expect($metadata.httpStatusCode).toBe(200);
    expect(shown).toEqual({
      ApiEndpoint: `https://${ApiId}.execute-api.${REGION}.amazonaws.com`,
      ApiId,
      ApiKeySelectionExpression: '$request.header.x-api-key',
      CreatedDate: new Date(START),
      Description: 'Cox',
      DisableExecuteApiEndpoint: false,
      IpAddressType: 'ipv4',
      Name: 'survival',
      ProtocolType: 'HTTP',
      RouteSelectionExpression: '$request.method $request.path',
      Tags: { team: 'stats' },
    });
    const changed = await gateway.send(
      new UpdateApiCommand({ ApiId, Description: '', DisableExecuteApiEndpoint: true }),
    );
    expect(changed).toMatchObject({ Name: 'survival', DisableExecuteApiEndpoint: true, Tags: { team: 'stats' } });
    expect(changed.Description).toBeUndefined();
    const { Items } = await gateway.send(new GetApisCommand({}));
    expect(Items?.map((item) => item.ApiId)).toEqual([ApiId, twin].sort());
  });

  it('is listed in pages', async () => {
    const { api, gateway } = openApiBench();
    const made: string[] = [];
    for (let count = 0; count < 30; count += 1) made.push(await api());

    const first = await gateway.send(new GetApisCommand({}));
    const second = await gateway.send(new GetApisCommand({ NextToken: first.NextToken }));
    const found = [...first.Items!, ...second.Items!].map(({ ApiId }) => ApiId);
    const sizes = [first.Items!.length, second.Items!.length];
    expect(second.NextToken).toBeUndefined();

    expect(found).toEqual([...made].sort());
    expect(sizes).toEqual([25, 5]);
    const { Items, NextToken } = await gateway.send(new GetApisCommand({ MaxResults: '10' }));
    expect(Items).toHaveLength(10);
    expect(NextToken).toBeDefined();
    expect(await errorOf(gateway.send(new GetApisCommand({ MaxResults: '0' })))).toBeInstanceOf(BadRequestException);
    expect(await errorOf(gateway.send(new GetApisCommand({ NextToken: 'x' })))).toBeInstanceOf(BadRequestException);
  });

  it('goes with all that belongs to it', async () => {
    const { api, integration, route, stage, gateway } = openApiBench();
    const ApiId = await api();
    const kept = await api();
    const IntegrationId = await integration(ApiId);
    await route(ApiId, { Target: `integrations/${IntegrationId}` });
    await stage(ApiId);
    await stage(kept);

    await gateway.send(new DeleteApiCommand({ ApiId }));

    const error = await errorOf(gateway.send(new GetIntegrationCommand({ ApiId, IntegrationId })));
    expect(error).toBeInstanceOf(NotFoundException);
    expect(error).toMatchObject({ message: `Invalid API identifier specified ${ACCOUNT}:${ApiId}` });
    expect(await errorOf(gateway.send(new DeleteApiCommand({ ApiId })))).toBeInstanceOf(NotFoundException);
    expect((await gateway.send(new GetStagesCommand({ ApiId: kept }))).Items).toHaveLength(1);
  });

  it('is nothing of another account or region', async () => {
    const { api, account } = openApiBench();
    const ApiId = await api();
    const places = [{ region: 'us-east-1' }, { region: REGION, account: '444455556666' }];
    for (const place of places) {
      const client = account.client(ApiGatewayV2Client, place);
      expect(await errorOf(client.send(new GetApiCommand({ ApiId })))).toBeInstanceOf(NotFoundException);
      expect((await client.send(new GetApisCommand({}))).Items).toEqual([]);
    }
  });

  it.each([
    ['no name', { Name: '' }],
    ['a name of 129 characters', { Name: 'n'.repeat(129) }],
    ['a description of 1,025 characters', { Description: 'd'.repeat(1025) }],
    ['another selection of routes', { RouteSelectionExpression: '$request.body.action' }],
    ['another protocol', { ProtocolType: 'TCP' as 'HTTP' }],
    ['what only WebSocket APIs have', { DisableSchemaValidation: true }],
    ['tags of AWS', { Tags: { 'aws:x': 'y' } }],
  ])('is refused with %s', async (_case, rest) => {
    const { api } = openApiBench();
    expect(await errorOf(api(rest))).toBeInstanceOf(BadRequestException);
  });

  it.each([
    ['WebSocket APIs', { ProtocolType: 'WEBSOCKET' }],
    ['quick create', { Target: FUNCTION }],
    ['CORS', { CorsConfiguration: { AllowOrigins: ['*'] } }],
  ] as const)('says that there is no %s here', async (_case, rest) => {
    const { api } = openApiBench();
    expect(await errorOf(api(rest as object))).toMatchObject({ name: 'NotEmbedded' });
  });

  it('is refused above the quota, and its calls are throttled by that name', async () => {
    const { api, account } = openApiBench({
      faults: [{ service: 'apigatewayv2', command: 'GetApis', fault: 'throttle' }],
    });
    for (let count = 0; count < 600; count += 1) await api();
    expect(await errorOf(api())).toBeInstanceOf(TooManyRequestsException);

    const once = account.client(ApiGatewayV2Client, { region: REGION });
    expect((await once.send(new GetApisCommand({}))).$metadata.attempts).toBe(2);
  });
});

describe('a route', () => {
  it('leads to an integration, and is changed and taken away', async () => {
    const { api, integration, route, gateway } = openApiBench();
    const ApiId = await api();
    const Target = `integrations/${await integration(ApiId)}`;
    const RouteId = await route(ApiId, { Target, AuthorizationType: 'AWS_IAM' });

    const { $metadata: _, ...shown } = await gateway.send(new GetRouteCommand({ ApiId, RouteId }));
    expect(shown).toEqual({
      ApiKeyRequired: false,
      AuthorizationType: 'AWS_IAM',
      RouteId,
      RouteKey: 'POST /survival',
      Target,
    });
    const changed = await gateway.send(new UpdateRouteCommand({ ApiId, RouteId, AuthorizationType: 'NONE' }));
    expect(changed).toMatchObject({ AuthorizationType: 'NONE', RouteKey: 'POST /survival', Target });
    await gateway.send(new DeleteRouteCommand({ ApiId, RouteId }));
    expect((await gateway.send(new GetRoutesCommand({ ApiId }))).Items).toEqual([]);
  });

  it('has a key of its own', async () => {
    const { api, route, gateway } = openApiBench();
    const ApiId = await api();
    const RouteId = await route(ApiId);
    const other = await route(ApiId, { RouteKey: 'GET /survival' });

    const twin = await errorOf(route(ApiId));
    expect(twin).toBeInstanceOf(ConflictException);
    expect(twin).toMatchObject({ message: 'Route with key POST /survival already exists for this API' });
    const renamed = new UpdateRouteCommand({ ApiId, RouteId: other, RouteKey: 'POST /survival' });
    expect(await errorOf(gateway.send(renamed))).toBeInstanceOf(ConflictException);
    await gateway.send(new UpdateRouteCommand({ ApiId, RouteId, RouteKey: 'POST /survival' }));
  });

  it.each([
    ['POST /survival', true],
    ['ANY /', true],
    ['GET /pets/{id}', true],
    ['ANY /pets/{proxy+}', true],
    ['$default', true],
    ['$connect', false],
    ['POST survival', false],
    ['post /survival', false],
    ['POST  /survival', false],
    ['POST /a?b', false],
    ['TRACE /survival', false],
    ['GET /{proxy+}/more', false],
    ['GET /half{id}', false],
    ['', false],
  ])('by the key %j is taken: %s', async (RouteKey, isTaken) => {
    const { api, route } = openApiBench();
    const ApiId = await api();
    const error = await errorOf(route(ApiId, { RouteKey })).catch(() => undefined);
    if (isTaken) expect(error).toBeUndefined();
    else expect(error).toBeInstanceOf(BadRequestException);
  });

  it.each<[string, Partial<CreateRouteRequest>, unknown]>([
    ['JWT without an authorizer', { AuthorizationType: 'JWT' }, BadRequestException],
    ['an authorizer that is not there', { AuthorizationType: 'JWT', AuthorizerId: 'abcdef' }, NotFoundException],
    ['IAM with an authorizer', { AuthorizationType: 'AWS_IAM', AuthorizerId: 'abcdef' }, BadRequestException],
    ['scopes without tokens', { AuthorizationScopes: ['read'] }, BadRequestException],
    ['a target of another form', { Target: FUNCTION }, BadRequestException],
    ['a target that is not there', { Target: 'integrations/abcdefg' }, NotFoundException],
    ['an API key', { ApiKeyRequired: true }, BadRequestException],
    ['another authorization', { AuthorizationType: 'OPEN' as 'NONE' }, BadRequestException],
  ])('is refused with %s', async (_case, rest, expected) => {
    const { api, route, gateway } = openApiBench();
    const ApiId = await api();
    expect(await errorOf(route(ApiId, rest))).toBeInstanceOf(expected);
    expect((await gateway.send(new GetRoutesCommand({ ApiId }))).Items).toEqual([]);
  });

  it.each([
    ['of 65 characters', 'a'.repeat(65)],
    ['without any', ''],
    ['that would end its header', 'read"\r\nset-cookie: a=b'],
  ])('is refused with a scope %s', async (_case, scope) => {
    const { api, authorizer, route } = openApiBench();
    const ApiId = await api();
    const rest = { AuthorizationType: 'JWT', AuthorizerId: await authorizer(ApiId) } as const;
    const refused = await errorOf(route(ApiId, { ...rest, AuthorizationScopes: ['read', scope] }));
    expect(refused).toBeInstanceOf(BadRequestException);
    await route(ApiId, { ...rest, AuthorizationScopes: ['a'.repeat(64)] });
  });

  it('loses its authorizer when it asks none any more', async () => {
    const { api, authorizer, route, gateway } = openApiBench();
    const ApiId = await api();
    const AuthorizerId = await authorizer(ApiId);
    const RouteId = await route(ApiId, { AuthorizationType: 'JWT', AuthorizerId, AuthorizationScopes: ['read'] });

    const changed = await gateway.send(new UpdateRouteCommand({ ApiId, RouteId, AuthorizationType: 'AWS_IAM' }));

    expect(changed.AuthorizerId).toBeUndefined();
    expect(changed.AuthorizationScopes).toBeUndefined();
    await gateway.send(new DeleteAuthorizerCommand({ ApiId, AuthorizerId }));
  });
});

describe('an integration', () => {
  it('invokes a function, and is changed', async () => {
    const { api, integration, gateway } = openApiBench();
    const ApiId = await api();
    const IntegrationId = await integration(ApiId);

    const changed = new UpdateIntegrationCommand({ ApiId, IntegrationId, TimeoutInMillis: 5000 });
    const { $metadata: _, ...shown } = await gateway.send(changed);

    expect(shown).toEqual({
      ConnectionType: 'INTERNET',
      IntegrationId,
      IntegrationMethod: 'POST',
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: FUNCTION,
      PayloadFormatVersion: '2.0',
      TimeoutInMillis: 5000,
    });
  });

  it('stays while a route leads there', async () => {
    const { api, integration, route, gateway } = openApiBench();
    const ApiId = await api();
    const IntegrationId = await integration(ApiId);
    const RouteId = await route(ApiId, { Target: `integrations/${IntegrationId}` });

    const held = await errorOf(gateway.send(new DeleteIntegrationCommand({ ApiId, IntegrationId })));
    expect(held).toBeInstanceOf(ConflictException);
    await gateway.send(new DeleteRouteCommand({ ApiId, RouteId }));
    await gateway.send(new DeleteIntegrationCommand({ ApiId, IntegrationId }));
    expect((await gateway.send(new GetIntegrationsCommand({ ApiId }))).Items).toEqual([]);
  });

  it.each<[string, Partial<CreateIntegrationRequest>, string]>([
    ['49 ms', { TimeoutInMillis: 49 }, 'BadRequestException'],
    ['30,001 ms', { TimeoutInMillis: 30_001 }, 'BadRequestException'],
    ['half a millisecond', { TimeoutInMillis: 100.5 }, 'BadRequestException'],
    ['no payload format', { PayloadFormatVersion: undefined }, 'BadRequestException'],
    ['an odd payload format', { PayloadFormatVersion: '3.0' }, 'BadRequestException'],
    ['no function', { IntegrationUri: undefined }, 'BadRequestException'],
    ['an URL', { IntegrationUri: 'https://example.com' }, 'BadRequestException'],
    ['another method', { IntegrationMethod: 'GET' }, 'BadRequestException'],
    ['payload format 1.0', { PayloadFormatVersion: '1.0' }, 'NotEmbedded'],
    ['another type', { IntegrationType: 'HTTP_PROXY' }, 'NotEmbedded'],
    ['an alias', { IntegrationUri: `${FUNCTION}:live` }, 'NotEmbedded'],
    [
      'a version, by its invocation ARN',
      {
        IntegrationUri: `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${FUNCTION}:1/invocations`,
      },
      'NotEmbedded',
    ],
    ['a role', { CredentialsArn: 'arn:aws:iam::111122223333:role/x' }, 'NotEmbedded'],
  ])('is refused with %s', async (_case, rest, name) => {
    const { api, integration } = openApiBench();
    expect(await errorOf(integration(await api(), rest))).toMatchObject({ name });
  });
});

describe('an authorizer', () => {
  it('is of tokens, and is changed and listed', async () => {
    const { api, authorizer, gateway } = openApiBench();
    const ApiId = await api();
    const AuthorizerId = await authorizer(ApiId);

    const JwtConfiguration = { Audience: ['other'] };
    await gateway.send(new UpdateAuthorizerCommand({ ApiId, AuthorizerId, JwtConfiguration }));

    expect((await gateway.send(new GetAuthorizersCommand({ ApiId }))).Items).toEqual([
      {
        AuthorizerId,
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Issuer: 'https://issuer.example', Audience: ['other'] },
        Name: 'tokens',
      },
    ]);
  });

  it('stays while a route asks it', async () => {
    const { api, authorizer, route, gateway } = openApiBench();
    const ApiId = await api();
    const AuthorizerId = await authorizer(ApiId);
    await route(ApiId, { AuthorizationType: 'JWT', AuthorizerId });
    expect(await errorOf(gateway.send(new DeleteAuthorizerCommand({ ApiId, AuthorizerId })))).toBeInstanceOf(
      ConflictException,
    );
    expect(await errorOf(authorizer(ApiId))).toBeInstanceOf(ConflictException);
  });

  it.each<[string, Partial<CreateAuthorizerRequest>, string]>([
    ['no issuer', { JwtConfiguration: { Audience: ['a'] } }, 'BadRequestException'],
    ['an issuer without TLS', { JwtConfiguration: { Issuer: 'http://issuer.example' } }, 'BadRequestException'],
    ['an issuer that is no URL', { JwtConfiguration: { Issuer: 'issuer' } }, 'BadRequestException'],
    ['two sources', { IdentitySource: ['$request.header.a', '$request.header.b'] }, 'BadRequestException'],
    ['an odd source', { IdentitySource: ['$context.identity'] }, 'BadRequestException'],
    ['a function', { AuthorizerUri: FUNCTION }, 'BadRequestException'],
    ['another type', { AuthorizerType: 'REQUEST' }, 'NotEmbedded'],
  ])('is refused with %s', async (_case, rest, name) => {
    const { api, authorizer } = openApiBench();
    expect(await errorOf(authorizer(await api(), rest))).toMatchObject({ name });
  });
});

describe('a stage', () => {
  it('deploys itself on each change of the API', async () => {
    const { api, route, stage, gateway, account } = openApiBench();
    const ApiId = await api();
    await stage(ApiId, { DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 } });
    const look = async () => gateway.send(new GetStageCommand({ ApiId, StageName: '$default' }));
    const first = await look();

    account.elapse(1000);
    await route(ApiId);

    const second = await look();
    expect(second.DeploymentId).not.toBe(first.DeploymentId);
    expect(second).toMatchObject({
      AutoDeploy: true,
      CreatedDate: new Date(START),
      DefaultRouteSettings: { DetailedMetricsEnabled: false, ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
      LastUpdatedDate: new Date(START + 1000),
      RouteSettings: {},
      StageName: '$default',
      StageVariables: {},
      Tags: {},
    });
    const { Items } = await gateway.send(new GetDeploymentsCommand({ ApiId }));
    const ids = new Set(Items?.map(({ DeploymentId }) => DeploymentId));
    expect(ids).toEqual(new Set([first.DeploymentId, second.DeploymentId]));
  });

  it('has settings of its own for a route that is there', async () => {
    const { api, route, stage, gateway } = openApiBench();
    const ApiId = await api();
    await stage(ApiId);
    const RouteSettings = { 'POST /survival': { ThrottlingRateLimit: 1 } };
    const update = () => gateway.send(new UpdateStageCommand({ ApiId, StageName: '$default', RouteSettings }));

    expect(await errorOf(update())).toMatchObject({
      message: 'Unable to find Route by key POST /survival within the provided RouteSettings',
    });
    await route(ApiId);
    expect((await update()).RouteSettings).toEqual({
      'POST /survival': { DetailedMetricsEnabled: false, ThrottlingRateLimit: 1 },
    });
    expect(await errorOf(stage(ApiId))).toBeInstanceOf(ConflictException);
    await gateway.send(new DeleteStageCommand({ ApiId, StageName: '$default' }));
    expect((await gateway.send(new GetStagesCommand({ ApiId }))).Items).toEqual([]);
  });

  it.each<[string, Partial<CreateStageRequest>, string]>([
    ['a name with a dot', { StageName: 'v1.0' }, 'BadRequestException'],
    ['another name with a dollar', { StageName: '$other' }, 'BadRequestException'],
    ['a name of 129 characters', { StageName: 's'.repeat(129) }, 'BadRequestException'],
    ['a negative rate', { DefaultRouteSettings: { ThrottlingRateLimit: -1 } }, 'BadRequestException'],
    ['half a request as burst', { DefaultRouteSettings: { ThrottlingBurstLimit: 0.5 } }, 'BadRequestException'],
    ['execution logs', { DefaultRouteSettings: { LoggingLevel: 'INFO' } }, 'BadRequestException'],
    ['an odd variable', { StageVariables: { 'a-b': 'c' } }, 'BadRequestException'],
    ['a deployment', { DeploymentId: 'abcdef' }, 'NotEmbedded'],
    ['access logs', { AccessLogSettings: { Format: '$context.requestId' } }, 'NotEmbedded'],
  ])('is refused with %s', async (_case, rest, name) => {
    const { api, stage } = openApiBench();
    expect(await errorOf(stage(await api(), rest))).toMatchObject({ name });
  });
});

describe('tags', () => {
  it('are put on APIs and stages, read, listed and taken away', async () => {
    const { api, stage, gateway, account } = openApiBench();
    const ApiId = await api({ Tags: { team: 'stats' } });
    await stage(ApiId, { Tags: { team: 'other' } });
    const ofApi = `arn:aws:apigateway:${REGION}::/apis/${ApiId}`;
    const ofStage = `${ofApi}/stages/$default`;

    await gateway.send(new TagResourceCommand({ ResourceArn: ofStage, Tags: { team: 'stats', more: '1' } }));
    await gateway.send(new UntagResourceCommand({ ResourceArn: ofStage, TagKeys: ['more'] }));

    expect((await gateway.send(new GetTagsCommand({ ResourceArn: ofStage }))).Tags).toEqual({ team: 'stats' });
    const tagging = account.client(ResourceGroupsTaggingAPIClient, { region: REGION });
    const TagFilters = [{ Key: 'team', Values: ['stats'] }];
    const found = await tagging.send(new GetResourcesCommand({ TagFilters, ResourceTypeFilters: ['apigateway'] }));
    expect(found.ResourceTagMappingList?.map(({ ResourceARN }) => ResourceARN)).toEqual([ofApi, ofStage]);
  });

  it('are refused on what has none', async () => {
    const { api, gateway } = openApiBench();
    const ApiId = await api();
    const tag = (path: string, region = REGION) =>
      errorOf(gateway.send(new GetTagsCommand({ ResourceArn: `arn:aws:apigateway:${region}::${path}` })));
    expect(await tag(`/apis/${ApiId}/routes/abc`)).toBeInstanceOf(BadRequestException);
    expect(await tag(`/apis/${ApiId}`, 'us-east-1')).toBeInstanceOf(BadRequestException);
    expect(await tag('/apis/nothere')).toBeInstanceOf(NotFoundException);
    expect(await tag(`/apis/${ApiId}/stages/prod`)).toBeInstanceOf(NotFoundException);
  });
});

it('is in the trail by the name of the call and the id of the API', async () => {
  const { api, route, account } = openApiBench();
  const ApiId = await api();
  await route(ApiId);

  const trail = account.client(CloudTrailClient, { region: REGION });
  const LookupAttributes = [{ AttributeKey: 'ResourceName' as const, AttributeValue: ApiId }];
  const { Events } = await trail.send(new LookupEventsCommand({ LookupAttributes }));
  expect(Events?.map(({ EventName, EventSource }) => [EventSource, EventName])).toEqual([
    ['apigateway.amazonaws.com', 'CreateRoute'],
  ]);
  expect(account.events().map(({ eventName }) => eventName)).toContain('CreateApi');
});
