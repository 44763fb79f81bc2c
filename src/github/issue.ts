import type { Clock } from '../engine/types.ts';
import type { Github } from './client.ts';
import { GithubError } from './errors.ts';
import { markerLine, readMarker } from './marker.ts';
import { isOwn } from './own.ts';
import type { Posted, Written } from './posted.ts';
import { hasNote, withNote } from './note.ts';

/** A closed issue is taken up again for so long; later drift gets an issue of its own. */
const REOPENED_FOR_MS = 7 * 24 * 3_600_000;
const MOST_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 1_000;

interface Issue extends Written {
  readonly title: string;
  readonly number: number;
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

/** One look at GitHub, and what is done about it. */
interface Turn {
  readonly github: Github;
  readonly request: IssueRequest;
  /** Id of whoever the token belongs to. */
  readonly user: number;
  readonly now: number;
  /** Said before it is tried: the answer may be lost. */
  readonly intend: (action: Posted['action']) => void;
}

/**
 * Keeps one issue true: opened, edited in place, closed when nothing is left, and reopened within seven days. Whoever
 * closes by hand what was reopened and has not moved since is left in peace. An answer that was lost, and an issue that
 * is deleted meanwhile, cost another look, never another issue (threats F23, F24).
 * @throws GithubError
 */
export async function keepIssue(github: Github, clock: Clock, request: IssueRequest): Promise<Posted> {
  const { user } = await github.author();
  let intended: Posted['action'] | undefined;
  const intend = (action: Posted['action']): void => {
    intended = action;
  };
  for (let attempt = 1; ; attempt += 1) {
    const lost = intended;
    try {
      const result = await turn({ github, request, user, now: clock.now(), intend });
      return lost !== undefined && result.action === 'unchanged' ? { ...result, action: lost } : result;
    } catch (error) {
      const isGone = isStatus(error, GONE) && intended !== undefined && intended !== 'opened';
      const isWorthIt = error instanceof GithubError && (error.maybeDone || isGone);
      if (!isWorthIt || attempt === MOST_ATTEMPTS) throw error;
      if (isGone) intended = undefined;
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}

/** An issue that does not exist any more, and one that was deleted. */
const GONE: readonly number[] = [404, 410];

function isStatus(error: unknown, statuses: readonly number[]): boolean {
  return error instanceof GithubError && statuses.includes(error.status);
}

/** What an open drift issue says has drifted. */
export async function findDrift(
  github: Github,
  request: Pick<IssueRequest, 'scope' | 'labels'>,
): Promise<{ readonly objects: number; readonly url: string } | undefined> {
  const [open] = await labeledIssues(github, request);
  const marker = open && readMarker(open.body ?? '', 'drift');
  return marker && open && { objects: marker.objects, url: open.html_url };
}

async function turn(now: Turn): Promise<Posted> {
  const { github, request } = now;
  const open = await leaveOne(github, await openIssues(github, request));
  const { body, title, unseen } = request;
  if (body === undefined) {
    if (!open) return { action: 'unchanged' };
    return unseen === undefined ? close(now, open) : edit(now, open, { body: withNote(open.body ?? '', unseen) });
  }
  if (open && open.title === title && isSame(open, body) && !hasNote(open.body ?? '')) return unchanged(open);
  if (open)
    return edit(now, open, { title, body: isSame(open, body) && wasReopened(open) ? reopenedBody(body) : body });
  const closed = await lateIssue(now);
  if (!closed) return create(now, body);
  const { closed_by: by } = await github.get<Issue>(`/issues/${closed.number}`);
  const isByHand = by !== null && by !== undefined && by.id !== now.user;
  return isSettled(closed, body, isByHand) ? unchanged(closed) : reopen(now, closed, body);
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

async function ownIssues(github: Github, scope: string, query: string): Promise<readonly Issue[]> {
  const author = await github.author();
  const all = await github.list<Issue>(`/issues?${query}`);
  return all.filter(
    (issue) => !issue.pull_request && isOwn(issue, author) && readMarker(issue.body ?? '', 'drift')?.scope === scope,
  );
}

/** Those that are open and still have their label; without labels, all that are open. */
async function labeledIssues(
  github: Github,
  { scope, labels: [label] }: Pick<IssueRequest, 'scope' | 'labels'>,
): Promise<readonly Issue[]> {
  return ownIssues(github, scope, `state=open${label === undefined ? '' : `&labels=${encodeURIComponent(label)}`}`);
}

/** The label may have been taken off: then it is among all that are open. */
async function openIssues(github: Github, request: IssueRequest): Promise<readonly Issue[]> {
  const labeled = await labeledIssues(github, request);
  return labeled.length > 0 || request.labels.length === 0 ? labeled : ownIssues(github, request.scope, 'state=open');
}

/** The one that was closed last, if it may be taken up again. */
async function lateIssue({ github, request, now }: Turn): Promise<Issue | undefined> {
  const since = new Date(now - REOPENED_FOR_MS).toISOString();
  const closed = await ownIssues(github, request.scope, `state=closed&since=${encodeURIComponent(since)}`);
  const at = ({ closed_at: time }: Issue): number => Date.parse(time ?? '');
  const [last] = closed
    .filter((issue) => now - at(issue) < REOPENED_FOR_MS)
    .sort((one, other) => at(other) - at(one) || one.number - other.number);
  return last;
}

/** Two runs may have opened one each: whoever sees both keeps the first. */
async function leaveOne(github: Github, open: readonly Issue[]): Promise<Issue | undefined> {
  const [first, ...twins] = open.toSorted((one, other) => one.number - other.number);
  for (const twin of first ? twins : []) {
    await github.send('PATCH', `/issues/${twin.number}`, { state: 'closed', state_reason: 'not_planned' });
    await say(github, twin, `The same as #${first?.number}: two runs looked at once.\n`);
  }
  return first;
}

async function create({ github, request, intend }: Turn, body: string): Promise<Posted> {
  const { title, labels } = request;
  intend('opened');
  const made = await github.send<Issue>('POST', '/issues', { title, body, labels: [...labels] });
  return posted('opened', (await leaveOne(github, await openIssues(github, request))) ?? made);
}

async function edit(
  { github, intend }: Turn,
  issue: Issue,
  text: { readonly title?: string; readonly body: string },
): Promise<Posted> {
  if (issue.body === text.body) return unchanged(issue);
  intend('updated');
  return posted('updated', await github.send<Issue>('PATCH', `/issues/${issue.number}`, text));
}

async function close({ github, request, intend }: Turn, issue: Issue): Promise<Posted> {
  intend('closed');
  const closed = await github.send<Issue>('PATCH', `/issues/${issue.number}`, {
    state: 'closed',
    state_reason: 'completed',
  });
  await say(github, issue, request.closing);
  return posted('closed', closed);
}

async function reopen({ github, request, intend }: Turn, issue: Issue, body: string): Promise<Posted> {
  intend('reopened');
  const open = await github.send<Issue>('PATCH', `/issues/${issue.number}`, {
    state: 'open',
    title: request.title,
    body: reopenedBody(body),
  });
  await say(github, issue, request.reopening);
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
