import {
  DeleteRouteCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateApiCommand,
  UpdateAuthorizerCommand,
  UpdateIntegrationCommand,
  UpdateRouteCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { describe, expect, it } from 'vitest';
import type { RetryStrategy } from '../../src/aws/retry.ts';
import type { Desired, Value } from '../../src/engine/types.ts';
import { backendOf } from '../../src/operations/endpoint.ts';
import { heldTag } from '../../src/resources/api-gateway/owner.ts';
import {
  API_NAME,
  BY_IAM,
  BY_TOKEN,
  ISSUER,
  apiOf,
  appliedApi,
  authorizerOf,
  expectStanding,
  integrationOf,
  openApiTypes,
  routeOf,
  stageOf,
} from '../support/api-types.ts';
import type { ApiTypesBench } from '../support/api-types.ts';
import { HERE, OWNER } from '../support/fake-world.ts';
import { FUNCTION } from '../support/http-api.ts';

const OTHER = `${FUNCTION}-2`;
const SLOW = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 9, DetailedMetricsEnabled: true };
const MARKER = `${OWNER}/Fake/app/Api`;
const FAULTS = ['lost-reply', 'server-error', 'throttle', 'crash-before', 'crash-after'] as const;

function withOne(wanted: readonly Desired[], one: Desired): readonly Desired[] {
  return wanted.map((other) => (other.id === one.id ? one : other));
}

describe('an HTTP API and what is in it', () => {
  it.each([
    ['for callers with keys of IAM', BY_IAM],
    ['for callers with tokens', BY_TOKEN],
  ])('%s is made as it is declared, and then left alone', async (_for, wanted) => {
    const bench = await appliedApi(wanted);
    await expectStanding(bench, wanted);
    const { api, routes, integrations, authorizers, stages } = await bench.found();
    expect(api).toMatchObject({ Name: API_NAME, ProtocolType: 'HTTP', Description: 'survival statistics' });
    expect(api.Tags).toMatchObject({ team: 'stats' });
    expect(integrations).toMatchObject([
      { IntegrationType: 'AWS_PROXY', IntegrationUri: FUNCTION, PayloadFormatVersion: '2.0', TimeoutInMillis: 30_000 },
    ]);
    expect(routes).toMatchObject([
      {
        RouteKey: 'POST /survival',
        Target: `integrations/${integrations[0]!.IntegrationId}`,
        ...(authorizers[0]
          ? { AuthorizationType: 'JWT', AuthorizerId: authorizers[0].AuthorizerId }
          : { AuthorizationType: 'AWS_IAM' }),
      },
    ]);
    expect(stages).toMatchObject([
      {
        StageName: '$default',
        AutoDeploy: true,
        DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
        Tags: { team: 'stats' },
      },
    ]);

    const writes = bench.resources.writes('apigatewayv2');
    expect(writes).toBeGreaterThan(8);
    expect((await bench.resources.apply()).outcome).toBe('nothing');
    expect(bench.resources.writes('apigatewayv2')).toBe(writes);
  });

  it.each([
    ['Api Description', apiOf({ Description: 'other' })],
    ['Api DisableExecuteApiEndpoint', apiOf({ DisableExecuteApiEndpoint: true })],
    ['Api Tags', apiOf({ Tags: [{ Key: 'team', Value: 'bio' }] })],
    ['Stage AutoDeploy', stageOf({ AutoDeploy: false })],
    ['Stage DefaultRouteSettings', stageOf({ DefaultRouteSettings: SLOW })],
    ['Stage Tags', stageOf({ Tags: [{ Key: 'team', Value: 'bio' }] })],
    ['Integration IntegrationUri', integrationOf({ IntegrationUri: OTHER })],
    ['Integration TimeoutInMillis', integrationOf({ TimeoutInMillis: 5000 })],
    ['Authorizer Name', authorizerOf({ Name: 'other' })],
    ['Authorizer IdentitySource', authorizerOf({ IdentitySource: ['$request.header.Token'] })],
    ['Authorizer JwtConfiguration', authorizerOf({ JwtConfiguration: { Audience: ['a', 'b'], Issuer: ISSUER } })],
    ['Route RouteKey', routeOf('jwt', { RouteKey: 'POST /other' })],
    ['Route AuthorizationScopes', routeOf('jwt', { AuthorizationScopes: ['genes/read'] })],
  ])('is updated in place: %s', async (change, one) => {
    const bench = await appliedApi(BY_TOKEN);
    const before = await bench.found();
    const wanted = withOne(BY_TOKEN, one);
    bench.declare(wanted);
    expect(await bench.actions()).toEqual([`update declared ${change}`]);

    expect((await bench.resources.apply()).outcome).toBe('applied');
    await expectStanding(bench, wanted);
    expect(idsOf(await bench.found())).toEqual(idsOf(before));

    bench.declare(BY_TOKEN);
    expect((await bench.resources.plan()).actions.map(({ reason }) => reason)).toEqual(['declared']);
    await bench.resources.apply();
    await expectStanding(bench, BY_TOKEN);
    expect(await bench.found()).toMatchObject({
      routes: before.routes,
      integrations: before.integrations,
      authorizers: before.authorizers,
    });
  });

  it('that asks by its Name is the same one: it cannot be of another protocol', async () => {
    const bench = await appliedApi();
    bench.declare(withOne(BY_IAM, apiOf({ ProtocolType: 'WEBSOCKET' })));

    expect(await bench.findings()).toEqual(['immutable-change']);
    expect(await bench.actions()).toEqual([]);
  });
});

/** What somebody changed by hand. */
type Drift = readonly [what: string, change: (bench: ApiTypesBench) => Promise<unknown>];

const DRIFTS: readonly Drift[] = [
  ['Api Name', ofApi((ApiId) => new UpdateApiCommand({ ApiId, Name: 'mine' }))],
  ['Api Description', ofApi((ApiId) => new UpdateApiCommand({ ApiId, Description: 'mine' }))],
  ['Api DisableExecuteApiEndpoint', ofApi((ApiId) => new UpdateApiCommand({ ApiId, DisableExecuteApiEndpoint: true }))],
  ['Api Tags', ofApi((ApiId) => new TagResourceCommand({ ResourceArn: arnOf(ApiId), Tags: { team: 'other' } }))],
  ['Stage AutoDeploy', ofApi((ApiId) => new UpdateStageCommand({ ApiId, StageName: '$default', AutoDeploy: false }))],
  [
    'Stage DefaultRouteSettings',
    ofApi(
      (ApiId) =>
        new UpdateStageCommand({
          ApiId,
          StageName: '$default',
          DefaultRouteSettings: { ThrottlingRateLimit: 10_000, ThrottlingBurstLimit: 5000 },
        }),
    ),
  ],
  [
    'Stage Tags',
    ofApi((ApiId) => new UntagResourceCommand({ ResourceArn: `${arnOf(ApiId)}/stages/$default`, TagKeys: ['team'] })),
  ],
  ['Integration IntegrationUri', ofIntegration({ IntegrationUri: OTHER })],
  ['Integration TimeoutInMillis', ofIntegration({ TimeoutInMillis: 50 })],
  ['Authorizer Name', ofAuthorizer({ Name: 'mine' })],
  ['Authorizer IdentitySource', ofAuthorizer({ IdentitySource: ['$request.header.Mine'] })],
  [
    'Authorizer JwtConfiguration',
    ofAuthorizer({ JwtConfiguration: { Audience: ['survival'], Issuer: 'https://evil.example' } }),
  ],
  ['Route RouteKey', ofRoute({ RouteKey: 'POST /elsewhere' })],
  [
    'Route Target',
    async (bench) => {
      const { api } = await bench.found();
      const other = await bench.others.integration(api.ApiId!, { IntegrationUri: OTHER });
      return ofRoute({ Target: `integrations/${other}` })(bench);
    },
  ],
  ['Route AuthorizationType AuthorizerId', ofRoute({ AuthorizationType: 'AWS_IAM' })],
  ['Route AuthorizationScopes', ofRoute({ AuthorizationScopes: ['genes/write'] })],
];

describe('what somebody changed by hand', () => {
  it.each(DRIFTS)('is found and healed: %s', async (change, drift) => {
    const bench = await appliedApi(BY_TOKEN);
    const before = await bench.found();
    await drift(bench);

    expect(await bench.actions()).toEqual([`update drifted ${change}`]);
    expect(await bench.resources.apply()).toMatchObject({ outcome: 'applied', failed: [] });

    expect(await bench.actions()).toEqual([]);
    const after = await bench.found();
    expect(after.api).toEqual(before.api);
    expect(after.routes).toEqual(before.routes);
    expect(after.authorizers).toEqual(before.authorizers);
    expect(after.integrations).toEqual(expect.arrayContaining([...before.integrations]));
    expect(after.stages).toMatchObject(before.stages.map(({ StageName, Tags }) => ({ StageName, Tags })));
  });

  it('is found where the embedded account does not know it: the format of a payload', async () => {
    const bench = await appliedApi();
    const { integrations, api } = await bench.found();
    const { type, place, properties } = integrationOf({ ApiId: api.ApiId! });
    const known = bench.resources.types().get(type)!;
    const target = { address: 'Fake/app/Integration', owner: OWNER, place, token: '', applied: '', protect: false };
    const wanted = { ...target, properties: properties as Record<string, Value> };
    const seen = await known.observe(wanted);
    if (seen.state !== 'present') throw new Error('it is not there');
    expect(seen.properties).toMatchObject({ IntegrationUri: integrations[0]!.IntegrationUri });

    const moved = { ...seen, properties: { ...seen.properties, PayloadFormatVersion: '1.0' } };
    expect(await known.compare!(wanted, moved)).toMatchObject({
      differences: [{ path: 'PayloadFormatVersion', before: '1.0', after: '2.0' }],
    });
  });

  it('T63 to let anybody in is told as that, and healed', async () => {
    const bench = await appliedApi();
    await ofRoute({ AuthorizationType: 'NONE' })(bench);

    const { documents, actions } = await bench.resources.plan();
    expect(actions).toMatchObject([
      {
        action: 'update',
        reason: 'drifted',
        changes: [{ path: 'AuthorizationType', before: 'NONE', after: 'AWS_IAM' }],
      },
    ]);
    expect(documents[0]!.findings).toMatchObject([
      {
        code: 'open-route',
        severity: 'warning',
        message: expect.stringContaining('lets anybody call its route POST /survival'),
      },
    ]);
    expect((await bench.resources.drift()).drifted).toMatchObject([{ changes: [{ cause: 'drift' }] }]);

    await bench.resources.apply();
    expect((await bench.found()).routes).toMatchObject([{ AuthorizationType: 'AWS_IAM' }]);
    expect(await bench.findings()).toEqual([]);
  });

  it('T63 to make ours again without authorization is not told as somebody else’s, and healed', async () => {
    const bench = await appliedApi();
    const { api, routes, integrations } = await bench.found();
    const ApiId = api.ApiId!;
    await bench.others.gateway.send(new DeleteRouteCommand({ ApiId, RouteId: routes[0]!.RouteId }));
    await bench.others.route(ApiId, { Target: `integrations/${integrations[0]!.IntegrationId}` });

    const { documents } = await bench.resources.plan();
    expect(documents[0]!.findings).toMatchObject([
      { code: 'open-route', message: expect.stringContaining('carries no mark of ours, while one that did is gone') },
      { code: 'open-route', message: expect.stringContaining('is to have AWS_IAM') },
    ]);
    await bench.resources.apply();
    expect((await bench.found()).routes).toMatchObject([{ AuthorizationType: 'AWS_IAM' }]);
    expect(await bench.findings()).toEqual([]);
  });

  it('moves the basis of a reviewed plan, where the route was opened since', async () => {
    const bench = await appliedApi();
    bench.declare(withOne(BY_IAM, routeOf('iam', { RouteKey: 'POST /other' })));
    const reviewed = await bench.resources.plan();
    await ofRoute({ AuthorizationType: 'NONE' })(bench);

    expect((await bench.resources.apply(reviewed)).outcome).toBe('stale');
    expect((await bench.found()).routes).toMatchObject([{ RouteKey: 'POST /survival', AuthorizationType: 'NONE' }]);
  });

  it('is made again where somebody took it away', async () => {
    const bench = await appliedApi(BY_TOKEN);
    const { api, routes } = await bench.found();
    await bench.others.gateway.send(new DeleteRouteCommand({ ApiId: api.ApiId, RouteId: routes[0]!.RouteId }));
    expect((await bench.actions())[0]).toMatch(/^create missing Route/);

    await bench.resources.apply();

    await expectStanding(bench, BY_TOKEN);
  });

  it('is marked anew where its stamp was taken off', async () => {
    const bench = await appliedApi(BY_TOKEN);
    const { api } = await bench.found();
    const TagKeys = Object.keys(api.Tags!).filter((key) => key.startsWith('trueup:applied'));
    await bench.others.gateway.send(new UntagResourceCommand({ ResourceArn: arnOf(api.ApiId), TagKeys }));
    expect(await bench.actions()).toEqual([
      'update unfinished Api',
      'update unfinished Authorizer',
      'update unfinished Integration',
      'update unfinished Route',
    ]);

    await bench.resources.apply();

    await expectStanding(bench, BY_TOKEN);
  });
});

describe('what others have', () => {
  it('T74 in an API of ours stays, and a route that lets anybody in is said', async () => {
    const bench = await appliedApi();
    const { api } = await bench.found();
    await bench.others.route(api.ApiId!, { RouteKey: 'GET /health' });
    await bench.others.route(api.ApiId!, { RouteKey: 'GET /figures', AuthorizationType: 'AWS_IAM' });

    const { actions, documents } = await bench.resources.plan();
    expect(actions).toEqual([]);
    const { RouteId } = (await bench.found()).routes.find(({ RouteKey }) => RouteKey === 'GET /health')!;
    expect(documents[0]!.findings).toMatchObject([
      {
        code: 'open-route',
        message: `API ${api.ApiId} lets anybody call its route GET /health: it has no authorization (AuthorizationType NONE), and is not ours`,
        hint: `aws apigatewayv2 delete-route --api-id ${api.ApiId} --route-id ${RouteId} --region eu-west-1`,
      },
      { code: 'kept-entries', message: expect.stringContaining('GET /figures') },
    ]);

    bench.declare(withOne(BY_IAM, routeOf('iam', { RouteKey: 'POST /other' })));
    await bench.resources.apply();
    expect((await bench.found()).routes.map(({ RouteKey = '' }) => RouteKey).toSorted()).toEqual([
      'GET /figures',
      'GET /health',
      'POST /other',
    ]);
  });

  it('of the name of ours is left alone, and taken over when that is wanted', async () => {
    const bench = openApiTypes();
    const ApiId = await bench.others.api({ Name: API_NAME, Tags: { team: 'them' } });
    expect(await bench.findings()).toEqual(['foreign']);
    await bench.resources.apply();
    expect(await bench.found()).toMatchObject({ api: { Tags: { team: 'them' } }, routes: [], stages: [] });

    bench.declare(BY_IAM, { adopt: true });
    expect(await bench.actions()).toEqual(['adopt declared Api']);
    await bench.resources.apply();
    expect((await bench.found()).api.Tags).toEqual({
      team: 'them',
      'trueup:owner': MARKER,
      'trueup:adopted': heldTag(ApiId, MARKER),
    });
    await bench.resources.apply();

    await expectStanding(bench);
    expect((await bench.found()).api.ApiId).toBe(ApiId);
  });

  it('of two that could be meant none is taken over', async () => {
    const bench = openApiTypes();
    for (const team of ['a', 'b']) await bench.others.api({ Name: API_NAME, Tags: { team } });
    bench.declare(BY_IAM, { adopt: true });

    expect(await bench.findings()).toEqual(['ambiguous']);
    expect(await bench.actions()).toEqual([]);
  });

  it('T68 with a copied marker is no twin of ours, and nothing is done to it', async () => {
    const bench = await appliedApi();
    const { api } = await bench.found();
    const copy = await bench.others.api({ Name: 'theirs', Tags: api.Tags });

    expect(await bench.actions()).toEqual([]);
    expect(await bench.findings()).toEqual([]);

    await bench.resources.apply();
    expect((await bench.apis()).find((one) => one.api.ApiId === copy)).toMatchObject({ api: { Name: 'theirs' } });
  });

  it('T68 with a copied marker, and without ours, is named and not written to', async () => {
    const bench = openApiTypes();
    await bench.others.api({ Name: 'theirs', Tags: { 'trueup:owner': MARKER, 'trueup:adopted': 'another' } });

    expect(await bench.findings()).toEqual(['copied-marker']);
    expect(await bench.actions()).toEqual([]);
  });

  it('two with our marker are twins: said, and nothing is deleted', async () => {
    const bench = await appliedApi();
    const { api } = await bench.found();
    await bench.others.api({ Name: API_NAME, Tags: { 'trueup:owner': MARKER } });

    expect(await bench.findings()).toEqual(['twins']);
    await bench.resources.apply();
    const all = await bench.apis();
    expect(all).toHaveLength(2);
    expect(all.find((one) => one.api.ApiId === api.ApiId)).toMatchObject({ routes: [{}], stages: [{}] });
  });

  it('of two with our marker the one that was finished is ours, whichever is listed first', async () => {
    const bench = await appliedApi();
    const { api } = await bench.found();
    // The embedded account lists by id, and chooses ids as they come: some of these stand before ours.
    for (let more = 0; more < 6; more += 1) await bench.others.api({ Name: API_NAME, Tags: api.Tags });

    const { actions, documents } = await bench.resources.plan();

    const all = await bench.apis();
    expect(all[0]!.api.ApiId).not.toBe(api.ApiId);
    expect(actions).toEqual([]);
    expect(documents[0]!.findings).toMatchObject([
      { code: 'twins', message: expect.stringContaining(`more than once: ${api.ApiId}, `) },
    ]);
  });

  it('a second integration that no route uses is told, and hinders nobody from healing', async () => {
    const bench = await appliedApi();
    const { api } = await bench.found();
    const other = await bench.others.integration(api.ApiId!);
    await ofRoute({ AuthorizationType: 'NONE' })(bench);

    const { documents } = await bench.resources.plan();
    expect(documents[0]!.findings).toContainEqual({
      document: 'Fake/app',
      code: 'twins',
      severity: 'warning',
      message: expect.stringContaining(`${other}, which could be it as well`),
      hint: `aws apigatewayv2 delete-integration --api-id ${api.ApiId} --integration-id ${other} --region eu-west-1`,
    });
    expect((await bench.resources.apply()).outcome).toBe('applied');

    expect((await bench.found()).routes).toMatchObject([{ AuthorizationType: 'AWS_IAM' }]);
    expect((await bench.found()).integrations).toHaveLength(2);
  });

  it('of two integrations without a stamp none is ours: it says how to take one away', async () => {
    const bench = await appliedApi();
    const { api, routes, integrations } = await bench.found();
    const other = await bench.others.integration(api.ApiId!);
    await bench.others.gateway.send(new DeleteRouteCommand({ ApiId: api.ApiId, RouteId: routes[0]!.RouteId }));
    const untag = { ResourceArn: arnOf(api.ApiId), TagKeys: ['trueup:applied:Integration'] };
    await bench.others.gateway.send(new UntagResourceCommand(untag));

    const { documents } = await bench.resources.plan();

    expect(documents[0]!.findings).toMatchObject([
      {
        code: 'twins',
        severity: 'blocks',
        message: expect.stringContaining('Which of them is ours nothing tells'),
        hint: expect.stringMatching(
          `^aws apigatewayv2 delete-integration --api-id ${api.ApiId} --integration-id (?:${other}|${integrations[0]!.IntegrationId}) --region eu-west-1$`,
        ),
      },
    ]);
  });

  it('two integrations of one function are twins, but not where a route of somebody uses the other', async () => {
    const bench = await appliedApi();
    const { api, integrations } = await bench.found();
    const twin = await bench.others.integration(api.ApiId!);
    const { documents } = await bench.resources.plan();
    expect(documents[0]!.findings).toMatchObject([{ code: 'twins', message: expect.stringContaining(twin) }]);

    await bench.others.route(api.ApiId!, {
      RouteKey: 'GET /figures',
      AuthorizationType: 'AWS_IAM',
      Target: `integrations/${twin}`,
    });
    expect(await bench.findings()).toEqual(['kept-entries']);
    const [own] = integrations;
    expect((await bench.found()).integrations.map(({ IntegrationId }) => IntegrationId)).toContain(own!.IntegrationId);
  });
});

describe('a creation', () => {
  const creations = ['CreateApi', 'CreateIntegration', 'CreateAuthorizer', 'CreateRoute', 'CreateStage'];
  const cases = creations.flatMap((command) => FAULTS.map((fault) => ({ command, fault })));

  it.each(cases)('survives a $fault of $command, and makes one of each', async ({ command, fault }) => {
    const bench = openApiTypes(BY_TOKEN, [{ service: 'apigatewayv2', command, fault }]);

    const first = await bench.resources.apply();
    // What was lost is found in the same run; what crashed, in the next one.
    if (fault.startsWith('crash')) await bench.resources.apply();
    else expect(first).toMatchObject({ outcome: 'applied', failed: [] });

    await expectStanding(bench, BY_TOKEN);
  });

  it.each(creations.slice(0, 3))('%s is sent once: its lost reply is no second call', async (command) => {
    const bench = openApiTypes(BY_TOKEN, [{ service: 'apigatewayv2', command, fault: 'lost-reply' }]);

    await bench.resources.apply();

    const sent = bench.resources.account.events().filter(({ eventName }) => eventName === command);
    expect(sent).toHaveLength(1);
    await expectStanding(bench, BY_TOKEN);
  });

  it.each([{ kind: 'aws' }, { kind: 'url', url: 'http://localhost:4566' }] as const)(
    'is sent once wherever it goes: $kind',
    async (endpoint) => {
      const { retryStrategy } = backendOf(endpoint, HERE.account).options(HERE, { once: true });
      const strategy = retryStrategy as RetryStrategy;
      const token = await strategy.acquireInitialRetryToken();

      await expect(strategy.refreshRetryTokenForRetry(token, { errorType: 'TRANSIENT' })).rejects.toThrow('sent once');
    },
  );

  it('is not sent where somebody made one since the look', async () => {
    const bench = openApiTypes();
    await bench.others.api({ Name: API_NAME });
    const type = bench.resources.types().get('AWS::ApiGatewayV2::Api')!;
    const { place, properties } = apiOf();
    const target = { address: 'Fake/app/Api', owner: OWNER, place, properties, token: '', applied: '', protect: false };

    expect(await type.create(target as Parameters<typeof type.create>[0])).toMatchObject({ done: false });

    expect(await bench.apis()).toHaveLength(1);
  });

  it.each(FAULTS.flatMap((fault) => [1, 2, 4, 8, 12, 16, 20, 24, 28].map((nth) => ({ fault, nth }))))(
    'survives a $fault of call $nth of all',
    async ({ fault, nth }) => {
      const bench = openApiTypes(BY_TOKEN, [{ service: 'apigatewayv2', command: '*', nth, fault }]);

      for (let tries = 0; tries < 5; tries += 1) {
        const { outcome } = await bench.resources.apply().catch(() => ({ outcome: 'crashed' }));
        if (outcome === 'nothing') break;
      }

      await expectStanding(bench, BY_TOKEN);
    },
  );
});

describe('where not everything may be seen', () => {
  it.each(['GetApis', 'GetStage', 'GetRoutes', 'GetIntegrations', 'GetApi'])(
    'nothing is taken for absent: %s',
    async (command) => {
      const bench = await appliedApi(BY_IAM, [
        { service: 'apigatewayv2', command, nth: 20, times: 999, fault: 'access-denied' },
      ]);
      for (let looks = 0; looks < 20; looks += 1) {
        if (!(await bench.resources.plan()).complete) break;
      }

      const plan = await bench.resources.plan();

      expect(plan).toMatchObject({ complete: false, actions: [] });
      expect(plan.documents[0]!.findings.map(({ code }) => code)).toContain('unknown');
    },
  );
});

function idsOf({ api, routes, integrations, authorizers }: Awaited<ReturnType<ApiTypesBench['found']>>): unknown {
  return [
    api.ApiId,
    ...routes.map(({ RouteId }) => RouteId),
    ...integrations.map(({ IntegrationId }) => IntegrationId),
    ...authorizers.map(({ AuthorizerId }) => AuthorizerId),
  ];
}

function arnOf(apiId: string | undefined): string {
  return `arn:aws:apigateway:eu-west-1::/apis/${apiId}`;
}

type Command = Parameters<ApiTypesBench['others']['gateway']['send']>[0];

function ofApi(command: (ApiId: string) => unknown): Drift[1] {
  return async (bench) => bench.others.gateway.send(command((await bench.found()).api.ApiId!) as Command);
}

function ofIntegration(change: object): Drift[1] {
  return async ({ others, found }) => {
    const { api, integrations } = await found();
    const IntegrationId = integrations[0]!.IntegrationId;
    return others.gateway.send(new UpdateIntegrationCommand({ ApiId: api.ApiId, IntegrationId, ...change }));
  };
}

function ofAuthorizer(change: object): Drift[1] {
  return async ({ others, found }) => {
    const { api, authorizers } = await found();
    const AuthorizerId = authorizers[0]!.AuthorizerId;
    return others.gateway.send(new UpdateAuthorizerCommand({ ApiId: api.ApiId, AuthorizerId, ...change }));
  };
}

function ofRoute(change: object): Drift[1] {
  return async ({ others, found }) => {
    const { api, routes } = await found();
    return others.gateway.send(new UpdateRouteCommand({ ApiId: api.ApiId, RouteId: routes[0]!.RouteId, ...change }));
  };
}
