import {
  ApiGatewayV2Client,
  CreateRouteCommand,
  DeleteAuthorizerCommand,
  GetApisCommand,
  GetAuthorizersCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  GetStageCommand,
  UpdateIntegrationCommand,
  UpdateRouteCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ApplyResult, Plan } from '../../src/engine/types.ts';
import { verify } from '../../src/operations/verify.ts';
import type { TestEstate } from '../support/estate.ts';
import { renderDrift, renderPlan } from '../../src/report/render.ts';
import { createSurvivalEstate, JWT, survivalYaml } from '../support/survival-service.ts';

const FILE = 'gene-survival.yaml';

async function expectApplied(estate: TestEstate): Promise<ApplyResult> {
  const result = await estate.apply(await estate.plan());
  expect(result).toMatchObject({ outcome: 'applied', failed: [], skipped: [] });
  const { summary } = await estate.plan();
  expect(summary).toMatchObject({ create: 0, update: 0, delete: 0 });
  return result;
}

async function applied(spec?: readonly string[]): Promise<TestEstate> {
  const estate = await createSurvivalEstate(spec);
  await expectApplied(estate);
  return estate;
}

/** As somebody in the console: the one API, its one route. */
async function byHand({ account }: TestEstate) {
  const client = account.client(ApiGatewayV2Client, { region: 'eu-west-1' });
  const { Items: apis = [] } = await client.send(new GetApisCommand({}));
  const ApiId = apis[0]?.ApiId;
  const { Items: routes = [] } = await client.send(new GetRoutesCommand({ ApiId }));
  return { client, apis, ApiId, RouteId: routes[0]?.RouteId };
}

function callersIn({ documents }: Plan) {
  return documents.flatMap(({ effects }) => effects).filter(({ code }) => code === 'api.callers');
}

describe('a service', () => {
  it('is made, answers rightly, and apply says where it is', async () => {
    const estate = await createSurvivalEstate();
    const plan = await estate.plan();
    expect(plan.summary).toMatchObject({ create: 12, update: 0 });
    expect(plan.documents[0]?.summary).toBe(
      'POST /survival for principals of the account that IAM lets do execute-api:Invoke: 100 requests a second, 200 at once, each up to 6 MB',
    );
    const { outputs } = await expectApplied(estate);
    expect(outputs).toEqual([
      {
        document: 'SurvivalService/gene-survival',
        name: 'url',
        value: expect.stringMatching(
          /^https:\/\/[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com\/survival$/,
        ) as string,
      },
      {
        document: 'SurvivalService/gene-survival',
        name: 'curl',
        value: expect.stringContaining('--aws-sigv4') as string,
      },
    ]);
    const { checks } = await verify(await estate.load(), { endpoint: { kind: 'embedded', account: estate.account } });
    expect(checks.map(({ name, ok, detail }) => [name, ok, ok ? '' : detail])).toEqual([
      ['function', true, ''],
      ['figures', true, ''],
      ['refusal', true, ''],
    ]);
    // Where nothing is to do it is said again.
    expect(await estate.apply()).toMatchObject({ outcome: 'nothing', outputs });
  });

  it('says nothing of documents that the apply did not touch', async () => {
    const estate = await applied();
    estate.write('other.yaml', survivalYaml(['minEvents: 6'], 'other'));
    const { outputs = [] } = await expectApplied(estate);
    expect(new Set(outputs.map(({ document }) => document))).toEqual(new Set(['SurvivalService/other']));
  });

  it('T63 goes from IAM to tokens and back, and the plan says who may call', async () => {
    const estate = await applied();
    estate.write(FILE, survivalYaml([JWT]));
    expect(callersIn(await estate.plan()).map(({ data }) => data)).toEqual([
      {
        route: 'POST /survival',
        gains: ['tokens of https://login.example.com/ for genes', 'tokens of https://login.example.com/ for notebooks'],
        losses: ['principals of 111122223333 that IAM lets do execute-api:Invoke'],
      },
    ]);
    const { outputs } = await expectApplied(estate);
    expect(outputs?.[1]?.value).toContain('authorization: Bearer $TOKEN');
    estate.write(FILE, survivalYaml());
    expect(callersIn(await estate.plan())).toMatchObject([
      { data: { losses: ['tokens that another authorizer takes'] } },
    ]);
    await expectApplied(estate);
  });

  it('a review of tokens for IAM holds, though its authorizer came and its route did not', async () => {
    const estate = await applied();
    estate.write(FILE, survivalYaml([JWT]));
    const reviewed = await estate.plan();
    const summary = reviewed.actions.map(({ id, action }) => `${action} ${id.split('/')[2]}`);
    expect(summary).toEqual(['create Authorizer', 'update Route']);
    expect(reviewed.actions[1]?.changes.map(({ path, before, after }) => [path, before, after])).toEqual([
      ['AuthorizationType', 'AWS_IAM', 'JWT'],
      ['AuthorizerId', null, { $get: ['Authorizer', 'AuthorizerId'] }],
    ]);
    await expectApplied(estate);
    const { client, ApiId, RouteId } = await byHand(estate);
    await client.send(new UpdateRouteCommand({ ApiId, RouteId, AuthorizationType: 'AWS_IAM' }));
    expect(await estate.apply(reviewed)).toMatchObject({
      outcome: 'applied',
      done: ['SurvivalService/gene-survival/Route'],
      skipped: [{ id: 'SurvivalService/gene-survival/Authorizer', why: 'already done' }],
    });
  });

  it('an authorizer that is gone takes no route with it: drift says what is missing', async () => {
    const estate = await applied([JWT]);
    const { client, ApiId, RouteId } = await byHand(estate);
    await client.send(new UpdateRouteCommand({ ApiId, RouteId, AuthorizationType: 'AWS_IAM' }));
    const { Items: authorizers = [] } = await client.send(new GetAuthorizersCommand({ ApiId }));
    await client.send(new DeleteAuthorizerCommand({ ApiId, AuthorizerId: authorizers[0]?.AuthorizerId }));
    const { missing, drifted } = await estate.drift();
    expect(missing.map(({ id }) => id.split('/')[2])).toEqual(['Authorizer']);
    expect(drifted.map(({ id }) => id.split('/')[2])).toEqual(['Route']);
    await expectApplied(estate);
  });

  it('what somebody changed by hand is drift, and is healed: open to everybody, and without a throttle', async () => {
    const estate = await applied();
    const { client, ApiId, RouteId } = await byHand(estate);
    await client.send(new UpdateRouteCommand({ ApiId, RouteId, AuthorizationType: 'NONE' }));
    const DefaultRouteSettings = { ThrottlingRateLimit: 5_000, ThrottlingBurstLimit: 5_000 };
    await client.send(new UpdateStageCommand({ ApiId, StageName: '$default', DefaultRouteSettings }));
    const { drifted, effects } = await estate.drift();
    expect(drifted.map(({ id, changes }) => [id.split('/')[2], changes.map(({ path }) => path)])).toEqual([
      ['Route', ['AuthorizationType']],
      ['Stage', ['DefaultRouteSettings']],
    ]);
    expect(effects).toMatchObject([
      {
        code: 'api.callers',
        data: {
          gains: ['principals of 111122223333 that IAM lets do execute-api:Invoke'],
          losses: ['everybody, without credentials'],
        },
      },
    ]);
    await expectApplied(estate);
  });

  it('T143 a throttle of its own that the console gave the route goes before the default: it is drift, and is healed', async () => {
    const estate = await applied();
    const { client, ApiId } = await byHand(estate);
    const own = { 'POST /survival': { ThrottlingRateLimit: 10_000, ThrottlingBurstLimit: 5_000 } };
    await client.send(new UpdateStageCommand({ ApiId, StageName: '$default', RouteSettings: own }));
    const { drifted } = await estate.drift();
    expect(drifted.map(({ id, changes }) => [id.split('/')[2], changes])).toMatchObject([
      ['Stage', [{ path: 'RouteSettings', after: { 'POST /survival': { ThrottlingRateLimit: 100 } } }]],
    ]);
    await expectApplied(estate);
    const { RouteSettings } = await client.send(new GetStageCommand({ ApiId, StageName: '$default' }));
    expect(RouteSettings).toEqual({
      'POST /survival': { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200, DetailedMetricsEnabled: false },
    });
  });

  it('T63 plan and drift say which limit of the throttle moves, and how, on 80 columns', async () => {
    const estate = await applied();
    estate.write(FILE, survivalYaml(['throttle: { rate: 100, burst: 900 }']));
    const options = { format: 'text', width: 80, color: false, unicode: true } as const;
    const shown = renderPlan(await estate.plan(), options);
    // Of the default, and of the route.
    for (const burst of [200, 900]) expect(shown.split(`ThrottlingBurstLimit: ${burst} }`)).toHaveLength(3);
    await expectApplied(estate);
    const { client, ApiId } = await byHand(estate);
    const DefaultRouteSettings = { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 4_999 };
    await client.send(new UpdateStageCommand({ ApiId, StageName: '$default', DefaultRouteSettings }));
    const told = renderDrift(await estate.drift(), options);
    expect(told).toContain('wanted { …, ThrottlingBurstLimit: 900 }');
    expect(told).toContain('found  { …, ThrottlingBurstLimit: 4999 }');
  });

  it('settings of routes of others stay when those of ours are put back', async () => {
    const estate = await applied();
    const { client, ApiId } = await byHand(estate);
    await client.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /figures', AuthorizationType: 'AWS_IAM' }));
    const theirs = { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 7, DetailedMetricsEnabled: true };
    const RouteSettings = { 'GET /figures': theirs, 'POST /survival': { ThrottlingRateLimit: 10_000 } };
    await client.send(new UpdateStageCommand({ ApiId, StageName: '$default', RouteSettings }));
    await expectApplied(estate);
    const stage = await client.send(new GetStageCommand({ ApiId, StageName: '$default' }));
    expect(stage.RouteSettings).toMatchObject({
      'GET /figures': theirs,
      'POST /survival': { ThrottlingRateLimit: 100 },
    });
  });

  it('drift says what is wanted by its value, where a reference is known', async () => {
    const estate = await applied();
    const { client, ApiId } = await byHand(estate);
    const { Items: [integration] = [] } = await client.send(new GetIntegrationsCommand({ ApiId }));
    const { IntegrationId, IntegrationUri } = integration ?? {};
    const other = 'arn:aws:lambda:eu-west-1:111122223333:function:other';
    await client.send(new UpdateIntegrationCommand({ ApiId, IntegrationId, IntegrationUri: other }));
    const { drifted } = await estate.drift();
    expect(drifted[0]?.changes).toMatchObject([{ path: 'IntegrationUri', before: other, after: IntegrationUri }]);
    const shown = renderPlan(await estate.plan(), { format: 'text', width: 200, color: false, unicode: true });
    expect(shown).toContain(`→ ${IntegrationUri}`);
    await expectApplied(estate);
  });

  it('goes whole when its document does', async () => {
    const estate = await createSurvivalEstate([JWT]);
    estate.rewrite('settings.yaml', (yaml) => `${yaml}  guards: { deletes: { percent: 100, count: 100 } }\n`);
    estate.write('other.yaml', survivalYaml(['minEvents: 6'], 'other'));
    await expectApplied(estate);
    rmSync(join(estate.directory, 'config', FILE));
    const result = await expectApplied(estate);
    // The role's policy and the function's permission go with what they stand in.
    expect(result.done.map((id) => id.split('/')[2] ?? '').toSorted()).toEqual([
      'Api',
      'Authorizer',
      'ErrorsAlarm',
      'Integration',
      'Route',
      'ServerErrorsAlarm',
      'Service',
      'ServiceLogs',
      'ServiceRole',
      'Stage',
      'ThrottlesAlarm',
    ]);
    expect(result.outputs).toBeUndefined();
    const { apis } = await byHand(estate);
    expect(apis.map(({ Name }) => Name?.slice(0, 6))).toEqual(['other-']);
  });
});
