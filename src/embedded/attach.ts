import { blob } from './blob.ts';
import { checkHeaders, withReadBody } from './request-body.ts';
import { streamBody } from './response-body.ts';
import { createTurns } from './turns.ts';

/** The part of an SDK middleware stack that the plugin uses; structural, so that no SDK type stands in the public types. */
export interface ClientStack {
  add(middleware: object, options: object): void;
}

/** An SDK plugin (`client.middlewareStack.use`). */
export interface EmbeddedPlugin {
  applyToStack(stack: ClientStack): void;
}

/** One request of a client as it would have gone out: validated, serialised and signed by the SDK. */
export interface ClientRequest {
  /** As the client names itself: `Route53`, `SecretsManager`. */
  readonly service: string;
  /** `ListResourceRecordSets`. */
  readonly command: string;
  readonly input: object;
  /** From the signature; undefined: the request is not signed. */
  readonly accessKeyId: string | undefined;
  readonly region: string | undefined;
  readonly userAgent?: string | undefined;
  /** X-Ray's header, as the SDK writes it in a function: which chain of invocations the request belongs to. */
  readonly trace?: string | undefined;
  /** Made in a function's execution environment. */
  readonly isOfFunction?: boolean;
}

/** Answers a request with the service's output, or throws as the service would. */
export type Answer = (request: ClientRequest) => Promise<object>;

interface HandlerContext {
  readonly clientName?: string;
  readonly commandName?: string;
}

interface HandlerArguments {
  readonly input: object;
  readonly request?: { readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown };
}

const SIGNATURE_SCOPE = /Credential=([^/=]+)\/\d+\/([^/]+)\//;

/**
 * A plugin that takes the place of the deserializer, below signing and retries and above the connection: everything
 * the SDK does to a request and to an error is real, and no request goes out.
 */
export function embeddedPlugin(answer: Answer): EmbeddedPlugin {
  const takeTurn = createTurns();
  function middleware(_next: unknown, context: HandlerContext) {
    return async (call: HandlerArguments): Promise<object> => {
      checkHeaders(call.request?.headers);
      const turn = takeTurn();
      if (turn) await turn;
      const authorization = call.request?.headers?.['authorization'] ?? '';
      const scope = SIGNATURE_SCOPE.exec(authorization);
      const output = await answer({
        service: (context.clientName ?? '').replace(/Client$/, ''),
        command: (context.commandName ?? '').replace(/Command$/, ''),
        input: await withReadBody(call.input, call.request?.body),
        accessKeyId: scope?.[1],
        region: scope?.[2],
        userAgent: call.request?.headers?.['user-agent'],
        trace: call.request?.headers?.['X-Amzn-Trace-Id'],
      });
      return { response: { statusCode: 200, headers: {} }, output: withBody(output) };
    };
  }
  return {
    applyToStack(stack) {
      stack.add(middleware, {
        name: 'deserializerMiddleware',
        step: 'deserialize',
        tags: ['DESERIALIZER'],
        override: true,
      });
    },
  };
}

/** The body of an answer, as the SDK gives Lambda's blobs and S3's streams. */
function withBody(output: object): object {
  if ('Payload' in output && output.Payload instanceof Uint8Array) return { ...output, Payload: blob(output.Payload) };
  if ('Body' in output && output.Body instanceof Uint8Array) return { ...output, Body: streamBody(output.Body) };
  return output;
}
