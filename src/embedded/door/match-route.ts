import type { StoredRoute } from '../apigatewayv2/model.ts';
import { parseRouteKey } from '../apigatewayv2/route-key.ts';
import type { RoutePattern } from '../apigatewayv2/route-key.ts';
import { decodePart } from './request.ts';

/** A route that a request takes, and what the variables of its path are. */
export interface RouteMatch {
  readonly route: StoredRoute;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The route of a request (Developer guide, "Routing API requests"): the most specific one; a full match before one with
 * a greedy variable, and `$default` last. The path is compared as it was sent: neither decoded nor normalised, so that
 * no other spelling takes a route.
 */
export function matchRoute(routes: readonly StoredRoute[], method: string, path: string): RouteMatch | undefined {
  const segments = path.slice(1).split('/');
  const found = routes
    .flatMap((route) => candidateOf(route, method, segments) ?? [])
    .sort((left, right) => (left.rank < right.rank ? -1 : 1));
  return found[0];
}

interface Candidate extends RouteMatch {
  /** In the order of ASCII the first one is taken. */
  readonly rank: string;
}

/** Ranks of a segment: a text is more specific than a variable, and that than one that takes all the rest. */
const RANK = { text: 'a', variable: 'b', greedy: 'c' } as const;

function candidateOf(route: StoredRoute, method: string, segments: readonly string[]): Candidate | undefined {
  const key = parseRouteKey(route.key);
  if (key === undefined) return undefined;
  if (key.isDefault) return { route, variables: {}, rank: 'z' };
  if (key.method !== 'ANY' && key.method !== method) return undefined;
  const variables = match(key, segments);
  if (variables === undefined) return undefined;
  const isGreedy = key.segments.some(({ kind }) => kind === 'greedy');
  const ranks = key.segments.map(({ kind }) => RANK[kind]).join('');
  // At the same place in the path, a method of its own comes before ANY.
  return { route, variables, rank: `${isGreedy ? 'y' : 'x'}${ranks}${key.method === 'ANY' ? '2' : '1'}` };
}

function match(
  { segments: wanted }: RoutePattern,
  given: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const isGreedy = wanted.at(-1)?.kind === 'greedy';
  if (isGreedy ? given.length < wanted.length : given.length !== wanted.length) return undefined;
  const variables: [string, string][] = [];
  for (const [index, segment] of wanted.entries()) {
    const text = segment.kind === 'greedy' ? given.slice(index).join('/') : (given[index] ?? '');
    if (segment.kind === 'text') {
      if (segment.text !== text) return undefined;
      continue;
    }
    const value = decodePart(text);
    if (value === undefined || value === '') return undefined;
    variables.push([segment.name, value]);
  }
  return Object.fromEntries(variables);
}
