import { documentAddress } from '../../engine/address.ts';
import type { Desired, Estate, Value } from '../../engine/types.ts';
import { arn } from '../../resources/arns.ts';
import { tagList } from '../../resources/marker.ts';
import { nameOf } from '../function/names.ts';
import {
  API,
  AUTHORIZER,
  INTEGRATION,
  PATH,
  PERMISSION,
  ROUTE,
  ROUTE_KEY,
  SERVICE,
  STAGE,
  audiencesOf,
  homeOf,
} from './places.ts';
import type { SurvivalService } from './places.ts';
import type { SurvivalServiceJwt } from './spec.gen.ts';

/** API Gateway's longest for an HTTP API (developer guide, "Quotas for configuring and running an HTTP API"). */
const INTEGRATION_TIMEOUT_MS = 30_000;

/**
 * The HTTP API with its one route, and who may use it. The route comes when the function may be called, and the stage,
 * without which nothing answers, when there is a route: at no moment is it open, and at none does it fail for what is missing.
 */
export function gatewayResources(document: SurvivalService, estate: Estate): readonly Desired[] {
  const { auth } = document.spec;
  const place = homeOf(document, estate);
  const tags = tagList(estate.tags);
  const settings = routeSettings(document);
  const ApiId = { $get: [API, 'ApiId'] } as const;
  return [
    {
      id: API,
      type: 'AWS::ApiGatewayV2::Api',
      place,
      properties: {
        Name: nameOf(document, estate, API),
        ProtocolType: 'HTTP',
        Description: `survival service (${documentAddress(document)})`,
        DisableExecuteApiEndpoint: false,
        Tags: tags,
      },
      after: [SERVICE],
    },
    {
      id: INTEGRATION,
      type: 'AWS::ApiGatewayV2::Integration',
      place,
      properties: {
        ApiId,
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { $get: [SERVICE, 'Arn'] },
        PayloadFormatVersion: '2.0',
        TimeoutInMillis: INTEGRATION_TIMEOUT_MS,
      },
    },
    ...(auth.jwt ? [authorizer(document, estate, auth.jwt)] : []),
    {
      id: PERMISSION,
      type: 'AWS::Lambda::Permission',
      place,
      properties: {
        FunctionName: nameOf(document, estate, SERVICE),
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: { $join: [arn('execute-api', place, ''), ApiId, `/$default/POST${PATH}`] },
      },
      after: [SERVICE],
    },
    {
      id: ROUTE,
      type: 'AWS::ApiGatewayV2::Route',
      place,
      properties: {
        ApiId,
        RouteKey: ROUTE_KEY,
        Target: { $join: ['integrations/', { $get: [INTEGRATION, 'IntegrationId'] }] },
        // Never NONE: without a word of auth the schema says iam (threats T116).
        ...(auth.jwt
          ? { AuthorizationType: 'JWT', AuthorizerId: { $get: [AUTHORIZER, 'AuthorizerId'] }, AuthorizationScopes: [] }
          : { AuthorizationType: 'AWS_IAM' }),
      },
      after: [PERMISSION],
    },
    {
      id: STAGE,
      type: 'AWS::ApiGatewayV2::Stage',
      place,
      properties: {
        ApiId,
        StageName: '$default',
        AutoDeploy: true,
        DefaultRouteSettings: settings,
        // The console sets the throttle of a route, and that goes before the default: unsaid, nobody would see it (threats T143).
        RouteSettings: { [ROUTE_KEY]: settings },
        Tags: tags,
      },
      after: [ROUTE],
    },
  ];
}

function routeSettings({ spec: { throttle } }: SurvivalService): Readonly<Record<string, Value>> {
  return {
    ThrottlingRateLimit: throttle.rate,
    ThrottlingBurstLimit: throttle.burst,
    DetailedMetricsEnabled: false,
  };
}

function authorizer(document: SurvivalService, estate: Estate, { issuer, audience }: SurvivalServiceJwt): Desired {
  return {
    id: AUTHORIZER,
    type: 'AWS::ApiGatewayV2::Authorizer',
    place: homeOf(document, estate),
    properties: {
      ApiId: { $get: [API, 'ApiId'] },
      Name: nameOf(document, estate, AUTHORIZER),
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: audiencesOf(audience), Issuer: issuer },
    },
  };
}
