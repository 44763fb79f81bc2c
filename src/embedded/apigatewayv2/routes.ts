import type {
  CreateRouteRequest,
  DeleteRouteRequest,
  GetRouteRequest,
  GetRoutesRequest,
  GetRoutesResponse,
  Route,
  UpdateRouteRequest,
} from '@aws-sdk/client-apigatewayv2';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { redeploy } from './deployments.ts';
import { badRequest, conflict, limitExceeded } from './errors.ts';
import { authorizers, childKey, childrenOf, integrations, needApi, needChild, newId, routes } from './model.ts';
import type { StoredApi, StoredRoute } from './model.ts';
import { listPage } from './pages.ts';
import { parseRouteKey } from './route-key.ts';

/** "HTTP API quotas": routes per API, scopes per route. */
const MAX_ROUTES = 300;
const MAX_SCOPES = 10;
const MAX_OPERATION_NAME = 64;
/** CreateRoute, AuthorizationScopes: `StringWithLengthBetween1And64`. RFC 6749, "scope-token": no blank, quote or backslash. */
const SCOPE = /^[!#-[\]-~]{1,64}$/;
const ID_LENGTH = 7;

const WEBSOCKET_ONLY = [
  'ApiKeyRequired',
  'ModelSelectionExpression',
  'RequestModels',
  'RequestParameters',
  'RouteResponseSelectionExpression',
] as const;

const TARGET = /^integrations\/([a-z0-9]+)$/;

export function createRoute(input: CreateRouteRequest, context: CallContext): Route {
  const api = needApi(input.ApiId, context);
  if (input.RouteKey === undefined) throw badRequest('RouteKey is required');
  if (childrenOf(routes, api, context.data).length >= MAX_ROUTES) throw limitExceeded('routes per API', MAX_ROUTES);
  const id = newId(ID_LENGTH, context.data);
  return putRoute({ id, key: input.RouteKey, authorizationType: 'NONE', scopes: [] }, input, api, context);
}

export function getRoute(input: GetRouteRequest, context: CallContext): Route {
  const api = needApi(input.ApiId, context);
  return show(needChild(routes, 'Route', api, input.RouteId, context.data));
}

export function getRoutes(input: GetRoutesRequest, context: CallContext): GetRoutesResponse {
  const api = needApi(input.ApiId, context);
  return listPage(childrenOf(routes, api, context.data), ({ id }) => id, input, show);
}

export function updateRoute(input: UpdateRouteRequest, context: CallContext): Route {
  const api = needApi(input.ApiId, context);
  return putRoute(needChild(routes, 'Route', api, input.RouteId, context.data), input, api, context);
}

export function deleteRoute(input: DeleteRouteRequest, context: CallContext): object {
  const api = needApi(input.ApiId, context);
  const { id } = needChild(routes, 'Route', api, input.RouteId, context.data);
  context.data.delete(routes, childKey(api, id));
  redeploy(api, context);
  return {};
}

function putRoute(before: StoredRoute, input: RouteInput, api: StoredApi, context: CallContext): Route {
  const after = withSettings(before, input);
  checkKey(after, api, context);
  checkTarget(after, api, context);
  checkAuthorization(after, api, context);
  context.data.put(routes, childKey(api, after.id), after);
  redeploy(api, context);
  return show(after);
}

type RouteInput = Omit<UpdateRouteRequest, 'ApiId' | 'RouteId'>;

function withSettings(before: StoredRoute, input: RouteInput): StoredRoute {
  const websocket = WEBSOCKET_ONLY.find((field) => input[field] !== undefined && input[field] !== false);
  if (websocket !== undefined) throw badRequest(`${websocket} is only supported for WebSocket APIs`);
  const { RouteKey, Target, AuthorizationType, AuthorizerId, AuthorizationScopes, OperationName } = input;
  if ((OperationName?.length ?? 0) > MAX_OPERATION_NAME) {
    throw badRequest(`OperationName must have at most ${MAX_OPERATION_NAME} characters`);
  }
  const { authorizerId, scopes, ...rest } = before;
  const type = AuthorizationType ?? before.authorizationType;
  // A route that no longer asks an authorizer has none, and no scopes.
  const asked = type === 'JWT' ? (AuthorizerId ?? authorizerId) : AuthorizerId;
  return {
    ...rest,
    authorizationType: type,
    scopes: AuthorizationScopes ?? (type === 'JWT' ? scopes : []),
    ...(asked !== undefined && { authorizerId: asked }),
    ...(RouteKey !== undefined && { key: RouteKey }),
    ...(Target !== undefined && { target: Target }),
    ...(OperationName !== undefined && { operationName: OperationName }),
  };
}

function checkKey({ id, key }: StoredRoute, api: StoredApi, { data }: CallContext): void {
  if (parseRouteKey(key) === undefined) {
    throw badRequest(
      'The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
    );
  }
  const isTaken = childrenOf(routes, api, data).some((other) => other.key === key && other.id !== id);
  if (isTaken) throw conflict(`Route with key ${key} already exists for this API`);
}

function checkTarget({ target }: StoredRoute, api: StoredApi, { data }: CallContext): void {
  if (target === undefined) return;
  const integration = TARGET.exec(target)?.[1];
  if (integration === undefined) throw badRequest(`Invalid target specified: ${target}`);
  needChild(integrations, 'Integration', api, integration, data);
}

function checkAuthorization(
  { authorizationType: type, authorizerId, scopes }: StoredRoute,
  api: StoredApi,
  { data }: CallContext,
): void {
  if (type === 'CUSTOM') throw notEmbedded('Lambda authorizers');
  if (type !== 'NONE' && type !== 'AWS_IAM' && type !== 'JWT') {
    throw badRequest('AuthorizationType must be one of [NONE, AWS_IAM, CUSTOM, JWT]');
  }
  if (type !== 'JWT' && authorizerId !== undefined) {
    throw badRequest(`AuthorizerId is not supported for authorization type ${type}`);
  }
  if (type !== 'JWT' && scopes.length > 0) {
    throw badRequest(`AuthorizationScopes are not supported for authorization type ${type}`);
  }
  if (scopes.length > MAX_SCOPES) throw badRequest(`AuthorizationScopes must have at most ${MAX_SCOPES} entries`);
  const odd = scopes.find((scope) => !SCOPE.test(scope));
  if (odd !== undefined) throw badRequest(`Invalid authorization scope specified: ${JSON.stringify(odd)}`);
  if (type !== 'JWT') return;
  if (authorizerId === undefined) throw badRequest('AuthorizerId is required for authorization type JWT');
  needChild(authorizers, 'Authorizer', api, authorizerId, data);
}

function show(route: StoredRoute): Route {
  return {
    ApiKeyRequired: false,
    ...(route.scopes.length > 0 && { AuthorizationScopes: [...route.scopes] }),
    AuthorizationType: route.authorizationType,
    ...(route.authorizerId !== undefined && { AuthorizerId: route.authorizerId }),
    ...(route.operationName !== undefined && { OperationName: route.operationName }),
    RouteId: route.id,
    RouteKey: route.key,
    ...(route.target !== undefined && { Target: route.target }),
  };
}
