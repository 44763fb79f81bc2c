import {
  GetApisCommand,
  GetAuthorizersCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  GetStagesCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Api, Authorizer, Integration, Route, Stage } from '@aws-sdk/client-apigatewayv2';
import { expect } from 'vitest';
import type { Aws } from '../../src/aws/clients.ts';
import type { Fault } from '../../src/embedded/index.ts';
import { physicalName } from '../../src/engine/identity.ts';
import type { Desired, Document, ResourceType } from '../../src/engine/types.ts';
import { erasedType } from '../../src/engine/world.ts';
import { heldTag } from '../../src/resources/api-gateway/owner.ts';
import { createApiType } from '../../src/resources/aws-apigatewayv2-api.ts';
import { createAuthorizerType } from '../../src/resources/aws-apigatewayv2-authorizer.ts';
import { createIntegrationType } from '../../src/resources/aws-apigatewayv2-integration.ts';
import { createRouteType } from '../../src/resources/aws-apigatewayv2-route.ts';
import { createStageType } from '../../src/resources/aws-apigatewayv2-stage.ts';
import { createMarkedTopics } from '../../src/resources/marked-topics.ts';
import { HERE, OWNER, fakeDocument } from './fake-world.ts';
import { FUNCTION, benchOf } from './http-api.ts';
import type { ApiBench } from './http-api.ts';
import { createResourceBench } from './resource-bench.ts';
import type { ResourceBench } from './resource-bench.ts';

/** An HTTP API as a kind declares it, in the document `Fake/app`. */

export const API_NAME = physicalName({ owner: OWNER, kind: 'Fake', name: 'app', logicalId: 'Api' }, 64);
export const ISSUER = 'https://issuer.example';

type Properties = Desired['properties'];

const API_ID = { $get: ['Api', 'ApiId'] } as const;

export function apiOf(rest: Properties = {}): Desired {
  return {
    id: 'Api',
    type: 'AWS::ApiGatewayV2::Api',
    place: HERE,
    properties: {
      Name: API_NAME,
      ProtocolType: 'HTTP',
      Description: 'survival statistics',
      DisableExecuteApiEndpoint: false,
      Tags: [{ Key: 'team', Value: 'stats' }],
      ...rest,
    },
  };
}

export function integrationOf(rest: Properties = {}): Desired {
  return {
    id: 'Integration',
    type: 'AWS::ApiGatewayV2::Integration',
    place: HERE,
    properties: {
      ApiId: API_ID,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: FUNCTION,
      PayloadFormatVersion: '2.0',
      TimeoutInMillis: 30_000,
      ...rest,
    },
  };
}

export function authorizerOf(rest: Properties = {}): Desired {
  return {
    id: 'Authorizer',
    type: 'AWS::ApiGatewayV2::Authorizer',
    place: HERE,
    properties: {
      ApiId: API_ID,
      Name: 'tokens',
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: ['survival'], Issuer: ISSUER },
      ...rest,
    },
  };
}

/** @param auth by which it lets callers in. */
export function routeOf(auth: 'iam' | 'jwt' = 'iam', rest: Properties = {}): Desired {
  return {
    id: 'Route',
    type: 'AWS::ApiGatewayV2::Route',
    place: HERE,
    properties: {
      ApiId: API_ID,
      RouteKey: 'POST /survival',
      Target: { $join: ['integrations/', { $get: ['Integration', 'IntegrationId'] }] },
      ...(auth === 'iam'
        ? { AuthorizationType: 'AWS_IAM' }
        : {
            AuthorizationType: 'JWT',
            AuthorizerId: { $get: ['Authorizer', 'AuthorizerId'] },
            AuthorizationScopes: [],
          }),
      ...rest,
    },
  };
}

export function stageOf(rest: Properties = {}): Desired {
  return {
    id: 'Stage',
    type: 'AWS::ApiGatewayV2::Stage',
    place: HERE,
    properties: {
      ApiId: API_ID,
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100, DetailedMetricsEnabled: false },
      Tags: [{ Key: 'team', Value: 'stats' }],
      ...rest,
    },
  };
}

export const BY_IAM: readonly Desired[] = [apiOf(), integrationOf(), routeOf(), stageOf()];
export const BY_TOKEN: readonly Desired[] = [apiOf(), integrationOf(), authorizerOf(), routeOf('jwt'), stageOf()];

/** Everything that API Gateway holds of one API. */
export interface FoundApi {
  readonly api: Api;
  readonly routes: readonly Route[];
  readonly integrations: readonly Integration[];
  readonly authorizers: readonly Authorizer[];
  readonly stages: readonly Stage[];
}

export interface ApiTypesBench {
  readonly resources: ResourceBench;
  /** Somebody else's calls at the same place. */
  readonly others: ApiBench;
  declare(wanted: readonly Desired[], rest?: Partial<Document>): void;
  /** Actions of a plan as `verb reason type path…`. */
  actions(): Promise<readonly string[]>;
  findings(): Promise<readonly string[]>;
  apis(): Promise<readonly FoundApi[]>;
  /** The only one. */
  found(): Promise<FoundApi>;
}

/** Types of HTTP APIs, as the registry makes them. */
export function apiTypes(aws: Aws): readonly ResourceType[] {
  const marked = createMarkedTopics(aws);
  return [
    erasedType(createApiType(aws)),
    erasedType(createAuthorizerType(aws, marked)),
    erasedType(createIntegrationType(aws, marked)),
    erasedType(createRouteType(aws, marked)),
    erasedType(createStageType(aws)),
  ];
}

export function openApiTypes(wanted: readonly Desired[] = BY_IAM, faults: readonly Fault[] = []): ApiTypesBench {
  const resources = createResourceBench(apiTypes, wanted, {
    faults,
    crash() {
      throw new Error('crash');
    },
  });
  const others = benchOf(resources.account);
  const { gateway } = others;

  async function found(api: Api): Promise<FoundApi> {
    const of = { ApiId: api.ApiId };
    return {
      api,
      routes: (await gateway.send(new GetRoutesCommand(of))).Items ?? [],
      integrations: (await gateway.send(new GetIntegrationsCommand(of))).Items ?? [],
      authorizers: (await gateway.send(new GetAuthorizersCommand(of))).Items ?? [],
      stages: (await gateway.send(new GetStagesCommand(of))).Items ?? [],
    };
  }

  const bench: ApiTypesBench = {
    resources,
    others,
    declare(next, rest = {}) {
      resources.documents = [fakeDocument('app', next, rest)];
    },
    async actions() {
      const { actions } = await resources.plan();
      return actions.map(({ action, reason, type, changes }) =>
        [action, reason, type.slice(type.lastIndexOf(':') + 1), ...changes.map(({ path }) => path)].join(' '),
      );
    },
    async findings() {
      const { documents } = await resources.plan();
      return documents.flatMap(({ findings }) => findings.map(({ code }) => code));
    },
    async apis() {
      const { Items = [] } = await gateway.send(new GetApisCommand({}));
      return Promise.all(Items.map(found));
    },
    async found() {
      const all = await bench.apis();
      expect(all).toHaveLength(1);
      return all[0]!;
    },
  };
  return bench;
}

/** One that stands as it is declared. */
export async function appliedApi(
  wanted: readonly Desired[] = BY_IAM,
  faults: readonly Fault[] = [],
): Promise<ApiTypesBench> {
  const bench = openApiTypes(wanted, faults);
  expect(await bench.resources.apply()).toMatchObject({
    outcome: 'applied',
    failed: [],
    replan: { summary: { create: 0, update: 0 } },
  });
  return bench;
}

/**
 * There is nothing to do, every object is there once, and whose it is stands on it.
 *
 * @param left logical ids of parts that are gone and whose stamps may stand.
 */
export async function expectStanding(
  bench: ApiTypesBench,
  wanted: readonly Desired[] = BY_IAM,
  left: readonly string[] = [],
): Promise<void> {
  expect(await bench.actions()).toEqual([]);
  const { api, routes, integrations, authorizers, stages } = await bench.found();
  const count = (type: string): number => wanted.filter((one) => one.type === `AWS::ApiGatewayV2::${type}`).length;
  expect([routes, integrations, authorizers, stages].map(({ length }) => length)).toEqual(
    ['Route', 'Integration', 'Authorizer', 'Stage'].map(count),
  );
  const stamps = Object.keys(api.Tags ?? {})
    .filter((key) => key.startsWith('trueup:applied'))
    .filter((key) => !left.some((id) => key.endsWith(`:${id}`)));
  const parts = wanted.filter(({ id }) => id !== 'Api' && id !== 'Stage').map(({ id }) => `trueup:applied:${id}`);
  expect(stamps.toSorted()).toEqual(['trueup:applied', ...parts].toSorted());
  const marker = `${OWNER}/Fake/app/Api`;
  expect(api.Tags).toMatchObject({ 'trueup:owner': marker, 'trueup:adopted': heldTag(api.ApiId!, marker) });
  for (const { Tags } of stages) {
    expect(Tags).toMatchObject({ 'trueup:owner': `${OWNER}/Fake/app/Stage`, 'trueup:applied': expect.any(String) });
  }
}
