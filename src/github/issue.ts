import type { Clock } from '../engine/types.ts';
import type { Github } from './client.ts';
import { GithubError } from './errors.ts';
import { markerLine, readMarker } from './marker.ts';
import { isOwn } from './own.ts';
import type { Posted, Written } from './posted.ts';
import { hasNote, withNote } from './note.ts';

/** A closed issue is taken up again for so long; later drift gets an issue of its own. */
const REOPENED_FOR_MS = 7 * 24 * 3_600_000;
/** Issues of the label that are looked at, newest first, are all; of the others so many days. */
const UNLABELED_DAYS = 30;
const MOST_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;

interface Issue extends Written {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly closed_at: string | null;
  readonly closed_by?: { readonly id: number } | null;
  readonly pull_request?: object;
}

/** What the drift issue is to say. */
export interface IssueRequest {
  readonly scope: string;
  readonly labels: readonly string[];
  readonly title: string;
  /** Undefined: nothing has drifted that could be looked at. */
  readonly body: string | undefined;
  /** Without a body: something could not be looked at. Then nothing is closed, and this says so. */
  readonly unseen: string | undefined;
  /** Said when it is closed, and when it is taken up again. */
  readonly closing: string;
  readonly reopening: string;
}

/**
 * Keeps one issue true: opened, edited in place, closed when nothing is left, and reopened within seven days. Whoever
 * closes by hand what was reopened and has not moved since is left in peace.
 * @throws GithubError
 */
export async function keepIssue(github: Github, clock: Clock, request: IssueRequest): Promise<Posted> {
  const { user } = await github.author();
  let wrote: Posted['action'] | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await turn(github, clock.now(), user, request);
      return wrote !== undefined && result.action === 'unchanged' ? { ...result, action: wrote } : result;
    } catch (error) {
      if (!(error instanceof GithubError) || !error.maybeDone || attempt === MOST_ATTEMPTS) throw error;
      wrote = request.body === undefined ? 'closed' : 'updated';
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}

/** What an open drift issue says has drifted. */
export async function findDrift(
  github: Github,
  now: number,
  request: Pick<IssueRequest, 'scope' | 'labels'>,
): Promise<{ readonly objects: number; readonly url: string } | undefined> {
  const open = (await findIssues(github, now, request)).find(({ state }) => state === 'open');
  const marker = open && readMarker(open.body ?? '', 'drift');
  return marker && open && { objects: marker.objects, url: open.html_url };
}

async function turn(github: Github, now: number, user: number, request: IssueRequest): Promise<Posted> {
  const known = await findIssues(github, now, request);
  const open = known.find(({ state }) => state === 'open');
  const { body, unseen } = request;
  if (body === undefined) {
    if (!open) return { action: 'unchanged' };
    return unseen === undefined
      ? close(github, open, request.closing)
      : edit(github, open, withNote(open.body ?? '', unseen));
  }
  if (open && isSame(open, body) && !hasNote(open.body ?? '')) return unchanged(open);
  if (open) return edit(github, open, isSame(open, body) && wasReopened(open) ? reopenedBody(body) : body);
  const closed = known.find(({ closed_at: at }) => at !== null && now - Date.parse(at) < REOPENED_FOR_MS);
  if (!closed) return create(github, request, body);
  const { closed_by: by } = await github.get<Issue>(`/issues/${closed.number}`);
  return isSettled(closed, body, by?.id !== user) ? unchanged(closed) : reopen(github, closed, request, body);
}

/** A person closed it, after it was reopened once, and it still says the very same. */
function isSettled(issue: Issue, text: string, isByHand: boolean): boolean {
  return isByHand && wasReopened(issue) && isSame(issue, text);
}

function wasReopened({ body }: Issue): boolean {
  return readMarker(body ?? '', 'drift')?.reopened === true;
}

function isSame({ body }: Issue, text: string): boolean {
  return readMarker(body ?? '', 'drift')?.fingerprint === readMarker(text, 'drift')?.fingerprint;
}

/** Newest first. The label may have been taken off: then it is still among the late ones. */
async function findIssues(
  github: Github,
  now: number,
  { scope, labels }: Pick<IssueRequest, 'scope' | 'labels'>,
): Promise<readonly Issue[]> {
  const author = await github.author();
  const [label] = labels;
  const isOurs = (issue: Issue): boolean =>
    !issue.pull_request && isOwn(issue, author) && readMarker(issue.body ?? '', 'drift')?.scope === scope;
  const list = async (query: string): Promise<readonly Issue[]> =>
    (await github.list<Issue>(`/issues?state=all&sort=created&direction=desc&${query}`)).filter(isOurs);
  const labeled = label === undefined ? [] : await list(`labels=${encodeURIComponent(label)}`);
  if (labeled.length > 0) return labeled;
  const since = new Date(now - UNLABELED_DAYS * 24 * 3_600_000).toISOString();
  return list(`since=${encodeURIComponent(since)}`);
}

async function create(github: Github, { title, labels }: IssueRequest, body: string): Promise<Posted> {
  const made = await github.send<Issue>('POST', '/issues', { title, body, labels: [...labels] });
  return posted('opened', made);
}

async function edit(github: Github, issue: Issue, body: string): Promise<Posted> {
  if (issue.body === body) return unchanged(issue);
  return posted('updated', await github.send<Issue>('PATCH', `/issues/${issue.number}`, { body }));
}

async function close(github: Github, issue: Issue, closing: string): Promise<Posted> {
  const closed = await github.send<Issue>('PATCH', `/issues/${issue.number}`, {
    state: 'closed',
    state_reason: 'completed',
  });
  await say(github, issue, closing);
  return posted('closed', closed);
}

async function reopen(github: Github, issue: Issue, { reopening, title }: IssueRequest, body: string): Promise<Posted> {
  const open = await github.send<Issue>('PATCH', `/issues/${issue.number}`, {
    state: 'open',
    title,
    body: reopenedBody(body),
  });
  await say(github, issue, reopening);
  return posted('reopened', open);
}

function reopenedBody(body: string): string {
  const marker = readMarker(body, 'drift');
  return marker ? `${markerLine('drift', { ...marker, reopened: true })}${body.slice(body.indexOf('\n'))}` : body;
}

/** What is said beside it is worth no second try: the issue itself is true. */
async function say(github: Github, { number }: Issue, body: string): Promise<void> {
  await github.send('POST', `/issues/${number}/comments`, { body }).catch((error: unknown) => {
    if (!(error instanceof GithubError)) throw error;
  });
}

function unchanged(issue: Issue): Posted {
  return posted('unchanged', issue);
}

function posted(action: Posted['action'], { number: id, html_url: url }: Issue): Posted {
  return { action, id, url };
}
