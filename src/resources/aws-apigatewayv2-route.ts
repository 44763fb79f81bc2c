import {
  CreateRouteCommand,
  DeleteRouteCommand,
  GetRoutesCommand,
  UpdateRouteCommand,
} from '@aws-sdk/client-apigatewayv2';
import type { Route } from '@aws-sdk/client-apigatewayv2';
import type { Aws } from '../aws/clients.ts';
import type { ResourceType } from '../engine/types.ts';
import { allItems } from './api-gateway/client.ts';
import { isOpen, openRoute } from './api-gateway/foreign.ts';
import { createPartType } from './api-gateway/part-type.ts';
import type { PartProperties } from './api-gateway/part-type.ts';
import { ROUTE } from './api-gateway/types.ts';
import type { MarkedTopics } from './marked-topics.ts';

/** CloudFormation's properties of AWS::ApiGatewayV2::Route, for HTTP APIs. */
export interface RouteProperties extends PartProperties {
  /** `POST /survival`: an API has one route of a key. */
  readonly RouteKey: string;
  /** `integrations/ID`. */
  readonly Target: string;
  readonly AuthorizationType: 'AWS_IAM' | 'JWT';
  /** For `JWT`. */
  readonly AuthorizerId?: string;
  /** Of which a token must have one; `[]`: none is asked for. */
  readonly AuthorizationScopes?: readonly string[];
}

export interface RouteAttributes {
  readonly RouteId: string;
}

/** A route of an HTTP API of ours. */
export function createRouteType(aws: Aws, marked: MarkedTopics): ResourceType<RouteProperties, RouteAttributes> {
  return createPartType<RouteProperties, Route, 'RouteId'>(aws, marked, {
    type: ROUTE,
    collection: 'routes',
    what: 'the route',
    managed: ['ApiId', 'RouteKey', 'Target', 'AuthorizationType', 'AuthorizerId', 'AuthorizationScopes'],
    key: 'RouteKey',
    isUnique: true,
    idName: 'RouteId',
    describe: ({ RouteKey }) => `route ${RouteKey as string}`,
    list: (client, ApiId) => allItems((page) => client.send(new GetRoutesCommand({ ApiId, ...page }))),
    idOf: ({ RouteId = '' }) => RouteId,
    read: ({ RouteKey = '', Target = '', AuthorizationType = 'NONE', AuthorizerId, AuthorizationScopes = [] }) => ({
      RouteKey,
      Target,
      AuthorizationType,
      ...(AuthorizerId !== undefined && AuthorizerId !== '' && { AuthorizerId }),
      AuthorizationScopes,
    }),

    /** One that names an authorizer holds it fast: where none is declared, none is to be named. */
    differences({ properties }, { AuthorizerId: before }) {
      if (properties.AuthorizerId !== undefined || before === undefined) return [];
      return [{ path: 'AuthorizerId', before, after: null }];
    },

    findings: (target, ApiId, route) =>
      isOpen(route) ? [openRoute(target, ApiId, route, { declared: target.properties.AuthorizationType })] : [],

    risk: (route) => (isOpen(route) ? { open: true } : undefined),

    create(client, { ApiId, RouteKey, Target, AuthorizationType, AuthorizerId, AuthorizationScopes = [] }) {
      const authorizer = AuthorizerId === undefined ? {} : { AuthorizerId };
      const scopes = AuthorizationScopes.length === 0 ? {} : { AuthorizationScopes: [...AuthorizationScopes] };
      return client.send(
        new CreateRouteCommand({ ApiId, RouteKey, Target, AuthorizationType, ...authorizer, ...scopes }),
      );
    },

    /** The authorizer goes with the type that asks it; one that is still named then is taken away by an empty id. */
    update(client, ApiId, item, { RouteKey, Target, AuthorizationType, AuthorizerId, AuthorizationScopes }) {
      const isLeft = item.AuthorizationType === AuthorizationType && (item.AuthorizerId ?? '') !== '';
      const authorizer = AuthorizerId ?? (isLeft ? '' : undefined);
      return client.send(
        new UpdateRouteCommand({
          ApiId,
          RouteId: item.RouteId,
          RouteKey,
          Target,
          AuthorizationType,
          ...(authorizer !== undefined && { AuthorizerId: authorizer }),
          ...(AuthorizationScopes && { AuthorizationScopes: [...AuthorizationScopes] }),
        }),
      );
    },

    remove: (client, ApiId, RouteId) => client.send(new DeleteRouteCommand({ ApiId, RouteId })),
  });
}
