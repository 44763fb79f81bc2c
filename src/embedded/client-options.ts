import type { DummyCredentials } from './caller.ts';

/** Options for the constructor of any SDK client that is used with an embedded account. */
export interface ClientOptions {
  readonly region: string;
  readonly credentials: DummyCredentials;
  readonly endpoint: string;
  /** S3 only: of a bucket's name with dots and a numeric address the SDK would make a host that is no URL. */
  readonly forcePathStyle: true;
  readonly requestHandler: RefusingHandler;
  readonly maxAttempts: number;
  readonly retryStrategy: RetryStrategy;
}

/** A request handler of the SDK that opens no socket. */
export interface RefusingHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: RefusedRequest): Promise<never>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): object;
  destroy(): void;
}

interface RefusedRequest {
  readonly method?: string;
  readonly protocol?: string;
  readonly hostname?: string;
  readonly path?: string;
}

interface RetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
  getRetryCost(): number | undefined;
}

/** The SDK's second retry interface, as far as its retry middleware calls it. */
export interface RetryStrategy {
  readonly mode: string;
  acquireInitialRetryToken(): Promise<RetryToken>;
  refreshRetryTokenForRetry(token: RetryToken, failure: { readonly errorType: string }): Promise<RetryToken>;
  recordSuccess(): void;
}

/** As the SDK's standard mode (AWS SDKs and Tools Reference Guide, "Retry behavior"). */
const MAX_ATTEMPTS = 3;

/** tcpmux: reserved, and nothing listens on it. */
const CLOSED_ENDPOINT = 'http://127.0.0.1:1';

/** A client with these options but without the plugin reaches nothing: no socket, no real host, no real key. */
export function clientOptions(region: string, credentials: DummyCredentials): ClientOptions {
  return {
    region,
    credentials,
    endpoint: CLOSED_ENDPOINT,
    forcePathStyle: true,
    requestHandler: refusingHandler(),
    maxAttempts: MAX_ATTEMPTS,
    retryStrategy: retryAtOnce(MAX_ATTEMPTS),
  };
}

function refusingHandler(): RefusingHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle(request) {
      const target = `${request.method} ${request.protocol}//${request.hostname}${request.path}`;
      const message = `The embedded account opens no connection: refused ${target}. Attach its plugin to the client.`;
      return Promise.reject(
        Object.assign(new Error(message), { name: 'EmbeddedRefusal', $fault: 'client', $metadata: {} }),
      );
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  };
}

/** The SDK's own strategies sleep for real between attempts; this one repeats the same failures without waiting. */
function retryAtOnce(maxAttempts: number): RetryStrategy {
  return {
    mode: 'standard',
    acquireInitialRetryToken: () => Promise.resolve(retryToken(0)),
    refreshRetryTokenForRetry(token, { errorType }) {
      const retryable = errorType === 'THROTTLING' || errorType === 'TRANSIENT';
      const retries = token.getRetryCount() + 1;
      if (!retryable || retries >= maxAttempts) return Promise.reject(new Error('No retry left.'));
      return Promise.resolve(retryToken(retries));
    },
    recordSuccess() {},
  };
}

function retryToken(retries: number): RetryToken {
  return { getRetryCount: () => retries, getRetryDelay: () => 0, getRetryCost: () => undefined };
}
