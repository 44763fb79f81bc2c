import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { signerOf } from '../../src/aws/sign-request.ts';
import { realClock } from '../../src/aws/clocks.ts';
import type { Clock } from '../../src/engine/types.ts';
import { createHttpClient } from '../../src/operations/survival/http-post.ts';
import type { ServiceTarget } from '../../src/operations/survival/ask-service.ts';
import type { SurvivalRunOptions } from '../../src/operations/survival/options.ts';
import { askingEngine } from '../../src/operations/survival/run-remote.ts';
import { runSurvival } from '../../src/operations/survival/run.ts';
import type { SurvivalRunResult } from '../../src/survival/run-result.ts';
import { answerSurvival } from '../../src/survival/service/answer.ts';
import type { MadeUpTables } from './survival-tables.ts';

/** What is done to the request of that number, from 0; undefined: it is answered. */
export type Trouble = (request: number) => 'reset' | 'half' | Answer | undefined;

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The service on loopback, with no AWS before it; all that it hears is kept. */
export interface SurvivalServer {
  readonly url: URL;
  readonly heard: readonly Heard[];
  /** Requests that were in it at once. */
  readonly most: () => number;
}

/** @param takes milliseconds, before each answer */
export async function startSurvivalServer(trouble: Trouble = () => undefined, takes = 0): Promise<SurvivalServer> {
  const heard: Heard[] = [];
  let inside = 0;
  let most = 0;
  const server = createServer((request, response) => {
    inside += 1;
    most = Math.max(most, inside);
    response.on('close', () => {
      inside -= 1;
    });
    void answer(request, response);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await octetsOf(request);
    const number = heard.length;
    const { method = '', url = '', headers } = request;
    heard.push({ method, url, headers, body });
    const what = trouble(number);
    await pause(takes);
    if (what === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    const given = what === undefined || what === 'half' ? answerOf(headers, body) : what;
    response.writeHead(given.status, given.headers);
    if (what === 'half') {
      response.write((given.body ?? '').slice(0, 20), () => request.socket.resetAndDestroy());
      return;
    }
    response.end(given.body ?? '');
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${port}/survival`), heard, most: () => most };
}

function answerOf(headers: IncomingHttpHeaders, body: Buffer): Answer {
  const contentType = headers['content-type'];
  const contentEncoding = headers['content-encoding'];
  return answerSurvival(
    { body, ...(contentType && { contentType }), ...(contentEncoding && { contentEncoding }) },
    { minEvents: 5, requestId: 'r' },
  );
}

/** Pauses that are not slept, and added up. */
export function hurriedClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => realClock.now() + slept.reduce((sum, one) => sum + one, 0),
    async sleep(milliseconds) {
      slept.push(milliseconds);
    },
  };
}

export function targetOf({ url }: SurvivalServer): ServiceTarget {
  const http = createHttpClient({ protocol: 'http:', host: url.hostname, port: Number(url.port) }, 4);
  onTestFinished(() => http.end());
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
  const sign = signerOf(async () => credentials, 'eu-west-1', 'execute-api');
  return {
    document: 'SurvivalService/genes',
    url,
    http,
    authorize: (request) => sign({ method: 'POST', ...request }, Date.now()),
    deniedHint: 'nobody is let in',
  };
}

export function optionsOf(
  { matrix, clinical, out }: Pick<MadeUpTables, 'matrix' | 'clinical' | 'out'>,
  rest: Partial<SurvivalRunOptions> = {},
): SurvivalRunOptions {
  return {
    matrix,
    clinical,
    out,
    columns: { id: 'sample', time: 'time', event: 'event' },
    allowMissing: false,
    anyOrder: true,
    fresh: false,
    stop: new AbortController().signal,
    onProgress: () => undefined,
    ...rest,
  };
}

/** A run that the server computes. */
export function askServer(
  server: SurvivalServer,
  options: SurvivalRunOptions,
  clock: Clock = hurriedClock(),
): Promise<SurvivalRunResult> {
  return runSurvival(options, {
    ...askingEngine(targetOf(server), { clock, random: () => 0.5, stop: options.stop }),
    identity: ['SurvivalService/genes'],
    concurrency: () => 4,
    calls: () => ({}),
  });
}

async function octetsOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}
