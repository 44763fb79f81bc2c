import type {
  Authorizer,
  CreateAuthorizerRequest,
  DeleteAuthorizerRequest,
  GetAuthorizerRequest,
  GetAuthorizersRequest,
  GetAuthorizersResponse,
  JWTConfiguration,
  UpdateAuthorizerRequest,
} from '@aws-sdk/client-apigatewayv2';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { redeploy } from './deployments.ts';
import { badRequest, conflict, limitExceeded } from './errors.ts';
import { authorizers, childKey, childrenOf, needApi, needChild, newId, routes } from './model.ts';
import type { StoredApi, StoredAuthorizer } from './model.ts';
import { listPage } from './pages.ts';

/** "HTTP API quotas": authorizers per API, audiences per authorizer. */
const MAX_AUTHORIZERS = 10;
const MAX_AUDIENCES = 50;
const MAX_NAME = 128;
const ID_LENGTH = 6;

const LAMBDA_ONLY = [
  'AuthorizerCredentialsArn',
  'AuthorizerPayloadFormatVersion',
  'AuthorizerResultTtlInSeconds',
  'AuthorizerUri',
  'EnableSimpleResponses',
  'IdentityValidationExpression',
] as const;

/** CreateAuthorizer, IdentitySource: "For JWT, a single entry that specifies where to extract the JSON Web Token". */
const IDENTITY_SOURCE = /^\$request\.(?:header|querystring)\.[\w-]+$/;

export function createAuthorizer(input: CreateAuthorizerRequest, context: CallContext): Authorizer {
  const { data } = context;
  const api = needApi(input.ApiId, context);
  if (input.AuthorizerType === undefined) throw badRequest('AuthorizerType is required');
  if (input.Name === undefined) throw badRequest('Name is required');
  const settings = readSettings(input);
  const { jwt, identitySource } = settings;
  if (jwt?.Issuer === undefined) throw badRequest('JwtConfiguration is required for authorizer type JWT');
  if (identitySource === undefined) throw badRequest('IdentitySource is required for authorizer type JWT');
  checkName(input.Name, undefined, api, context);
  if (childrenOf(authorizers, api, data).length >= MAX_AUTHORIZERS) {
    throw limitExceeded('authorizers per API', MAX_AUTHORIZERS);
  }
  const made = { id: newId(ID_LENGTH, data), name: input.Name, jwt, identitySource };
  data.put(authorizers, childKey(api, made.id), made);
  redeploy(api, context);
  return show(made);
}

export function getAuthorizer(input: GetAuthorizerRequest, context: CallContext): Authorizer {
  const api = needApi(input.ApiId, context);
  return show(needChild(authorizers, 'Authorizer', api, input.AuthorizerId, context.data));
}

export function getAuthorizers(input: GetAuthorizersRequest, context: CallContext): GetAuthorizersResponse {
  const api = needApi(input.ApiId, context);
  return listPage(childrenOf(authorizers, api, context.data), ({ id }) => id, input, show);
}

export function updateAuthorizer(input: UpdateAuthorizerRequest, context: CallContext): Authorizer {
  const api = needApi(input.ApiId, context);
  const before = needChild(authorizers, 'Authorizer', api, input.AuthorizerId, context.data);
  const { jwt, ...settings } = readSettings(input);
  if (input.Name !== undefined) checkName(input.Name, before.id, api, context);
  const after: StoredAuthorizer = { ...before, ...settings, jwt: { ...before.jwt, ...jwt } };
  context.data.put(authorizers, childKey(api, after.id), after);
  redeploy(api, context);
  return show(after);
}

/** @throws ConflictException while a route asks it */
export function deleteAuthorizer(input: DeleteAuthorizerRequest, context: CallContext): object {
  const api = needApi(input.ApiId, context);
  const { id } = needChild(authorizers, 'Authorizer', api, input.AuthorizerId, context.data);
  const user = childrenOf(routes, api, context.data).find(({ authorizerId }) => authorizerId === id);
  if (user !== undefined) throw conflict(`Cannot delete authorizer '${id}', the Route '${user.id}' uses it`);
  context.data.delete(authorizers, childKey(api, id));
  redeploy(api, context);
  return {};
}

function checkName(name: string, own: string | undefined, api: StoredApi, { data }: CallContext): void {
  if (name === '' || name.length > MAX_NAME) throw badRequest(`Name must have 1 to ${MAX_NAME} characters`);
  const isTaken = childrenOf(authorizers, api, data).some((other) => other.name === name && other.id !== own);
  if (isTaken) throw conflict(`Authorizer with name '${name}' already exists for this API`);
}

function readSettings(
  input: Omit<UpdateAuthorizerRequest, 'ApiId' | 'AuthorizerId'>,
): Partial<Omit<StoredAuthorizer, 'id'>> {
  if (input.AuthorizerType === 'REQUEST') throw notEmbedded('Lambda authorizers');
  if (input.AuthorizerType !== undefined && input.AuthorizerType !== 'JWT') {
    throw badRequest('AuthorizerType must be JWT or REQUEST');
  }
  const lambdaOnly = LAMBDA_ONLY.find((field) => input[field] !== undefined);
  if (lambdaOnly !== undefined) throw badRequest(`${lambdaOnly} is not supported for authorizer type JWT`);
  const { Name: name, IdentitySource: sources, JwtConfiguration: jwt } = input;
  const [identitySource, ...more] = sources ?? [];
  if (sources !== undefined && (identitySource === undefined || more.length > 0)) {
    throw badRequest('IdentitySource of authorizer type JWT must have one entry');
  }
  if (identitySource !== undefined && !IDENTITY_SOURCE.test(identitySource)) {
    throw badRequest(`Invalid mapping expression specified: ${identitySource}`);
  }
  return {
    ...(name !== undefined && { name }),
    ...(identitySource !== undefined && { identitySource }),
    ...(jwt !== undefined && { jwt: checkJwt(jwt) }),
  };
}

function checkJwt({ Issuer, Audience }: JWTConfiguration): JWTConfiguration {
  if (Issuer !== undefined && !isIssuer(Issuer)) {
    throw badRequest(
      `Invalid issuer: ${Issuer}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'`,
    );
  }
  if ((Audience?.length ?? 0) > MAX_AUDIENCES) throw badRequest(`Audience must have at most ${MAX_AUDIENCES} entries`);
  return { ...(Issuer !== undefined && { Issuer }), ...(Audience !== undefined && { Audience }) };
}

/** HTTPS; on this machine, where an account in a file finds an issuer to ask, HTTP as well. */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
}

export const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

function show(authorizer: StoredAuthorizer): Authorizer {
  return {
    AuthorizerId: authorizer.id,
    AuthorizerType: 'JWT',
    IdentitySource: [authorizer.identitySource],
    JwtConfiguration: { ...authorizer.jwt },
    Name: authorizer.name,
  };
}
