import type { Clock } from '../engine/types.ts';

type Handler = (args: unknown) => Promise<{ readonly response?: unknown }>;

interface MiddlewareStack {
  add(
    middleware: (next: Handler) => Handler,
    options: { step: 'deserialize'; priority: 'low'; name: string; override: true },
  ): void;
}

/**
 * Reads the `Date` of a client's answers (RFC 9110 §6.6.1).
 *
 * @returns milliseconds by which the service's clock was ahead at its last answer; undefined before one came with a date.
 */
export function watchSkew(client: { readonly middlewareStack: unknown }, clock: Clock): () => number | undefined {
  let skew: number | undefined;
  const stack = client.middlewareStack as MiddlewareStack;
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const date = dateOf(result.response);
      if (date !== undefined) skew = date - clock.now();
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'trueupSkew', override: true },
  );
  return () => skew;
}

function dateOf(response: unknown): number | undefined {
  const { headers } = (response ?? {}) as { readonly headers?: Readonly<Record<string, string | undefined>> };
  const date = Date.parse(headers?.['date'] ?? '');
  return Number.isNaN(date) ? undefined : date;
}
