import type { Clock } from '../engine/types.ts';

type Handler = (args: unknown) => Promise<{ readonly response?: unknown }>;

interface MiddlewareStack {
  add(
    middleware: (next: Handler) => Handler,
    options: { step: 'deserialize'; priority: 'high'; name: string; override: true },
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
      try {
        const result = await next(args);
        note(result.response);
        return result;
      } catch (error) {
        // A refusal is an answer, too.
        note((error as { readonly $response?: unknown } | undefined)?.$response);
        throw error;
      }
    },
    { step: 'deserialize', priority: 'high', name: 'trueupSkew', override: true },
  );
  return () => skew;

  function note(response: unknown): void {
    const date = dateOf(response);
    if (date !== undefined) skew = date - clock.now();
  }
}

function dateOf(response: unknown): number | undefined {
  const { headers } = (response ?? {}) as { readonly headers?: Readonly<Record<string, string | undefined>> };
  const date = Date.parse(headers?.['date'] ?? '');
  return Number.isNaN(date) ? undefined : date;
}
