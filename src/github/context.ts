import { readFileSync } from 'node:fs';
import { GithubContextError } from './errors.ts';

/** Where on GitHub a command runs, as the runner's environment tells it. */
export interface GithubContext {
  /** Without a slash at its end. */
  readonly api: string;
  readonly server: string;
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly repositoryId: number | undefined;
  readonly eventName: string;
  readonly event: GithubEvent;
  readonly ref: string | undefined;
  readonly runId: string | undefined;
}

/** What is read of an event's payload (GitHub Docs, "Webhook events and payloads"). */
export interface GithubEvent {
  readonly action?: string;
  /** Of `labeled`: the one that was set. */
  readonly label?: { readonly name: string };
  readonly pull_request?: {
    readonly number: number;
    readonly labels?: readonly { readonly name: string }[];
    readonly head: { readonly sha: string; readonly repo: { readonly id: number } | null };
    readonly base: { readonly sha: string; readonly ref: string; readonly repo: { readonly id: number } };
  };
  readonly repository?: { readonly id: number; readonly default_branch?: string; readonly private?: boolean };
}

/** The pull request that a run is about. */
export interface PullRequestEvent {
  readonly number: number;
  readonly head: string;
  /** The tip of the base branch when the event happened. */
  readonly base: string;
  /** The branch that it goes into, where that is not the default branch. */
  readonly into: string | undefined;
  /** The head lies in another repository. */
  readonly isFork: boolean;
  /** `opened`, `synchronize`, `labeled` and so on. */
  readonly action: string;
  /** The label that was set by this very event. */
  readonly label: string | undefined;
  /** All that it had then. */
  readonly labels: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

const PUBLIC_API = 'https://api.github.com';
const PUBLIC_SERVER = 'https://github.com';
const REPOSITORY = /^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/;
const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** @throws GithubContextError for what is missing, or is no place that a token may be sent to. */
export function readContext(environment: Environment): GithubContext {
  const repository = wanted(environment, 'GITHUB_REPOSITORY');
  if (!REPOSITORY.test(repository)) throw new GithubContextError(`GITHUB_REPOSITORY is no owner/name: ${repository}`);
  const id = environment['GITHUB_REPOSITORY_ID'];
  return {
    api: addressOf(environment['GITHUB_API_URL'] || PUBLIC_API),
    server: addressOf(environment['GITHUB_SERVER_URL'] || PUBLIC_SERVER),
    token: wanted(environment, 'GITHUB_TOKEN'),
    repository,
    repositoryId: id && /^\d{1,15}$/.test(id) ? Number(id) : undefined,
    ...readEvent(environment),
    ref: environment['GITHUB_REF'] || undefined,
    runId: environment['GITHUB_RUN_ID'] || undefined,
  };
}

/** The event of a run; that there is none is no error here. */
export function readEvent(environment: Environment): Pick<GithubContext, 'event' | 'eventName'> {
  const file = environment['GITHUB_EVENT_PATH'];
  return { eventName: environment['GITHUB_EVENT_NAME'] ?? '', event: file ? parseEvent(file) : {} };
}

/** Undefined where the event is about no pull request. */
export function pullRequestOf({
  event,
  eventName,
}: Pick<GithubContext, 'event' | 'eventName'>): PullRequestEvent | undefined {
  const pull = event.pull_request;
  if (!eventName.startsWith('pull_request') || !pull) return undefined;
  if (!SHA.test(pull.head?.sha) || !SHA.test(pull.base?.sha) || !Number.isSafeInteger(pull.number)) {
    throw new GithubContextError('the event names no commits of its pull request');
  }
  return {
    number: pull.number,
    head: pull.head.sha,
    base: pull.base.sha,
    into: event.repository?.default_branch === pull.base.ref ? undefined : pull.base.ref,
    isFork: pull.head.repo?.id !== pull.base.repo.id,
    action: event.action ?? '',
    label: event.action === 'labeled' ? event.label?.name : undefined,
    labels: (pull.labels ?? []).map(({ name }) => name),
  };
}

/** The page of a run, for links. */
export function runUrl({ server, repository, runId }: GithubContext): string | undefined {
  return runId === undefined ? undefined : `${server}/${repository}/actions/runs/${runId}`;
}

function parseEvent(file: string): GithubEvent {
  try {
    const event = JSON.parse(readFileSync(file, 'utf8')) as GithubEvent | null;
    if (typeof event === 'object' && event !== null) return event;
  } catch (error) {
    throw new GithubContextError(`GITHUB_EVENT_PATH cannot be read: ${(error as Error).message}`);
  }
  throw new GithubContextError('GITHUB_EVENT_PATH holds no event');
}

function wanted(environment: Environment, name: string): string {
  const value = environment[name];
  if (value) return value;
  throw new GithubContextError(`${name} is not set`);
}

/** A token goes over https, or stays on this machine. */
function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (!url || !isSafe || url.username || url.password) {
    throw new GithubContextError(`${text} is no https address`, 'http is for loopback addresses only');
  }
  return `${url.origin}/${url.pathname.split('/').filter(Boolean).join('/')}`.replace(/\/$/, '');
}
