import type {
  Api,
  CreateApiRequest,
  DeleteApiRequest,
  GetApiRequest,
  GetApisRequest,
  GetApisResponse,
  UpdateApiRequest,
} from '@aws-sdk/client-apigatewayv2';
import { notEmbedded } from '../not-embedded.ts';
import { rowKey, rowsIn } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { withTags } from '../tags.ts';
import { demandTagging } from './access.ts';
import { badRequest, limitExceeded } from './errors.ts';
import { CHILDREN, apiEndpoint, apiKey, apis, childKey, needApi, newId } from './model.ts';
import type { StoredApi } from './model.ts';
import { listPage } from './pages.ts';

/** "Regional APIs" of an account in a region ("Amazon API Gateway account-level quotas"). */
const MAX_APIS = 600;
/** CreateApi: "Name", `StringWithLengthBetween1And128`; "Description", `…0And1024`; "Version", `…1And64`. */
const MAX_NAME = 128;
const MAX_DESCRIPTION = 1024;
const MAX_VERSION = 64;
const ID_LENGTH = 10;
/** The one that HTTP APIs may have. */
const ROUTE_SELECTION = '$request.method $request.path';
const ROUTE_SELECTIONS = [ROUTE_SELECTION, '${request.method} ${request.path}'];

const QUICK_CREATE = ['CredentialsArn', 'RouteKey', 'Target'] as const;

/** Two calls make two APIs of one name: there is no token by which the second would be known. */
export function createApi(input: CreateApiRequest, context: CallContext): Api {
  const { data, caller, region, now } = context;
  if (input.ProtocolType === 'WEBSOCKET') throw notEmbedded('WebSocket APIs');
  if (input.ProtocolType !== 'HTTP') throw badRequest('Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]');
  if (input.Name === undefined) throw badRequest('Name is required');
  const settings = readSettings(input);
  const tags = withTags({}, input.Tags ?? {}, badRequest);
  demandTagging({ api: '*' }, tags, context);
  if (rowsIn(apis, context).length >= MAX_APIS) throw limitExceeded('APIs', MAX_APIS);
  const api: StoredApi = {
    account: caller.account,
    region,
    id: newId(ID_LENGTH, data),
    name: input.Name,
    description: '',
    version: '',
    disableEndpoint: false,
    ipAddressType: 'ipv4',
    ...settings,
    created: now,
    tags,
  };
  data.put(apis, apiKey(api), api);
  return show(api);
}

export function getApi(input: GetApiRequest, context: CallContext): Api {
  return show(needApi(input.ApiId, context));
}

export function getApis(input: GetApisRequest, context: CallContext): GetApisResponse {
  return listPage(rowsIn(apis, context), ({ id }) => id, input, show);
}

/** What the request does not name stays as it is. */
export function updateApi(input: UpdateApiRequest, context: CallContext): Api {
  const api: StoredApi = { ...needApi(input.ApiId, context), ...readSettings(input) };
  context.data.put(apis, apiKey(api), api);
  return show(api);
}

/** Stages, routes, integrations and authorizers go with it. */
export function deleteApi(input: DeleteApiRequest, context: CallContext): object {
  const api = needApi(input.ApiId, context);
  context.data.delete(apis, rowKey(api.id, context));
  for (const rows of CHILDREN) {
    for (const key of context.data.keysWith(rows, childKey(api, ''))) context.data.delete(rows, key);
  }
  return {};
}

type Settings = Omit<StoredApi, 'account' | 'region' | 'id' | 'created' | 'tags'>;

function readSettings(input: Omit<Partial<CreateApiRequest>, 'Tags'>): Partial<Settings> {
  const quick = QUICK_CREATE.find((field) => input[field] !== undefined);
  if (quick !== undefined) throw notEmbedded(`quick create of APIs (${quick})`);
  if (input.CorsConfiguration !== undefined) throw notEmbedded('CORS of APIs');
  for (const field of ['ApiKeySelectionExpression', 'DisableSchemaValidation'] as const) {
    if (input[field] !== undefined) throw badRequest(`${field} is only supported for WebSocket APIs`);
  }
  const { Name, Description, Version, RouteSelectionExpression, DisableExecuteApiEndpoint, IpAddressType } = input;
  if (Name !== undefined && (Name === '' || Name.length > MAX_NAME)) {
    throw badRequest(`Name must have 1 to ${MAX_NAME} characters`);
  }
  checkLength('Description', Description, MAX_DESCRIPTION);
  checkLength('Version', Version, MAX_VERSION);
  if (RouteSelectionExpression !== undefined && !ROUTE_SELECTIONS.includes(RouteSelectionExpression)) {
    throw badRequest(`RouteSelectionExpression of an HTTP API must be ${ROUTE_SELECTION}`);
  }
  if (IpAddressType !== undefined && IpAddressType !== 'ipv4' && IpAddressType !== 'dualstack') {
    throw badRequest('IpAddressType must be ipv4 or dualstack');
  }
  return {
    ...(Name !== undefined && { name: Name }),
    ...(Description !== undefined && { description: Description }),
    ...(Version !== undefined && { version: Version }),
    ...(DisableExecuteApiEndpoint !== undefined && { disableEndpoint: DisableExecuteApiEndpoint }),
    ...(IpAddressType !== undefined && { ipAddressType: IpAddressType }),
  };
}

function checkLength(name: string, value: string | undefined, most: number): void {
  if ((value?.length ?? 0) > most) throw badRequest(`${name} must have at most ${most} characters`);
}

function show(api: StoredApi): Api {
  return {
    ApiEndpoint: apiEndpoint(api),
    ApiId: api.id,
    ApiKeySelectionExpression: '$request.header.x-api-key',
    CreatedDate: new Date(api.created),
    ...(api.description !== '' && { Description: api.description }),
    DisableExecuteApiEndpoint: api.disableEndpoint,
    IpAddressType: api.ipAddressType,
    Name: api.name,
    ProtocolType: 'HTTP',
    RouteSelectionExpression: ROUTE_SELECTION,
    Tags: { ...api.tags },
    ...(api.version !== '' && { Version: api.version }),
  };
}
