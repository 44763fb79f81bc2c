import { createHash } from 'node:crypto';
import type {
  AuthorizationType,
  IntegrationType,
  IpAddressType,
  JWTConfiguration,
  RouteSettings,
} from '@aws-sdk/client-apigatewayv2';
import { rowKey, rowKeyIn } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { table } from '../store/database.ts';
import type { Table, Transaction } from '../store/database.ts';
import type { Tags } from '../tags.ts';
import { notFound } from './errors.ts';

/** IAM knows one service behind REST, HTTP and WebSocket APIs. */
export const IAM = { actionPrefix: 'apigateway', deniedName: 'AccessDeniedException' } as const;

export interface StoredApi {
  readonly account: string;
  readonly region: string;
  readonly id: string;
  readonly name: string;
  /** Empty: none. */
  readonly description: string;
  /** Empty: none. */
  readonly version: string;
  /** Nobody is let in by `https://ID.execute-api.REGION.amazonaws.com`. */
  readonly disableEndpoint: boolean;
  readonly ipAddressType: IpAddressType;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly tags: Tags;
}

export interface StoredRoute {
  readonly id: string;
  /** `POST /survival`, or `$default`. */
  readonly key: string;
  readonly authorizationType: AuthorizationType;
  readonly authorizerId?: string;
  readonly scopes: readonly string[];
  readonly operationName?: string;
  /** `integrations/ID`; undefined: it leads nowhere yet. */
  readonly target?: string;
}

export interface StoredIntegration {
  readonly id: string;
  readonly type: IntegrationType;
  /** As it was given: ARN of a function, or its invocation ARN. */
  readonly uri: string;
  readonly description: string;
  readonly timeout: number;
}

export interface StoredAuthorizer {
  readonly id: string;
  readonly name: string;
  /** `$request.header.Authorization` */
  readonly identitySource: string;
  readonly jwt: JWTConfiguration;
}

export interface StoredDeployment {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

/** What a stage serves. */
export interface Served {
  readonly routes: readonly StoredRoute[];
  readonly integrations: readonly StoredIntegration[];
  readonly authorizers: readonly StoredAuthorizer[];
}

export interface StoredStage {
  readonly name: string;
  readonly description: string;
  /** It serves the API as it is; else what it served when that was turned off. */
  readonly autoDeploy: boolean;
  readonly deploymentId?: string;
  /** Undefined: what the API is. */
  readonly served?: Served;
  readonly defaults: RouteSettings;
  /** By route key. */
  readonly byRoute: Readonly<Record<string, RouteSettings>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly created: number;
  readonly updated: number;
  readonly tags: Tags;
}

export const apis = table<StoredApi>('apigatewayv2/apis');
/** What belongs to an API, by the API's id and its own. */
export const routes = table<StoredRoute>('apigatewayv2/routes');
export const integrations = table<StoredIntegration>('apigatewayv2/integrations');
export const authorizers = table<StoredAuthorizer>('apigatewayv2/authorizers');
export const stages = table<StoredStage>('apigatewayv2/stages');
export const deployments = table<StoredDeployment>('apigatewayv2/deployments');

export const CHILDREN: readonly Table<unknown>[] = [routes, integrations, authorizers, stages, deployments];

export type ApiPlace = Pick<StoredApi, 'account' | 'region' | 'id'>;

export function apiKey(api: ApiPlace): string {
  return rowKeyIn(api.id, api);
}

export function childKey(api: ApiPlace, id: string): string {
  return `${apiKey(api)}/${id}`;
}

/** What an API has of one kind, by its ids, as it was before this call. */
export function childrenOf<Row>(rows: Table<Row>, api: ApiPlace, data: Transaction): readonly Row[] {
  return data.keysWith(rows, childKey(api, '')).flatMap((key) => data.get(rows, key) ?? []);
}

/** @throws NotFoundException */
export function needApi(id: string | undefined, context: CallContext): StoredApi {
  const api = context.data.get(apis, rowKey(id ?? '', context));
  if (api === undefined) throw notFound('API', `${context.caller.account}:${id ?? ''}`);
  return api;
}

/** @throws NotFoundException. @param type as its message names it */
export function needChild<Row>(
  rows: Table<Row>,
  type: string,
  api: ApiPlace,
  id: string | undefined,
  data: Transaction,
): Row {
  const found = data.get(rows, childKey(api, id ?? ''));
  if (found === undefined) throw notFound(type, id ?? '');
  return found;
}

const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** An id as API Gateway gives them out, which this account file never had before. */
export function newId(length: number, data: Transaction): string {
  const seed = `apigatewayv2 ${data.next('apigatewayv2/ids')}`;
  const octets = createHash('sha256').update(seed).digest().subarray(0, length);
  return Array.from(octets, (octet) => ID_ALPHABET.charAt(octet % ID_ALPHABET.length)).join('');
}

/** API Gateway's ARNs name no account ("API Gateway Amazon Resource Name (ARN) reference"). */
export function managementArn(region: string, path: string): string {
  return `arn:aws:apigateway:${region}::${path}`;
}

export function apiEndpoint({ id, region }: ApiPlace): string {
  return `https://${id}.execute-api.${region}.amazonaws.com`;
}

export interface TaggedName {
  readonly api: string;
  /** Undefined: the API itself. */
  readonly stage?: string;
}

/** Path of what carries tags, as it stands in its ARN: `/apis/ID`, `/apis/ID/stages/NAME`. */
export function taggedPath({ api, stage }: TaggedName): string {
  return stage === undefined ? `/apis/${api}` : `/apis/${api}/stages/${stage}`;
}
