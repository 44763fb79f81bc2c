import type { Clock } from '../engine/types.ts';
import type { Author, Github } from './client.ts';
import { GithubError } from './errors.ts';
import { readMarker } from './marker.ts';
import { isOwn } from './own.ts';
import type { Posted, Written } from './posted.ts';

/** Looks and writes that one comment is worth, answers lost included. */
const MOST_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;

export interface CommentRequest {
  readonly pull: number;
  readonly scope: string;
  readonly body: string;
  /** Nothing is to be said to whoever has been told nothing. */
  readonly onlyEdit?: boolean;
}

/**
 * Makes the one comment of a scope say this: edited where it says something else, written where there is none. An answer
 * that was lost costs another look, never another comment (threats F23, F24).
 * @throws GithubError
 */
export async function keepComment(github: Github, clock: Clock, request: CommentRequest): Promise<Posted> {
  const { pull, scope, body, onlyEdit = false } = request;
  const author = await github.author();
  let wrote: 'created' | 'updated' | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const known = newest(await ownComments(github, author, pull, scope));
      if (known?.body === body) return posted(wrote ?? 'unchanged', known);
      if (!known && onlyEdit) return { action: 'unchanged' };
      wrote ??= known ? 'updated' : 'created';
      if (known) return posted(wrote, await edit(github, known, body));
      await github.send('POST', `/issues/${pull}/comments`, { body });
      return posted(wrote, await leaveOne(github, author, pull, scope));
    } catch (error) {
      const isGone = error instanceof GithubError && error.status === 404;
      const isWorthIt = error instanceof GithubError && (error.maybeDone || (isGone && wrote === 'updated'));
      if (!isWorthIt || attempt === MOST_ATTEMPTS) throw error;
      if (isGone) wrote = undefined;
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}

/** The comment that says a plan, by whoever this token belongs to. */
export async function findComment(github: Github, pull: number, scope: string): Promise<Written | undefined> {
  return newest(await ownComments(github, await github.author(), pull, scope));
}

async function ownComments(github: Github, author: Author, pull: number, scope: string): Promise<readonly Written[]> {
  const all = await github.list<Written>(`/issues/${pull}/comments`);
  return all.filter((one) => isOwn(one, author) && readMarker(one.body ?? '', 'plan')?.scope === scope);
}

function newest(comments: readonly Written[]): Written | undefined {
  return comments.reduce<Written | undefined>((last, one) => (last && last.id > one.id ? last : one), undefined);
}

function edit(github: Github, { id }: Written, body: string): Promise<Written> {
  return github.send<Written>('PATCH', `/issues/comments/${id}`, { body });
}

/** Two runs may have written at once: both see both then, and the older goes. */
async function leaveOne(github: Github, author: Author, pull: number, scope: string): Promise<Written> {
  const all = await ownComments(github, author, pull, scope);
  const last = newest(all);
  if (!last) throw new GithubError('the comment is gone as soon as it was written', { status: 404 });
  for (const { id } of all.filter((one) => one !== last)) {
    await github.send('DELETE', `/issues/comments/${id}`).catch((error: unknown) => {
      if (!(error instanceof GithubError && error.status === 404)) throw error;
    });
  }
  return last;
}

function posted(action: Posted['action'], { id, html_url: url }: Written): Posted {
  return { action, id, url };
}
