import type { Clock } from '../../engine/types.ts';
import { SurvivalRunError } from './errors.ts';
import type { HttpClient, PostAnswer } from './http-post.ts';

/** A deployed service, as requests reach it. */
export interface ServiceTarget {
  /** kind/name. */
  readonly document: string;
  readonly url: URL;
  readonly http: HttpClient;
  /** Headers by which the caller is known, the given ones among them. */
  authorize(request: AuthorizedRequest): Promise<Readonly<Record<string, string>>>;
  /** What to do when it knows nobody or lets nobody in. */
  readonly deniedHint: string;
}

export interface AuthorizedRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface AskOptions {
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly stop: AbortSignal;
  readonly onRetry: () => void;
}

/** Nobody waits for it any more. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

interface Manner {
  readonly firstPauseMs: number;
  readonly patienceMs: number;
}

/** A throttle opens again soon, a stage or a function that is being replaced within a minute; a service that is gone does not. */
const THROTTLED: Manner = { firstPauseMs: 500, patienceMs: 120_000 };
const BROKEN: Manner = { firstPauseMs: 200, patienceMs: 60_000 };
const LONGEST_PAUSE_MS = 20_000;

/**
 * Sends a body until it is answered. What is throttled, a 5xx and a connection that breaks is sent again after a pause of full
 * jitter, within a budget of time; the same body has the same answer, however often it is sent.
 *
 * @returns the body of the answer 200
 * @throws SurvivalRunError TU2041 when it is denied, TU2042 when the budget is spent, TU2043 when it is refused;
 *   StoppedError
 */
export async function askService(
  target: ServiceTarget,
  body: Uint8Array,
  isGzip: boolean,
  { clock, random, stop, onRetry }: AskOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const began = clock.now();
  for (let retries = 0; ; retries += 1) {
    const outcome = await attempt(target, body, isGzip, clock);
    if ('answer' in outcome) return outcome.answer;
    const { manner, why, retryAfterMs } = outcome;
    const longest = Math.min(LONGEST_PAUSE_MS, manner.firstPauseMs * 2 ** retries);
    const pause = Math.max(retryAfterMs, random() * longest);
    const spent = clock.now() - began;
    if (spent + pause > manner.patienceMs) throw gaveUp(target, why, retries + 1, spent);
    if (stop.aborted) throw new StoppedError(why);
    await clock.sleep(pause, stop);
    if (stop.aborted) throw new StoppedError(why);
    onRetry();
  }
}

type Outcome =
  | { readonly answer: Uint8Array<ArrayBuffer> }
  | { readonly manner: Manner; readonly why: string; readonly retryAfterMs: number };

async function attempt(target: ServiceTarget, body: Uint8Array, isGzip: boolean, clock: Clock): Promise<Outcome> {
  const headers = await target.authorize({
    url: target.url,
    headers: {
      'content-type': 'application/octet-stream',
      accept: 'application/json',
      ...(isGzip && { 'content-encoding': 'gzip' }),
    },
    body,
  });
  let answer: PostAnswer;
  try {
    answer = await target.http.post({ path: target.url.pathname, headers, body });
  } catch (error) {
    return { manner: BROKEN, why: brokenText(error), retryAfterMs: 0 };
  }
  const { status } = answer;
  if (status === 200) return { answer: answer.body };
  const why = `${status}${messageOf(answer)}`;
  const retryAfterMs = retryAfter(answer.headers['retry-after'], clock);
  if (status === 429) return { manner: THROTTLED, why, retryAfterMs };
  if (status >= 500) return { manner: BROKEN, why, retryAfterMs };
  throw refused(target, status, why);
}

/** Seconds, or a date (RFC 9110 §10.2.3). */
function retryAfter(header: string | undefined, clock: Clock): number {
  if (header === undefined) return 0;
  const milliseconds = /^\d{1,6}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - clock.now();
  return Number.isNaN(milliseconds) ? 0 : Math.max(0, milliseconds);
}

function brokenText(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}

/** Characters of a message that are shown. */
const MESSAGE_LENGTH = 300;

/** The service's own message has fields and indices, and API Gateway's a word. */
function messageOf({ body }: PostAnswer): string {
  try {
    const { message } = JSON.parse(Buffer.from(body).toString('utf8')) as { readonly message?: unknown };
    return typeof message === 'string' ? ` ${message.slice(0, MESSAGE_LENGTH)}` : '';
  } catch {
    return '';
  }
}

function gaveUp({ document }: ServiceTarget, why: string, attempts: number, milliseconds: number): SurvivalRunError {
  return new SurvivalRunError(
    'TU2042',
    `${document} has not answered a request: ${why}, ${attempts} attempts in ${Math.round(milliseconds / 1000)} s`,
    {
      hint: 'what is done is kept: the same command goes on from there, with a smaller --concurrency where it is throttled',
    },
  );
}

function refused({ document, deniedHint }: ServiceTarget, status: number, why: string): SurvivalRunError {
  if (status === 401 || status === 403) {
    return new SurvivalRunError('TU2041', `${document} was denied: ${why}`, { hint: deniedHint });
  }
  const hint = {
    404: 'the route is not there: trueup plan, then trueup apply',
    413: 'send fewer rows at once: --chunk-rows N',
  }[status];
  return new SurvivalRunError('TU2043', `${document} refused a request: ${why}`, {
    hint: hint ?? 'another version of trueup may have made it: trueup apply, then the same command again',
  });
}
