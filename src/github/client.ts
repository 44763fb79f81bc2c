import { request as octokit } from '@octokit/request';
import type { Clock } from '../engine/types.ts';
import type { GithubContext } from './context.ts';
import { GithubError } from './errors.ts';
import { createPatience, isRepeatable } from './patience.ts';

/** GitHub's REST API, as far as this repository's token may use it. Paths are below `/repos/OWNER/NAME`. */
export interface Github {
  /** @throws GithubError */
  get<T>(path: string): Promise<T>;
  /** All pages of a list, at most `MOST_PAGES`; of an object its list of this name. @throws GithubError */
  list<T>(path: string, name?: string): Promise<readonly T[]>;
  /** A write. It is sent again only where GitHub says that it was not done. @throws GithubError, `maybeDone` where nobody knows */
  send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T>;
  /**
   * What a path redirects to, without the token.
   *
   * @param isAdmitted whether the place is one to go to; default: any that is reached by https
   * @throws GithubError, also for more than `most` octets
   */
  download(path: string, most: number, isAdmitted?: (place: URL) => boolean): Promise<Uint8Array>;
  /**
   * A commit's id by one of its names, asked for under a condition that costs nothing of the rate limit: undefined where
   * it is still what had this ETag (GitHub Docs, "Get a commit" and "Use conditional requests").
   *
   * @throws GithubError
   */
  commit(name: string, etag?: string): Promise<NamedCommit | undefined>;
  /** User and app that what this token writes is signed with. */
  author(): Promise<Author>;
}

export interface NamedCommit {
  /** Full id. */
  readonly commit: string;
  /** For the next time. */
  readonly etag: string | undefined;
}

export interface Author {
  readonly user: number;
  /** Undefined: a person's token. */
  readonly app: number | undefined;
}

/** `github-actions[bot]` and its app: every token of a job has them, and may not ask who it is. */
const ACTIONS: Author = { user: 41_898_282, app: 15_368 };

const PER_PAGE = 100;
/** 10,000 items: more comments than anybody writes, and an end where paging does not. */
const MOST_PAGES = 100;
const TIMEOUT_MS = 30_000;
/** GitHub Docs, "Best practices for using the REST API": writes one after another, a second between them. */
const BETWEEN_WRITES_MS = 1_000;

const NOT_MODIFIED = 304;
/** What a header can hold; a file's last line break is left off by whoever sends it. */
const TOKEN = /^[\x21-\x7e]+\s*$/;
/** Named by SHA-1 or SHA-256. */
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

/** Where the API is, and as whom it is asked. */
export type GithubAccess = Pick<GithubContext, 'api' | 'token' | 'repository'>;

export function createGithub({ api, token, repository }: GithubAccess, clock: Clock): Github {
  const call = octokit.defaults({
    baseUrl: api,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'user-agent': 'trueup',
      'x-github-api-version': '2022-11-28',
    },
  });
  const root = `/repos/${repository}`;
  let nextWrite = -Infinity;

  async function ask(method: string, url: string, body?: object, redirect?: 'manual'): Promise<Answer> {
    // What fetch says of a header that it does not take quotes it.
    if (!TOKEN.test(token)) throw new GithubError('the token of GitHub is none: a token is one word');
    const patience = createPatience(clock);
    for (;;) {
      if (method !== 'GET') await spaceWrites();
      try {
        const options = { signal: AbortSignal.timeout(TIMEOUT_MS), ...(redirect && { redirect }) };
        return (await call({ method, url, ...body, request: options } as never)) as Answer;
      } catch (error) {
        const failure = failureOf(error);
        const isSafe = method === 'GET' || isRepeatable(failure) === 'refused';
        const isWorthIt = isSafe && isRepeatable(failure) !== 'never';
        const why = isWorthIt ? await patience.wait(failure) : '';
        if (why === undefined) continue;
        const { status, message } = failure;
        const said = `${method} ${shown(url)}: ${status === 0 ? '' : `${status} `}${message}`;
        throw new GithubError(why === '' ? said : `${said} (${why})`, {
          status,
          maybeDone: method !== 'GET' && isRepeatable(failure) === 'lost',
          cause: error,
        });
      }
    }
  }

  async function spaceWrites(): Promise<void> {
    const now = clock.now();
    if (nextWrite > now) await clock.sleep(nextWrite - now);
    nextWrite = Math.max(now, nextWrite) + BETWEEN_WRITES_MS;
  }

  function shown(url: string): string {
    return url.startsWith(api) ? url.slice(api.length) : url;
  }

  return {
    async get<T>(path: string): Promise<T> {
      return (await ask('GET', `${root}${path}`)).data as T;
    },
    async list<T>(path: string, name?: string): Promise<readonly T[]> {
      const items: T[] = [];
      const mark = path.includes('?') ? '&' : '?';
      let url: string | undefined = `${root}${path}${mark}per_page=${PER_PAGE}`;
      for (let page = 0; url !== undefined && page < MOST_PAGES; page += 1) {
        const { data, headers } = await ask('GET', url);
        const found = name === undefined ? data : (data as Record<string, unknown>)[name];
        items.push(...((found ?? []) as readonly T[]));
        url = nextPage(String(headers['link'] ?? ''));
        if (url !== undefined && !url.startsWith(`${api}/`)) throw new GithubError('the next page is at another place');
      }
      return items;
    },
    async send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: object = {}): Promise<T> {
      return (await ask(method, `${root}${path}`, body)).data as T;
    },
    async download(path, most, isAdmitted = () => true) {
      const { status, headers } = await ask('GET', `${root}${path}`, undefined, 'manual');
      const place = String(headers['location'] ?? '');
      if (status !== 302 || !URL.canParse(place))
        throw new GithubError(`GET ${path}: ${status}, where a redirect was due`);
      if (!isAdmitted(new URL(place))) {
        throw new GithubError(`GET ${path} leads to ${new URL(place).host}, which is not a place of GitHub's`);
      }
      return fetchWhole(place, most, clock);
    },
    async commit(name, etag) {
      const conditions = { accept: 'application/vnd.github.sha', ...(etag !== undefined && { 'if-none-match': etag }) };
      const url = `${root}/commits/${encodeURIComponent(name)}`;
      try {
        const { data, headers } = await ask('GET', url, { headers: conditions });
        const commit = typeof data === 'string' ? data : Buffer.from(data as ArrayBuffer).toString('latin1');
        if (!COMMIT.test(commit)) throw new GithubError(`GET ${url}: the answer is no commit`);
        return { commit, etag: headers['etag'] === undefined ? undefined : String(headers['etag']) };
      } catch (error) {
        if (etag !== undefined && error instanceof GithubError && error.status === NOT_MODIFIED) return undefined;
        throw error;
      }
    },
    async author() {
      // The token of a job, or of another app, may not ask.
      if (token.startsWith('ghs_')) return ACTIONS;
      try {
        const { data } = await ask('GET', '/user');
        return { user: (data as { id: number }).id, app: undefined };
      } catch (error) {
        if (error instanceof GithubError && error.status === 403) return ACTIONS;
        throw error;
      }
    },
  };
}

/** Of a `Link` header (RFC 8288): `<https://…>; rel="next", <…>; rel="last"`. */
function nextPage(header: string): string | undefined {
  const next = header.split(',').find((part) => part.includes('rel="next"'));
  const [, url] = next?.split('<') ?? [];
  return url?.split('>')[0];
}

/** The place is signed and needs no token: it gets none. */
async function fetchWhole(place: string, most: number, clock: Clock): Promise<Uint8Array> {
  const { protocol, hostname } = new URL(place);
  const isLocal = hostname === '127.0.0.1' || hostname === 'localhost';
  if (protocol !== 'https:' && !isLocal) throw new GithubError('the archive lies at no https address');
  const patience = createPatience(clock);
  for (;;) {
    const taken = await takeWhole(place, most);
    if (taken instanceof Uint8Array) return taken;
    const why = isRepeatable(taken) === 'never' ? '' : await patience.wait(taken);
    if (why === undefined) continue;
    const { status, message } = taken;
    const said = `the archive cannot be fetched: ${status === 0 ? '' : `${status} `}${message}`;
    throw new GithubError(why === '' ? said : `${said} (${why})`, { status });
  }
}

/** What lies there, or why it did not come; a body that is cut off is no answer. @throws GithubError for too much of it */
async function takeWhole(place: string, most: number): Promise<Uint8Array | Failure> {
  try {
    const answer = await fetch(place, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (answer.ok && answer.body) return await bounded(answer.body, most);
    await answer.body?.cancel();
    return { status: answer.status, message: answer.statusText, headers: Object.fromEntries(answer.headers) };
  } catch (cause) {
    if (cause instanceof GithubError) throw cause;
    return { status: 0, message: cause instanceof Error ? cause.message : String(cause), headers: {} };
  }
}

async function bounded(body: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > most) throw new GithubError(`the archive has more than ${most.toLocaleString('en')} octets`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export interface Failure {
  /** 0: no answer. */
  readonly status: number;
  readonly message: string;
  readonly headers: Answer['headers'];
}

function failureOf(error: unknown): Failure {
  const { message, response } = error as Error & { response?: { status: number; headers: Answer['headers'] } };
  // Octokit puts the address of the documentation after what GitHub said.
  const [said = ''] = message.split(' - https://');
  return { status: response?.status ?? 0, message: said, headers: response?.headers ?? {} };
}
