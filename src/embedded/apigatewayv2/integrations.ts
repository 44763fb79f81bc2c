import type {
  CreateIntegrationRequest,
  DeleteIntegrationRequest,
  GetIntegrationRequest,
  GetIntegrationsRequest,
  GetIntegrationsResponse,
  Integration,
  UpdateIntegrationRequest,
} from '@aws-sdk/client-apigatewayv2';
import { notEmbedded } from '../not-embedded.ts';
import type { CallContext } from '../service.ts';
import { redeploy } from './deployments.ts';
import { badRequest, conflict, limitExceeded } from './errors.ts';
import { childKey, childrenOf, integrations, needApi, needChild, newId, routes } from './model.ts';
import type { StoredIntegration } from './model.ts';
import { listPage } from './pages.ts';

/** "HTTP API quotas": integrations per API. */
const MAX_INTEGRATIONS = 300;
/** CreateIntegration, TimeoutInMillis: of HTTP APIs. */
const MIN_TIMEOUT_MS = 50;
const MAX_TIMEOUT_MS = 30_000;
const MAX_DESCRIPTION = 1024;
const ID_LENGTH = 7;

const BEYOND = [
  'ConnectionId',
  'CredentialsArn',
  'IntegrationSubtype',
  'RequestParameters',
  'ResponseParameters',
  'TlsConfig',
] as const;
const WEBSOCKET_ONLY = [
  'ContentHandlingStrategy',
  'PassthroughBehavior',
  'RequestTemplates',
  'TemplateSelectionExpression',
] as const;

const FUNCTION_ARN = /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}$/;
const INVOCATION_ARN =
  /^arn:aws:apigateway:[a-z0-9-]+:lambda:path\/2015-03-31\/functions\/(arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64})\/invocations$/;

/** A version or an alias of a function, in either form. */
const QUALIFIED =
  /^(?:arn:aws:apigateway:[a-z0-9-]+:lambda:path\/2015-03-31\/functions\/)?arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}:[\w$-]{1,128}(?:\/invocations)?$/;

/** The function that an integration invokes. */
export function functionOf({ uri }: StoredIntegration): string {
  return INVOCATION_ARN.exec(uri)?.[1] ?? uri;
}

export function createIntegration(input: CreateIntegrationRequest, context: CallContext): Integration {
  const { data } = context;
  const api = needApi(input.ApiId, context);
  if (input.IntegrationType === undefined) throw badRequest('IntegrationType is required');
  if (input.IntegrationUri === undefined) throw badRequest('IntegrationUri is required');
  if (input.PayloadFormatVersion === undefined) throw badRequest('PayloadFormatVersion is a required parameter');
  const settings = readSettings(input);
  if (childrenOf(integrations, api, data).length >= MAX_INTEGRATIONS) {
    throw limitExceeded('integrations per API', MAX_INTEGRATIONS);
  }
  const made: StoredIntegration = {
    id: newId(ID_LENGTH, data),
    type: 'AWS_PROXY',
    uri: input.IntegrationUri,
    description: '',
    timeout: MAX_TIMEOUT_MS,
    ...settings,
  };
  data.put(integrations, childKey(api, made.id), made);
  redeploy(api, context);
  return show(made);
}

export function getIntegration(input: GetIntegrationRequest, context: CallContext): Integration {
  const api = needApi(input.ApiId, context);
  return show(needChild(integrations, 'Integration', api, input.IntegrationId, context.data));
}

export function getIntegrations(input: GetIntegrationsRequest, context: CallContext): GetIntegrationsResponse {
  const api = needApi(input.ApiId, context);
  return listPage(childrenOf(integrations, api, context.data), ({ id }) => id, input, show);
}

export function updateIntegration(input: UpdateIntegrationRequest, context: CallContext): Integration {
  const api = needApi(input.ApiId, context);
  const before = needChild(integrations, 'Integration', api, input.IntegrationId, context.data);
  const after: StoredIntegration = { ...before, ...readSettings(input) };
  context.data.put(integrations, childKey(api, after.id), after);
  redeploy(api, context);
  return show(after);
}

/** @throws ConflictException while a route leads there */
export function deleteIntegration(input: DeleteIntegrationRequest, context: CallContext): object {
  const api = needApi(input.ApiId, context);
  const { id } = needChild(integrations, 'Integration', api, input.IntegrationId, context.data);
  const user = childrenOf(routes, api, context.data).find(({ target }) => target === `integrations/${id}`);
  if (user !== undefined) {
    throw conflict(`Cannot delete Integration '${id}', it is the target of the Route '${user.id}'`);
  }
  context.data.delete(integrations, childKey(api, id));
  redeploy(api, context);
  return {};
}

type Settings = Pick<StoredIntegration, 'uri' | 'description' | 'timeout'>;

function readSettings(
  input: Omit<UpdateIntegrationRequest, 'ApiId' | 'IntegrationId'> | CreateIntegrationRequest,
): Partial<Settings> {
  const { IntegrationType: type, IntegrationUri: uri, TimeoutInMillis: timeout, Description: description } = input;
  if (type !== undefined && type !== 'AWS_PROXY') throw notEmbedded(`integrations of the type ${type}`);
  const beyond = BEYOND.find((field) => input[field] !== undefined);
  if (beyond !== undefined) throw notEmbedded(`${beyond} of integrations`);
  const websocket = WEBSOCKET_ONLY.find((field) => input[field] !== undefined);
  if (websocket !== undefined) throw badRequest(`${websocket} is only supported for WebSocket APIs`);
  if (input.ConnectionType === 'VPC_LINK') throw notEmbedded('VPC links');
  // Lambda is invoked by POST, whatever method the client has sent.
  if (input.IntegrationMethod !== undefined && input.IntegrationMethod !== 'POST') {
    throw badRequest('IntegrationMethod must be POST for a Lambda function');
  }
  if (uri !== undefined && QUALIFIED.test(uri)) throw notEmbedded('integrations with a version or an alias');
  if (uri !== undefined && !FUNCTION_ARN.test(uri) && !INVOCATION_ARN.test(uri)) {
    throw badRequest('Invalid function ARN or invalid uri');
  }
  checkVersion(input.PayloadFormatVersion);
  if (timeout !== undefined && !(Number.isInteger(timeout) && timeout >= MIN_TIMEOUT_MS && timeout <= MAX_TIMEOUT_MS)) {
    throw badRequest(`Timeout should be between ${MIN_TIMEOUT_MS} ms and ${MAX_TIMEOUT_MS} ms`);
  }
  if ((description?.length ?? 0) > MAX_DESCRIPTION) {
    throw badRequest(`Description must have at most ${MAX_DESCRIPTION} characters`);
  }
  return {
    ...(uri !== undefined && { uri }),
    ...(timeout !== undefined && { timeout }),
    ...(description !== undefined && { description }),
  };
}

function checkVersion(version: string | undefined): void {
  if (version === '1.0') throw notEmbedded('payload format 1.0');
  if (version !== undefined && version !== '2.0') throw badRequest('PayloadFormatVersion must be 1.0 or 2.0');
}

function show(integration: StoredIntegration): Integration {
  return {
    ConnectionType: 'INTERNET',
    ...(integration.description !== '' && { Description: integration.description }),
    IntegrationId: integration.id,
    IntegrationMethod: 'POST',
    IntegrationType: integration.type,
    IntegrationUri: integration.uri,
    PayloadFormatVersion: '2.0',
    TimeoutInMillis: integration.timeout,
  };
}
