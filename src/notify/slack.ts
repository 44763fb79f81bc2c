import type { Failure } from './attempts.ts';
import type { SlackMessage } from './slack-blocks.ts';

/** The platform's own, or a test's. */
export type Fetch = (url: string, options: RequestInit) => Promise<Response>;

const REQUEST_MS = 4_000;
/** Octets of an answer that are read: it is one word. */
const MOST_OF_AN_ANSWER = 256;

/** What Slack may say of a post (Slack, "Sending messages using incoming webhooks", "Handling errors"). */
const ANSWERS: ReadonlySet<string> = new Set([
  'action_prohibited',
  'channel_is_archived',
  'channel_not_found',
  'invalid_blocks',
  'invalid_payload',
  'invalid_token',
  'no_service',
  'no_service_id',
  'no_team',
  'no_text',
  'posting_to_general_channel_denied',
  'rate_limited',
  'team_disabled',
  'user_not_found',
]);

/** Names of failures without an answer, as Node and undici give them. */
const CODE = /^[A-Z][A-Z_]{2,39}$/;

/**
 * One post. No redirect is followed, and neither the address nor anything that could quote it is in what it returns.
 * @returns undefined: Slack has taken it
 */
export async function postToSlack(
  fetch: Fetch,
  webhook: string,
  message: SlackMessage,
  leftMs: number,
): Promise<Failure | undefined> {
  let answer: Response;
  try {
    answer = await fetch(webhook, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'trueup' },
      body: JSON.stringify(message),
      redirect: 'manual',
      signal: AbortSignal.timeout(Math.min(REQUEST_MS, leftMs)),
    });
  } catch (error) {
    return { why: `Slack was not reached${nameOf(error)}`, again: true };
  }
  const said = await wordOf(answer);
  if (answer.ok) return undefined;
  const { status } = answer;
  const why = `Slack answered ${status}${said}`;
  const afterMs = secondsIn(answer.headers.get('retry-after'));
  return { why, again: status === 429 || status >= 500, ...(afterMs !== undefined && { afterMs }) };
}

function secondsIn(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : undefined;
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (error.name === 'TimeoutError') return ' in time';
  const { code } = (error.cause ?? error) as { readonly code?: unknown };
  return typeof code === 'string' && CODE.test(code) ? ` (${code})` : '';
}

/** Reads no more than a word, and gives it back only where it is one of Slack's. */
async function wordOf({ body }: Response): Promise<string> {
  if (!body) return '';
  const reader = body.getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || text.length > MOST_OF_AN_ANSWER) break;
      text += Buffer.from(value as Uint8Array).toString('latin1');
    }
  } catch {
    // What it says more is not worth another word.
  }
  await reader.cancel().catch(() => undefined);
  const word = text.trim();
  return ANSWERS.has(word) ? ` ${word}` : '';
}
