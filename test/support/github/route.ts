import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './answer.ts';
import { notFound, Refusal } from './answer.ts';
import type { PermissionName, Token, User } from './types.ts';
import type { World } from './world.ts';

export interface ApiRequest {
  readonly world: World;
  /** Of the repository in the path: ours or that of a fork. */
  readonly owner: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
  readonly token: Token | undefined;
  /** Whoever writes. Routes that need no permission have none. */
  readonly user: User | undefined;
}

/** A permission of which one is enough. Without any: metadata, which every token may read. */
export type Need = readonly [PermissionName, 'read' | 'write'];

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the repository; `:name` is one segment, `*name` all that is left. */
  readonly path: string;
  readonly needs: readonly Need[] | ((request: ApiRequest) => readonly Need[]);
  /** Parameters that it knows beside `per_page` and `page`: others are refused, as no test should rely on them. */
  readonly query?: readonly string[];
  /** Answers for a fork as well. */
  readonly forks?: boolean;
  /** A token without the permission is refused in public repositories too. */
  readonly strict?: boolean;
  handle(request: ApiRequest): Answer;
}

export interface Matched {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export function matchRoute(routes: readonly Route[], method: string, path: string): Matched | undefined {
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = paramsOf(route.path, path);
    if (params) return { route, params };
  }
  return undefined;
}

function paramsOf(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    if (segment.startsWith('*')) {
      params[segment.slice(1)] = given.slice(index).map(decodeURIComponent).join('/');
      return given.length > index ? params : undefined;
    }
    const value = given[index];
    if (value === undefined) return undefined;
    if (segment.startsWith(':')) params[segment.slice(1)] = decodeURIComponent(value);
    else if (segment !== value) return undefined;
  }
  return given.length === wanted.length ? params : undefined;
}

const UNKNOWN_PARAMETER = 'The fake GitHub does not know this query parameter: ';

/** @throws Refusal as GitHub would refuse; 501 for what the fake does not know */
export function assertAllowed({ route }: Matched, request: ApiRequest): void {
  const { world, token, query } = request;
  const known = new Set(['per_page', 'page', ...(route.query ?? [])]);
  const unknown = [...query.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) throw new Refusal(501, UNKNOWN_PARAMETER + unknown);
  const isPublic = !world.state.settings.private;
  if (!token && !isPublic) throw notFound();
  if (request.owner !== world.state.owner.login && (!route.forks || !isPublic)) throw notFound();
  const needs = typeof route.needs === 'function' ? route.needs(request) : route.needs;
  if (needs.length === 0 || token?.permissions === 'all') return;
  const isRead = needs.every(([, level]) => level === 'read');
  if (isPublic && isRead && !route.strict) return;
  if (!token) throw new Refusal(401, 'Requires authentication');
  const { permissions } = token;
  const suffices = ([name, level]: Need): boolean => permissions[name] === 'write' || permissions[name] === level;
  if (!needs.some(suffices)) throw new Refusal(403, 'Resource not accessible by integration');
}
