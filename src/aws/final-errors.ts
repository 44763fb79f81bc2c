import { isAwsError } from './errors.ts';

type Handler = (args: unknown) => Promise<unknown>;

interface MiddlewareStack {
  add(
    middleware: (next: Handler) => Handler,
    options: { step: 'finalizeRequest'; priority: 'low'; name: string; override: true },
  ): void;
}

/**
 * Errors that are answers, though a service gives them a status of its own failures: the SDK would ask again for minutes.
 *
 * @param client sends each call once where it is answered so; other failures are retried as ever.
 */
export function takeAsFinal(client: { readonly middlewareStack: unknown }, names: readonly string[]): void {
  const stack = client.middlewareStack as MiddlewareStack;
  stack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (names.some((name) => isAwsError(error, name))) withStatus(error, 400);
        throw error;
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'trueupFinalErrors', override: true },
  );
}

/** The SDK goes by the status alone (util-retry, "isTransientError"). */
function withStatus(error: unknown, httpStatusCode: number): void {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  if ($metadata) $metadata.httpStatusCode = httpStatusCode;
}
