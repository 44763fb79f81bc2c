import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent, request as secureRequest } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Where connections go. */
export interface Connection {
  readonly protocol: 'http:' | 'https:';
  readonly host: string;
  /** Undefined: the protocol's. */
  readonly port?: number;
}

export interface PostRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface PostAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array<ArrayBuffer>;
}

export interface HttpClient {
  /** @throws what Node throws when there is no answer, whole */
  post(request: PostRequest): Promise<PostAnswer>;
  end(): void;
}

/** API Gateway answers within 30 s (HTTP API quotas, "Maximum integration timeout"); the rest is for the way. */
const SILENCE_MS = 40_000;
/** Lambda answers with 6 MB at most (Lambda quotas); what is longer is none of its answers. */
const ANSWER_LIMIT = 16 * 1024 * 1024;

/** Keeps its connections for the next request. */
export function createHttpClient({ protocol, host, port }: Connection, connections: number): HttpClient {
  const settings = { keepAlive: true, maxSockets: connections };
  const agent = protocol === 'https:' ? new Agent(settings) : new PlainAgent(settings);
  const open = protocol === 'https:' ? secureRequest : plainRequest;
  return {
    async post({ path, headers, body }) {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const sent = open({
          agent,
          host,
          ...(port !== undefined && { port }),
          method: 'POST',
          path,
          headers: { ...headers, 'content-length': String(body.length) },
          timeout: SILENCE_MS,
        });
        sent.on('timeout', () => sent.destroy(new Error(`nothing was heard for ${SILENCE_MS / 1000} s`)));
        sent.on('error', reject);
        sent.on('response', resolve);
        sent.end(body);
      });
      return { status: answer.statusCode ?? 0, headers: answer.headers, body: await readAll(answer) };
    },
    end: () => agent.destroy(),
  };
}

async function readAll(answer: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let octets = 0;
  for await (const piece of answer as AsyncIterable<Uint8Array>) {
    octets += piece.length;
    if (octets > ANSWER_LIMIT) throw new Error('the answer is longer than 16 MiB');
    pieces.push(piece);
  }
  const whole = new Uint8Array(octets);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
