import { randomBytes } from 'node:crypto';
import { servedBy } from '../apigatewayv2/deployments.ts';
import { apis, childKey, stages } from '../apigatewayv2/model.ts';
import type { Served, StoredApi, StoredStage } from '../apigatewayv2/model.ts';
import type { Host } from '../host.ts';
import type { Transaction } from '../store/database.ts';
import { authorizeIam } from './authorize-iam.ts';
import { authorizeJwt } from './authorize-jwt.ts';
import { payloadOf } from './event.ts';
import type { Identity } from './event.ts';
import { askFunction } from './integrate.ts';
import { matchRoute } from './match-route.ts';
import type { RouteMatch } from './match-route.ts';
import { publishRequest } from './metrics.ts';
import { BAD_REQUEST, FAILED, FORBIDDEN, NOT_FOUND, TOO_MANY, decodePart } from './request.ts';
import type { DoorAnswer, DoorRequest } from './request.ts';
import { openKeyRing } from './signing-keys.ts';
import { takeToken, throttleOf } from './throttle.ts';
import type { Bucket } from './throttle.ts';

/** An API as a request meets it. */
export interface OpenApi {
  readonly api: StoredApi;
  readonly stage: StoredStage;
  readonly served: Served;
  /** Behind the name of the stage; begins with a slash. */
  readonly route: string;
}

/** Does what API Gateway does with a request to an HTTP API. */
export interface Gateway {
  /** The API and the stage of a request; undefined: nobody answers there. @param region undefined: any */
  find(apiId: string, path: string, region?: string): OpenApi | undefined;
  answer(request: DoorRequest, open: OpenApi): Promise<DoorAnswer>;
  /** Counts an answer that was given without `answer`, such as that to a body that is too large. */
  note(open: OpenApi, status: number): void;
}

export function openGateway(host: Host): Gateway {
  const keys = openKeyRing(host);
  /** By API, stage and route. Not kept: a door that is opened anew begins with full buckets. */
  const buckets = new Map<string, Bucket>();

  function isThrottled({ api, stage }: OpenApi, { route }: RouteMatch): boolean {
    const key = `${api.id} ${stage.name} ${route.key}`;
    const bucket = takeToken(buckets.get(key), throttleOf(stage, route.key), host.now());
    if (bucket !== undefined) buckets.set(key, bucket);
    return bucket === undefined;
  }

  async function authorize(
    request: DoorRequest,
    { api, stage, served, route: path }: OpenApi,
    { route }: RouteMatch,
  ): Promise<{ readonly identity: Identity } | { readonly refusal: DoorAnswer }> {
    switch (route.authorizationType) {
      case 'NONE':
        return { identity: undefined };
      case 'AWS_IAM': {
        const arn = `${executeArn(api)}/${stage.name}/${request.method}${path}`;
        const iam = await authorizeIam(request, api, arn, host);
        return iam === undefined ? { refusal: FORBIDDEN } : { identity: { iam } };
      }
      case 'JWT': {
        const authorizer = served.authorizers.find(({ id }) => id === route.authorizerId);
        if (authorizer === undefined) return { refusal: FAILED };
        const outcome = await authorizeJwt(request, authorizer, route, { keys, now: host.now() });
        return 'refusal' in outcome ? outcome : { identity: { jwt: outcome.identity } };
      }
      default:
        return { refusal: FORBIDDEN };
    }
  }

  async function pass(request: DoorRequest, open: OpenApi, measure: Measure): Promise<DoorAnswer> {
    const { api, stage, served } = open;
    const match = matchRoute(served.routes, request.method, open.route);
    if (match === undefined) return NOT_FOUND;
    if (decodePart(request.path) === undefined) return BAD_REQUEST;
    if (isThrottled(open, match)) return TOO_MANY;
    const outcome = await authorize(request, open, match);
    if ('refusal' in outcome) return outcome.refusal;
    const integration = served.integrations.find(({ id }) => match.route.target === `integrations/${id}`);
    if (integration === undefined) return FAILED;
    const { requestId, trace, now } = measure;
    const event = payloadOf(request, { api, stage, match, identity: outcome.identity, requestId, trace, now });
    const started = performance.now();
    const source = `${executeArn(api)}/${stage.name}/${sourceOf(match, request)}`;
    const answer = await askFunction(integration, JSON.stringify(event), api, source, host);
    measure.integrationLatency = performance.now() - started;
    return answer;
  }

  return {
    find: (apiId, path, region) => host.read((data) => findApi({ apiId, region }, path, data)),
    async answer(request, open) {
      const started = performance.now();
      const measure = newMeasure(host.now());
      const answer = await pass(request, open, measure);
      const { now: began, integrationLatency, requestId } = measure;
      const latency = performance.now() - started;
      publishRequest(host, open.api, open.stage.name, { status: answer.status, latency, integrationLatency, began });
      return { ...answer, headers: [...answer.headers, ['apigw-requestid', requestId]] };
    },
    note(open, status) {
      const outcome = { status, latency: 0, integrationLatency: undefined, began: host.now() };
      publishRequest(host, open.api, open.stage.name, outcome);
    },
  };
}

interface Measure {
  readonly requestId: string;
  readonly trace: string;
  readonly now: number;
  integrationLatency: number | undefined;
}

function newMeasure(now: number): Measure {
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0');
  return {
    // Sixteen characters, as API Gateway's ids.
    requestId: randomBytes(11).toString('base64'),
    trace: `Root=1-${seconds}-${randomBytes(12).toString('hex')}`,
    now,
    integrationLatency: undefined,
  };
}

function executeArn({ account, region, id }: StoredApi): string {
  return `arn:aws:execute-api:${region}:${account}:${id}`;
}

/** A route as a function's policy names it: with the variables of its path, and the method that was sent. */
function sourceOf({ route }: RouteMatch, { method }: DoorRequest): string {
  return route.key === '$default' ? '$default' : `${method}${route.key.slice(route.key.indexOf(' ') + 1)}`;
}

/** A stage is named by the first segment of the path; what names none is for `$default`. */
function findApi(
  { apiId, region }: { readonly apiId: string; readonly region: string | undefined },
  path: string,
  data: Transaction,
): OpenApi | undefined {
  const api = [...data.entries(apis)].map(([, row]) => row).find(({ id }) => id === apiId);
  if (api === undefined || api.disableEndpoint) return undefined;
  if (region !== undefined && region !== api.region) return undefined;
  const [, first = ''] = path.split('/');
  const named = first === '$default' ? undefined : data.get(stages, childKey(api, first));
  const stage = named ?? data.get(stages, childKey(api, '$default'));
  if (stage === undefined) return undefined;
  const route = named === undefined ? path : path.slice(first.length + 1) || '/';
  return { api, stage, served: servedBy(stage, api, data), route };
}
