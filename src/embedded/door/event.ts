import type { StoredApi, StoredStage } from '../apigatewayv2/model.ts';
import type { IamIdentity } from './authorize-iam.ts';
import type { JwtIdentity } from './authorize-jwt.ts';
import type { RouteMatch } from './match-route.ts';
import { decodePart } from './request.ts';
import type { DoorRequest } from './request.ts';

/** Who was let in; undefined: everybody is. */
export type Identity = { readonly iam: IamIdentity } | { readonly jwt: JwtIdentity } | undefined;

export interface EventFacts {
  readonly api: StoredApi;
  readonly stage: StoredStage;
  readonly match: RouteMatch;
  readonly identity: Identity;
  readonly requestId: string;
  /** X-Ray's header, as API Gateway makes one. */
  readonly trace: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Media types whose bodies are handed over as text; all others in base64. */
const TEXT = /^(?:text\/[^;]+|application\/(?:json|javascript|xml|[^;]+\+(?:json|xml)))\s*(?:;|$)/i;

/** Headers of one connection (RFC 9110, "Connection"), and what stands elsewhere in the event. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  'connection',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The event of payload format 2.0 (Developer guide, "Create AWS Lambda proxy integrations for HTTP APIs"). */
export function payloadOf(request: DoorRequest, facts: EventFacts): object {
  const { api, stage, match, identity, requestId, now } = facts;
  const path = decodePart(request.path) ?? request.path;
  const domainName = `${api.id}.execute-api.${api.region}.amazonaws.com`;
  const query = new URLSearchParams(request.query);
  const cookies = cookiesOf(request.headers.get('cookie'));
  const hasVariables = Object.keys(match.variables).length > 0;
  const hasStageVariables = Object.keys(stage.variables).length > 0;
  const { body, isBase64Encoded } = bodyOf(request);
  return {
    version: '2.0',
    routeKey: match.route.key,
    rawPath: path,
    rawQueryString: request.query,
    ...(cookies.length > 0 && { cookies }),
    headers: headersOf(request, domainName, facts.trace),
    ...(query.size > 0 && { queryStringParameters: joinedQuery(query) }),
    requestContext: {
      accountId: api.account,
      apiId: api.id,
      ...(identity !== undefined && { authorizer: identity }),
      domainName,
      domainPrefix: api.id,
      http: {
        method: request.method,
        path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: request.headers.get('user-agent') ?? '',
      },
      requestId,
      routeKey: match.route.key,
      stage: stage.name,
      time: clfTime(now),
      timeEpoch: now,
    },
    ...(hasVariables && { pathParameters: match.variables }),
    ...(hasStageVariables && { stageVariables: stage.variables }),
    ...(body !== undefined && { body }),
    isBase64Encoded,
  };
}

function headersOf({ headers, sourceIp }: DoorRequest, host: string, trace: string): Readonly<Record<string, string>> {
  const sent = [...headers].filter(([name]) => !NOT_FORWARDED.has(name));
  const before = headers.get('x-forwarded-for');
  return {
    ...Object.fromEntries(sent),
    host,
    'x-amzn-trace-id': headers.get('x-amzn-trace-id') ?? trace,
    'x-forwarded-for': before === undefined ? sourceIp : `${before}, ${sourceIp}`,
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  };
}

function cookiesOf(header: string | undefined): readonly string[] {
  return (header ?? '')
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '');
}

function joinedQuery(query: URLSearchParams): Readonly<Record<string, string>> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]));
}

function bodyOf({ headers, body }: DoorRequest): { readonly body?: string; readonly isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const encoding = headers.get('content-encoding') ?? 'identity';
  const isText = encoding === 'identity' && TEXT.test(headers.get('content-type') ?? '');
  const text = isText ? textOf(body) : undefined;
  if (text !== undefined) return { body: text, isBase64Encoded: false };
  return { body: body.toString('base64'), isBase64Encoded: true };
}

/** Undefined: it is no UTF-8, and would not come through as text. */
function textOf(octets: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return undefined;
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `24/Nov/2026:10:00:00 +0000` */
function clfTime(now: number): string {
  const date = new Date(now);
  const [day = '', time = ''] = date.toISOString().split('T');
  return `${day.slice(8)}/${MONTHS[date.getUTCMonth()]}/${day.slice(0, 4)}:${time.slice(0, 8)} +0000`;
}
