/** A route key, taken apart. */
export type RouteKey = { readonly isDefault: true } | (RoutePattern & { readonly isDefault: false });

export interface RoutePattern {
  /** `ANY` or one of HTTP's. */
  readonly method: string;
  readonly segments: readonly Segment[];
}

/** One segment of a path: a text, `{name}`, or `{name+}`, which takes all that follows. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable' | 'greedy'; readonly name: string };

const KEY = /^(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) (\/[^\s?#]*)$/;
const VARIABLE = /^\{([\w.-]+)(\+?)\}$/;
const PLAIN = /^[^{}]*$/;

/** Takes a route key apart (Developer guide, "Create routes for HTTP APIs"). @returns undefined: it is none */
export function parseRouteKey(key: string): RouteKey | undefined {
  if (key === '$default') return { isDefault: true };
  const [, method, path] = KEY.exec(key) ?? [];
  if (method === undefined || path === undefined) return undefined;
  const segments = path.slice(1).split('/').map(parseSegment);
  const known = segments.flatMap((segment) => segment ?? []);
  if (known.length !== segments.length) return undefined;
  const greedy = known.findIndex(({ kind }) => kind === 'greedy');
  if (greedy !== -1 && greedy !== known.length - 1) return undefined;
  return { isDefault: false, method, segments: known };
}

function parseSegment(text: string): Segment | undefined {
  const [, name, plus] = VARIABLE.exec(text) ?? [];
  if (name !== undefined) return { kind: plus === '+' ? 'greedy' : 'variable', name };
  return PLAIN.test(text) ? { kind: 'text', text } : undefined;
}
