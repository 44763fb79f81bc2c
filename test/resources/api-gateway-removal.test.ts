import { DeleteApiCommand, TagResourceCommand } from '@aws-sdk/client-apigatewayv2';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/embedded/index.ts';
import type { Desired } from '../../src/engine/types.ts';
import { heldTag } from '../../src/resources/api-gateway/owner.ts';
import {
  API_NAME,
  BY_IAM,
  BY_TOKEN,
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
import { HERE, OWNER, fakeDocument } from '../support/fake-world.ts';
import { locateObject, observeObject, releaseObject, removeObject } from '../support/removal.ts';

const FAULTS = ['lost-reply', 'throttle', 'crash-before', 'crash-after'] as const;
const SERVICE = 'apigatewayv2';

/** One that is looked for by its markers when its documents are planned. */
async function applied(wanted: readonly Desired[] = BY_TOKEN, faults: readonly Fault[] = []): Promise<ApiTypesBench> {
  const bench = await appliedApi(wanted, faults);
  bench.resources.searches = true;
  bench.resources.request = {
    limits: { deletes: { percent: 100, count: 10, from: 10 }, requireProtectedOverride: true },
  };
  return bench;
}

/** Another document stands: an empty configuration would be refused as a mistake. */
function undeclare({ resources }: ApiTypesBench): void {
  resources.documents = [fakeDocument('other', [])];
}

/** Writing calls, in their order. */
function writesOf({ resources }: ApiTypesBench, from = 0): readonly string[] {
  return resources.account
    .events()
    .filter(({ eventSource, readOnly }) => eventSource === 'apigateway.amazonaws.com' && !readOnly)
    .map(({ eventName }) => eventName)
    .slice(from);
}

describe('callers change from keys to tokens and back', () => {
  it('the authorizer is made first, then the route asks it', async () => {
    const bench = await applied(BY_IAM);
    const { routes } = await bench.found();
    const before = writesOf(bench).length;
    bench.declare(BY_TOKEN);

    expect(await bench.resources.apply()).toMatchObject({ outcome: 'applied', failed: [] });

    await expectStanding(bench, BY_TOKEN);
    expect((await bench.found()).routes[0]!.RouteId).toBe(routes[0]!.RouteId);
    const written = writesOf(bench, before).filter((name) => name !== 'TagResource');
    expect(written).toEqual(['CreateAuthorizer', 'UpdateRoute']);
  });

  it('the route stops to ask it, then the authorizer goes', async () => {
    const bench = await applied(BY_TOKEN);
    const before = writesOf(bench).length;
    bench.declare(BY_IAM);
    expect(await bench.actions()).toEqual([
      'delete not-declared Authorizer',
      'update declared Route AuthorizationType AuthorizerId',
    ]);

    expect(await bench.resources.apply()).toMatchObject({ outcome: 'applied', failed: [] });

    await expectStanding(bench, BY_IAM);
    const written = writesOf(bench, before).filter((name) => !name.endsWith('agResource'));
    expect(written).toEqual(['UpdateRoute', 'DeleteAuthorizer']);
  });

  it.each(
    ['UpdateRoute', 'CreateAuthorizer', 'DeleteAuthorizer', 'TagResource', 'UntagResource'].flatMap((command) =>
      FAULTS.map((fault) => ({ command, fault })),
    ),
  )('survive a $fault of $command', async ({ command, fault }) => {
    // The first calls of these are those of the creation, but for what only a change calls.
    const nth = { CreateAuthorizer: 1, TagResource: 9 }[command] ?? 1;
    const bench = await applied(BY_IAM, [{ service: SERVICE, command, nth, fault }]);
    for (const wanted of [BY_TOKEN, BY_IAM]) {
      bench.declare(wanted);
      for (let tries = 0; tries < 3 && (await bench.resources.apply()).outcome !== 'nothing'; tries += 1);
      // A crash between the two leaves the stamp of what is gone: nothing is taken for it.
      await expectStanding(bench, wanted, wanted === BY_IAM ? ['Authorizer'] : []);
    }
  });

  it('another authorizer is asked where the first one was made again', async () => {
    const bench = await applied(BY_TOKEN);
    const { api } = await bench.found();
    const other = await bench.others.authorizer(api.ApiId!, { Name: 'other' });
    bench.declare([apiOf(), integrationOf(), authorizerOf(), routeOf('jwt', { AuthorizerId: other }), stageOf()]);
    expect(await bench.actions()).toEqual(['update declared Route AuthorizerId']);
    await bench.resources.apply();
    expect((await bench.found()).routes).toMatchObject([{ AuthorizationType: 'JWT', AuthorizerId: other }]);
    expect(await bench.actions()).toEqual([]);
  });
});

describe('an HTTP API that nothing declares any more', () => {
  it('goes from its routes to itself, and nothing of it is left', async () => {
    const bench = await applied();
    const before = writesOf(bench).length;
    undeclare(bench);
    const { actions } = await bench.resources.plan();
    expect(actions.map(({ action, id }) => `${action} ${id}`)).toEqual([
      'delete Fake/app/Api',
      'delete Fake/app/Authorizer',
      'delete Fake/app/Integration',
      'delete Fake/app/Route',
      'delete Fake/app/Stage',
    ]);

    expect(await bench.resources.apply()).toMatchObject({ outcome: 'applied', failed: [] });

    expect(await bench.apis()).toEqual([]);
    const written = writesOf(bench, before).filter((name) => name.startsWith('Delete'));
    expect(written.indexOf('DeleteRoute')).toBeLessThan(written.indexOf('DeleteIntegration'));
    expect(written.indexOf('DeleteRoute')).toBeLessThan(written.indexOf('DeleteAuthorizer'));
    expect(written.at(-1)).toBe('DeleteApi');
    expect((await bench.resources.plan()).actions).toEqual([]);
  });

  it.each(
    ['DeleteRoute', 'DeleteIntegration', 'DeleteAuthorizer', 'DeleteStage', 'DeleteApi', 'UntagResource'].flatMap(
      (command) => FAULTS.map((fault) => ({ command, fault })),
    ),
  )('goes in spite of a $fault of $command', async ({ command, fault }) => {
    const bench = await applied(BY_TOKEN, [{ service: SERVICE, command, fault }]);
    undeclare(bench);

    for (let tries = 0; tries < 3 && (await bench.apis()).length > 0; tries += 1) await bench.resources.apply();

    expect(await bench.apis()).toEqual([]);
    expect((await bench.resources.plan()).actions).toEqual([]);
  });

  it('stays while others have a route or a stage in it: it is named, and how to take it away', async () => {
    const bench = await applied(BY_IAM);
    const { api } = await bench.found();
    const ApiId = api.ApiId!;
    const RouteId = await bench.others.route(ApiId, { RouteKey: 'GET /health' });
    await bench.others.stage(ApiId, { StageName: 'test' });
    undeclare(bench);

    const { failed } = await bench.resources.apply();

    expect(failed).toMatchObject([
      {
        id: 'Fake/app/Api',
        error: `the API ${ApiId} has what is not ours: route GET /health, stage test; take it away, then the API is deleted: aws apigatewayv2 delete-route --api-id ${ApiId} --route-id ${RouteId}`,
      },
    ]);
    expect(await bench.found()).toMatchObject({
      routes: [{ RouteKey: 'GET /health' }],
      stages: [{ StageName: 'test' }],
    });
  });

  it('is let go with all that is in it, where its document says so', async () => {
    const bench = await applied(BY_TOKEN);
    bench.declare(BY_TOKEN, { onRemove: 'release' });
    await bench.resources.apply();
    const before = await bench.found();
    undeclare(bench);
    const { actions } = await bench.resources.plan();
    expect(actions.map(({ action }) => action)).toEqual(Array.from({ length: 5 }, () => 'release'));

    expect(await bench.resources.apply()).toMatchObject({ outcome: 'applied', failed: [] });

    const after = await bench.found();
    expect(after.api.Tags).toEqual({ team: 'stats' });
    expect(after.stages.map(({ Tags }) => Tags)).toEqual([{ team: 'stats' }]);
    expect([after.routes, after.integrations, after.authorizers]).toEqual([
      before.routes,
      before.integrations,
      before.authorizers,
    ]);
    bench.declare(BY_TOKEN);
    expect(await bench.findings()).toEqual(['foreign']);
  });

  it('is protected as its document says', async () => {
    const bench = await applied(BY_IAM);
    bench.declare(BY_IAM, { protect: true });
    await bench.resources.apply();
    undeclare(bench);

    expect((await bench.resources.plan()).guards.length).toBeGreaterThan(0);
    await bench.resources.apply();
    expect(await bench.found()).toMatchObject({ routes: [{}], stages: [{}] });
  });

  it('that is gone already is done', async () => {
    const bench = await applied(BY_IAM);
    const { api } = await bench.found();
    const which = { type: 'AWS::ApiGatewayV2::Api', address: 'Fake/app/Api', properties: { ApiId: api.ApiId! } };
    const type = bench.resources.types().get(which.type)!;
    const seen = (await observeObject(bench.resources, which))!;
    await bench.others.gateway.send(new DeleteApiCommand({ ApiId: api.ApiId }));

    const target = { ...which, owner: OWNER, place: HERE, token: '', applied: '', protect: false };
    expect(await type.remove!(target, seen)).toEqual({ done: true });
    await expect(removeObject(bench.resources, which)).resolves.toBe(0);
  });
});

describe('one part alone', () => {
  const partOf = (bench: Awaited<ReturnType<ApiTypesBench['found']>>) => ({
    type: 'AWS::ApiGatewayV2::Authorizer',
    address: 'Fake/app/Authorizer',
    properties: { ApiId: bench.api.ApiId!, LocatedId: bench.authorizers[0]!.AuthorizerId! },
  });

  it('is let go: its stamp goes, and nothing else', async () => {
    const bench = await applied();
    const before = await bench.found();

    await releaseObject(bench.resources, partOf(before));

    const after = await bench.found();
    expect(after.authorizers).toEqual(before.authorizers);
    expect(Object.keys(before.api.Tags!).filter((key) => !(key in after.api.Tags!))).toEqual([
      'trueup:applied:Authorizer',
    ]);
    expect((await observeObject(bench.resources, partOf(before)))?.marker).toBeUndefined();
  });

  it('that somebody else put there is nobody’s: it is never removed', async () => {
    const bench = await applied();
    const { api } = await bench.found();
    const theirs = await bench.others.authorizer(api.ApiId!, { Name: 'theirs' });
    expect(await bench.actions()).toEqual([]);
    bench.declare(BY_IAM);
    await bench.resources.apply();

    expect((await bench.found()).authorizers.map(({ AuthorizerId }) => AuthorizerId)).toEqual([theirs]);
    expect(await bench.actions()).toEqual([]);
  });
});

describe('by its ARN', () => {
  const base = 'arn:aws:apigateway:eu-west-1::/apis';
  const marker = (id: string): string => `${OWNER}/Fake/app/${id}`;

  async function arns(bench: ApiTypesBench): Promise<Readonly<Record<string, string>>> {
    const { api, routes, integrations, authorizers } = await bench.found();
    const own = `${base}/${api.ApiId}`;
    return {
      Api: own,
      Stage: `${own}/stages/$default`,
      Route: `${own}/routes/${routes[0]!.RouteId}`,
      Integration: `${own}/integrations/${integrations[0]!.IntegrationId}`,
      Authorizer: `${own}/authorizers/${authorizers[0]!.AuthorizerId}`,
    };
  }

  it.each(['Api', 'Stage', 'Route', 'Integration', 'Authorizer'])(
    '%s is found again, and by no other type',
    async (id) => {
      const bench = await applied();
      const arn = (await arns(bench))[id]!;
      const types = [...bench.resources.types().keys()];

      const located = await Promise.all(
        types.map((type) => locateObject(bench.resources, type, { marker: marker(id), arn })),
      );
      expect(types.filter((_, index) => located[index] !== undefined)).toEqual([`AWS::ApiGatewayV2::${id}`]);
      const one = located.find((found) => found !== undefined)!;
      expect(one).toMatchObject({ witnessed: true });
      expect(one).not.toHaveProperty('byTag');
      const which = { type: `AWS::ApiGatewayV2::${id}`, address: `Fake/app/${id}`, properties: one.properties };
      expect(await observeObject(bench.resources, which as Parameters<typeof observeObject>[1])).toMatchObject({
        marker: marker(id),
        witness: true,
      });
      const elsewhere = [
        arn.replace('eu-west-1', 'eu-central-1'),
        arn.replace('arn:aws:', 'arn:aws-cn:'),
        `x${arn}`,
        `${arn}/x`,
      ];
      for (const other of elsewhere) {
        const found = types.map((type) => locateObject(bench.resources, type, { marker: marker(id), arn: other }));
        expect(await Promise.all(found)).toEqual(types.map(() => undefined));
      }
    },
  );

  it('T68 no copied marker makes another API ours, nor what is in it', async () => {
    const bench = openApiTypes();
    const ApiId = await bench.others.api({ Name: 'theirs', Tags: { 'trueup:owner': marker('Api') } });
    const RouteId = await bench.others.route(ApiId, { AuthorizationType: 'AWS_IAM' });
    const copied = { 'trueup:applied:Route': `routes/${RouteId}/abc`, 'trueup:adopted': 'another' };
    await bench.others.gateway.send(new TagResourceCommand({ ResourceArn: `${base}/${ApiId}`, Tags: copied }));
    await bench.others.stage(ApiId, { Tags: { 'trueup:owner': marker('Stage') } });

    bench.resources.searches = true;
    undeclare(bench);
    const { actions, complete } = await bench.resources.plan();
    expect([actions, complete]).toEqual([[], true]);
    for (const [id, rest] of [
      ['Api', ''],
      ['Stage', '/stages/$default'],
      ['Route', `/routes/${RouteId}`],
    ] as const) {
      const found = { marker: marker(id), arn: `${base}/${ApiId}${rest}` };
      expect(await locateObject(bench.resources, `AWS::ApiGatewayV2::${id}`, found)).toMatchObject({
        witnessed: false,
      });
    }
    expect(await bench.found()).toMatchObject({ routes: [{}], stages: [{}] });
  });

  it('T68 only a tag says that one of another name is ours: it stays', async () => {
    const bench = openApiTypes();
    const ApiId = await bench.others.api({ Name: 'theirs', Tags: { 'trueup:owner': marker('Api') } });
    const held = { 'trueup:adopted': heldTag(ApiId, marker('Api')) };
    await bench.others.gateway.send(new TagResourceCommand({ ResourceArn: `${base}/${ApiId}`, Tags: held }));
    const found = { marker: marker('Api'), arn: `${base}/${ApiId}` };
    expect(await locateObject(bench.resources, 'AWS::ApiGatewayV2::Api', found)).toMatchObject({ byTag: true });

    bench.resources.searches = true;
    undeclare(bench);
    expect((await bench.resources.plan()).actions).toEqual([]);
  });

  it('T68 of two with marker and name neither goes', async () => {
    const bench = await applied(BY_IAM);
    await bench.others.api({ Name: API_NAME, Tags: { 'trueup:owner': marker('Api') } });
    undeclare(bench);

    const { actions } = await bench.resources.plan();

    expect(actions.map(({ id }) => id)).not.toContain('Fake/app/Api');
  });

  it('follows its document to a new name, and keeps its own', async () => {
    const bench = await applied();
    const before = await bench.found();
    bench.declare(BY_TOKEN, { name: 'office', formerly: ['app'] });
    expect(await bench.actions()).toEqual(['mark renamed Api', 'mark renamed Stage']);
    await bench.resources.apply();

    expect(await bench.actions()).toEqual([]);
    const { api, stages } = await bench.found();
    expect(api).toMatchObject({
      ApiId: before.api.ApiId,
      Name: API_NAME,
      Tags: { 'trueup:owner': `${OWNER}/Fake/office/Api` },
    });
    expect(stages).toMatchObject([{ Tags: { 'trueup:owner': `${OWNER}/Fake/office/Stage` } }]);

    undeclare(bench);
    expect((await bench.resources.plan()).actions).toHaveLength(5);
    await bench.resources.apply();
    expect(await bench.apis()).toEqual([]);
  });

  it('one that only lists still show is not there', async () => {
    const bench = await applied(BY_IAM);
    const all = await arns({
      ...bench,
      found: async () => ({ ...(await bench.found()), authorizers: [{ Name: '', AuthorizerId: 'gone' }] }),
    });
    const { api } = await bench.found();
    await bench.others.gateway.send(new DeleteApiCommand({ ApiId: api.ApiId }));

    for (const [id, arn] of Object.entries(all)) {
      const type = `AWS::ApiGatewayV2::${id}`;
      const located = (await locateObject(bench.resources, type, { marker: marker(id), arn }))!;
      expect(located.witnessed).toBe(false);
      const which = { type, address: `Fake/app/${id}`, properties: located.properties };
      expect(await observeObject(bench.resources, which as Parameters<typeof observeObject>[1])).toBeUndefined();
    }
  });
});
