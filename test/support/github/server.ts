import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Refusal } from './answer.ts';
import type { Answer } from './answer.ts';
import { answer } from './api.ts';
import type { Strike } from './faults.ts';
import { pageOf } from './paging.ts';
import type { World } from './world.ts';

/** A request as it came in, and what became of it. */
export interface LoggedRequest {
  /** Milliseconds of the real clock, with fractions. */
  readonly at: number;
  readonly host: 'api' | 'storage';
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Did it bring a token? Also one that is not known. */
  readonly authorised: boolean;
  readonly body: unknown;
  /** Undefined where the connection was cut. */
  status: number | undefined;
  fault: string | undefined;
}

export type Strikes = (method: string, path: string) => Strike | undefined;

const LIMIT = 1000;

/** The REST API. Its requests go to the log before anything is done. */
export function createApi(world: World, log: LoggedRequest[], strikes: Strikes): Server {
  return createServer((request, response) => {
    void handle(world, log, strikes, request, response);
  });
}

async function handle(
  world: World,
  log: LoggedRequest[],
  strikes: Strikes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url: path = '/' } = request;
  const secret = /^(?:Bearer|token) (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const text = await textOf(request);
  const body = parsed(text);
  const authorised = request.headers.authorization !== undefined;
  const entry: LoggedRequest = {
    at: performance.timeOrigin + performance.now(),
    host: 'api',
    method,
    path,
    authorised,
    body,
    status: undefined,
    fault: undefined,
  };
  log.push(entry);
  const strike = strikes(method, path);
  entry.fault = strike?.kind;
  const { kind = '' } = strike ?? {};
  if (kind === 'down' || kind === 'drop') return void request.socket.destroy();
  if (kind.startsWith('slow:')) await wait(Number(kind.slice(5)));
  const limited = strike && limitOf(strike, world.now());
  const [, status, isAfter] = /^status:(\d+)(-after)?$/.exec(kind) ?? [];
  const broken: Answer = { status: Number(status), body: { message: 'Server Error' } };
  if (limited ?? (status && !isAfter)) return send(response, entry, world, limited ?? broken, path);
  const result = outcomeOf(() => {
    if (body === undefined) throw new Refusal(400, 'Problems parsing JSON');
    const { pathname, searchParams } = new URL(path, world.url);
    return answer(world, { method, path: pathname, query: searchParams, body, secret, headers: request.headers });
  });
  if (kind === 'drop-after') return void request.socket.destroy();
  send(response, entry, world, isAfter ? broken : result, path);
}

function outcomeOf(act: () => Answer): Answer {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    return { status: 500, body: { message: `The fake GitHub broke: ${String(error)}` } };
  }
}

function send(response: ServerResponse, entry: LoggedRequest, world: World, result: Answer, path: string): void {
  const { pathname, searchParams } = new URL(path, world.url);
  const [below = ''] = /(?<=^\/repos\/[^/]+\/[^/]+|^\/repositories\/\d+)\/.*$/.exec(pathname) ?? [];
  const page = result.list && pageOf(result, searchParams, `${world.url}/repositories/${world.state.id}${below}`);
  Object.assign(entry, { status: result.status });
  const body = page ? page.body : result.body;
  response.writeHead(result.status, {
    'x-github-media-type': 'github.v3; format=json',
    'x-github-request-id': `FAKE:${entry.at}`,
    'x-ratelimit-limit': String(LIMIT),
    'x-ratelimit-remaining': String(LIMIT - 1),
    ...(page?.link !== undefined && { link: page.link }),
    ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
    ...result.headers,
  });
  response.end(result.text ?? (body === undefined ? undefined : JSON.stringify(body)));
}

/** How GitHub answers who goes beyond a limit; undefined for other faults. */
function limitOf({ kind, retryAfter }: Strike, now: number): Answer | undefined {
  const documentation = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api';
  if (kind === 'rate-limit') {
    const reset = Math.ceil(now / 1000) + retryAfter;
    return {
      status: 403,
      body: { message: 'API rate limit exceeded for installation.', documentation_url: documentation },
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) },
    };
  }
  if (kind !== 'secondary' && kind !== 'secondary:429') return undefined;
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return {
    status: kind === 'secondary' ? 403 : 429,
    body: { message, documentation_url: documentation },
    headers: { 'retry-after': String(retryAfter) },
  };
}

/** Undefined: no JSON object. */
function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}
