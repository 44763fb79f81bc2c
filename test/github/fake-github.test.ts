import { unzipSync } from 'fflate';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openGithub } from '../support/github/index.ts';
import type { Github, GithubOptions } from '../support/github/index.ts';

const README = { 'README.md': 'estate\n', 'config/a.yaml': 'a: 1\n' };
const BOT = { login: 'github-actions[bot]', id: 41_898_282, type: 'Bot' };

async function open(options: GithubOptions = {}): Promise<Github> {
  const github = await openGithub({ files: README, ...options });
  onTestFinished(() => github.close());
  return github;
}

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

interface Sent {
  readonly method?: string;
  readonly body?: object;
  /** Null: none. */
  readonly token?: string | null;
}

async function ask(github: Github, path: string, { method = 'GET', body, token = github.token }: Sent = {}) {
  const url = path.startsWith('http') ? path : `${github.url}${path.replace(/^~/, `/repos/${github.repository}`)}`;
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const reply: Reply = {
    status: response.status,
    headers: response.headers,
    body: text && JSON.parse(text),
  };
  return reply;
}

async function statusOf(github: Github, path: string, sent?: Sent): Promise<number> {
  return (await ask(github, path, sent)).status;
}

describe('lists', () => {
  it('come in pages, linked by the id of the repository', async () => {
    const github = await open();
    const { number } = github.openIssue('ann', { title: 'x', body: null });
    github.chatter(number, 101);
    const seen: string[] = [];
    const asked: string[] = [];
    let next: string | undefined = `~/issues/${number}/comments?per_page=50`;
    while (next !== undefined) {
      asked.push(next);
      const { body, headers } = await ask(github, next);
      seen.push(...(body as { body: string }[]).map((comment) => comment.body));
      next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }
    expect(seen).toStrictEqual(Array.from({ length: 101 }, (_, index) => `remark ${index + 1}`));
    expect(asked.slice(1)).toStrictEqual([
      `${github.url}/repositories/${github.state.id}/issues/1/comments?per_page=50&page=2`,
      `${github.url}/repositories/${github.state.id}/issues/1/comments?per_page=50&page=3`,
    ]);
  });

  it('hold 30 where nothing else is said, and 100 at most', async () => {
    const github = await open();
    const { number } = github.openIssue('ann', { title: 'x', body: null });
    github.chatter(number, 120);
    const { body } = await ask(github, `~/issues/${number}/comments`);
    const { body: most } = await ask(github, `~/issues/${number}/comments?per_page=500`);
    expect([(body as unknown[]).length, (most as unknown[]).length]).toStrictEqual([30, 100]);
  });

  it('of issues are filtered by state, label, author and change', async () => {
    const github = await open({ now: () => Date.parse('2026-11-20T00:00:00Z') });
    github.openIssue('ann', { title: 'theirs', body: null, labels: ['drift'] });
    await ask(github, '~/issues', { method: 'POST', body: { title: 'old', labels: ['drift'] } });
    github.setTime(Date.parse('2026-11-25T00:00:00Z'));
    await ask(github, '~/issues', { method: 'POST', body: { title: 'new', labels: ['drift', 'x'] } });
    await ask(github, '~/issues/3', { method: 'PATCH', body: { state: 'closed' } });
    github.openPull({ files: { a: '1' } });
    const titles = async (query: string) =>
      ((await ask(github, `~/issues?${query}`)).body as { title: string }[]).map(({ title }) => title);
    expect(await titles('state=all')).toStrictEqual(['Change', 'new', 'old', 'theirs']);
    expect(await titles('labels=drift')).toStrictEqual(['old', 'theirs']);
    expect(await titles('state=all&labels=drift,x')).toStrictEqual(['new']);
    expect(await titles('creator=github-actions[bot]')).toStrictEqual(['old']);
    expect(await titles('state=closed&since=2026-11-24T00:00:00Z')).toStrictEqual(['new']);
  });
});

describe('conversations', () => {
  it('are written by the bot of jobs', async () => {
    const github = await open();
    const { number } = github.openPull({ files: { a: '1' } });
    const path = `~/issues/${number}/comments`;
    const { status, body } = await ask(github, path, { method: 'POST', body: { body: 'hello' } });
    expect(status).toBe(201);
    expect(body).toMatchObject({ body: 'hello', user: BOT, performed_via_github_app: { id: 15_368 } });
    expect(await ask(github, path)).toMatchObject({ body: [{ body: 'hello' }] });
  });

  it.each([
    ['deleted comment', 404, (github: Github, id: number) => github.deleteComment(id), 'PATCH', '~/issues/comments/ID'],
    ['deleted issue', 410, (github: Github) => github.deleteIssue(1), 'PATCH', '~/issues/1'],
    ['locked issue', 403, (github: Github) => github.lock(1), 'POST', '~/issues/1/comments'],
    ['body too long', 422, () => undefined, 'PATCH', '~/issues/comments/ID', 'x'.repeat(65_537)],
    ['no body', 422, () => undefined, 'POST', '~/issues/1/comments', ''],
  ] as const)('%s: %i', async (_, status, prepare, method, path, body = 'x') => {
    const github = await open();
    github.openIssue('github-actions[bot]', { title: 'x', body: null });
    const { id } = github.comment(1, 'github-actions[bot]', 'first');
    prepare(github, id);
    const sent = { method, body: { body } };
    expect(await statusOf(github, path.replace('ID', String(id)), sent)).toBe(status);
    expect(github.state.issues.get(1)?.comments.map((comment) => comment.body)).not.toContain(body);
  });

  it('can be closed and opened again with a reason', async () => {
    const github = await open();
    await ask(github, '~/issues', { method: 'POST', body: { title: 'x' } });
    const patch = async (body: object) => (await ask(github, '~/issues/1', { method: 'PATCH', body })).body;
    expect(await patch({ state: 'closed' })).toMatchObject({ state: 'closed', state_reason: 'completed' });
    expect(await patch({ state: 'open' })).toMatchObject({ state: 'open', state_reason: 'reopened', closed_at: null });
  });
});

describe('tokens', () => {
  it.each([
    ['a job token says nobody', 403, '/user', undefined],
    ['no token says nobody', 401, '/user', null],
    ['unknown token', 401, '~', 'ghs_nobody'],
    ['private without a token', 404, '~', null],
  ] as const)('%s: %i', async (_, status, path, token) => {
    const github = await open({ private: true });
    expect(await statusOf(github, path, token === undefined ? {} : { token })).toBe(status);
  });

  it('of jobs can do what their permissions say', async () => {
    const github = await open({ private: true });
    const { number } = github.openPull({ files: { a: '1' } });
    const token = github.jobToken({ contents: 'read', issues: 'read', 'pull-requests': 'write' });
    const tried = async (path: string, method = 'GET') =>
      await statusOf(github, path, { token, method, ...(method === 'POST' && { body: { title: 'x', body: 'x' } }) });
    expect(await tried('~')).toBe(200);
    expect(await tried('~/branches/main')).toBe(200);
    expect(await tried(`~/issues/${number}/comments`, 'POST')).toBe(201);
    expect(await tried('~/issues')).toBe(200);
    expect(await tried('~/issues', 'POST')).toBe(403);
    expect(await tried('~/actions/artifacts')).toBe(403);
    expect(await tried('~/branches/main/protection')).toBe(403);
    expect((await ask(github, '~/actions/artifacts', { token })).body).toMatchObject({
      message: 'Resource not accessible by integration',
    });
  });

  it('end when they are revoked', async () => {
    const github = await open();
    github.revoke(github.token);
    expect(await statusOf(github, '~')).toBe(401);
  });
});

describe('git', () => {
  it('shows trees and blobs by their ids', async () => {
    const github = await open();
    const { body: branch } = await ask(github, '~/branches/main');
    const { sha, commit } = (branch as { commit: { sha: string; commit: { tree: { sha: string } } } }).commit;
    expect(sha).toBe(github.tip());
    const { body } = await ask(github, `~/git/trees/${commit.tree.sha}?recursive=1`);
    const { tree } = body as { tree: { path: string; sha: string; type: string }[] };
    expect(body).toMatchObject({ sha: commit.tree.sha, truncated: false });
    expect(tree.map(({ path, type }) => `${type} ${path}`)).toStrictEqual([
      'blob README.md',
      'tree config',
      'blob config/a.yaml',
    ]);
    const { body: blob } = await ask(github, `~/git/blobs/${tree[2]!.sha}`);
    const { content, size } = blob as { content: string; size: number };
    expect([Buffer.from(content, 'base64').toString(), size]).toStrictEqual(['a: 1\n', 5]);
    expect(await ask(github, `~/commits/${sha}`)).toMatchObject({
      body: { sha, parents: [], files: [{ filename: 'README.md' }, { filename: 'config/a.yaml', status: 'added' }] },
    });
    expect(await statusOf(github, `~/git/trees/${'0'.repeat(40)}`)).toBe(404);
    expect(await statusOf(github, `~/git/blobs/${sha}`)).toBe(404);
  });

  it('cuts a tree that is too large', async () => {
    const github = await open({ settings: { treeLimit: 2 } });
    const { body } = await ask(github, `~/git/trees/${github.tip()}?recursive=1`);
    expect(body).toMatchObject({ truncated: true, tree: [{ path: 'README.md' }, { path: 'config' }] });
  });

  it('compares from the merge base', async () => {
    const github = await open();
    const base = github.tip();
    const pull = github.openPull({ files: { 'config/b.yaml': 'b', 'config/a.yaml': null } });
    const second = github.pushTo(pull.number, { 'config/c.yaml': 'c' });
    github.push({ 'README.md': 'moved on\n' });
    const { body } = await ask(github, `~/compare/main...${second}?per_page=1`);
    expect(body).toMatchObject({
      status: 'diverged',
      ahead_by: 2,
      behind_by: 1,
      total_commits: 2,
      merge_base_commit: { sha: base },
      files: [
        { filename: 'config/a.yaml', status: 'removed' },
        { filename: 'config/b.yaml', status: 'added' },
        { filename: 'config/c.yaml', status: 'added' },
      ],
    });
    expect((body as { commits: unknown[] }).commits).toHaveLength(1);
  });

  it('shows a fork under its own name and its commits under ours', async () => {
    const github = await open();
    const { pull, number } = github.openPull({ fork: 'mallory', branch: 'evil', files: { x: 'y' } });
    const { body } = await ask(github, `~/pulls/${number}`);
    expect(body).toMatchObject({ head: { repo: { full_name: 'mallory/estate', fork: true }, label: 'mallory:evil' } });
    expect(await statusOf(github, '/repos/mallory/estate/branches/evil')).toBe(200);
    expect(await statusOf(github, '~/branches/evil')).toBe(404);
    expect(await statusOf(github, `~/git/commits/${pull.headSha}`)).toBe(200);
    expect(await statusOf(github, `/repos/mallory/estate/issues`)).toBe(404);
  });
});

describe('pull requests', () => {
  it.each(['merge', 'squash', 'rebase'] as const)('%s: the commits that came name the pull request', async (style) => {
    const github = await open();
    const first = github.tip();
    const { number, pull } = github.openPull({ files: { 'config/b.yaml': 'b' } });
    github.pushTo(number, { 'config/c.yaml': 'c' });
    github.push({ 'README.md': 'moved on\n' });
    const sha = github.merge(number, style);
    const parents = github.git.git(['rev-list', '--parents', '-1', sha]).split(' ').length - 1;
    const added = github.git.git(['rev-list', '--first-parent', '--count', `${first}..${sha}`]);
    const looks = { merge: [2, '2'], squash: [1, '2'], rebase: [1, '3'] }[style];
    expect([parents, added]).toStrictEqual(looks);
    expect(github.tip()).toBe(sha);
    const files = github.git.git(['ls-tree', '-r', '--name-only', sha]).split('\n');
    expect(files).toStrictEqual(['README.md', 'config/a.yaml', 'config/b.yaml', 'config/c.yaml']);
    const found = { body: [{ number, merge_commit_sha: sha, head: { sha: pull.headSha } }] };
    expect(await ask(github, `~/commits/${sha}/pulls`)).toMatchObject(found);
    expect(await ask(github, `~/commits/${first}/pulls`)).toMatchObject({ body: [] });
    expect(await ask(github, `~/pulls/${number}`)).toMatchObject({ body: { merged: true, state: 'closed' } });
  });

  it('a direct push belongs to none', async () => {
    const github = await open();
    const sha = github.push({ a: '1' });
    expect((await ask(github, `~/commits/${sha}/pulls`)).body).toStrictEqual([]);
  });

  it('that conflict cannot be merged', async () => {
    const github = await open();
    const { number } = github.openPull({ files: { 'README.md': 'one\n' } });
    github.push({ 'README.md': 'two\n' });
    expect(() => github.merge(number)).toThrow('conflicts');
    github.pushTo(number, { 'README.md': 'three\n' });
    const { body } = await ask(github, `~/pulls/${number}`);
    expect(body).toMatchObject({ mergeable: false, merge_commit_sha: null, state: 'open' });
  });

  it('have reviews, each of one commit', async () => {
    const github = await open();
    const { number, pull } = github.openPull({ files: { a: '1' } });
    const old = pull.headSha;
    github.review(number, { by: 'bob', state: 'APPROVED' });
    github.pushTo(number, { a: '2' });
    expect(await ask(github, `~/pulls/${number}/reviews`)).toMatchObject({
      body: [{ state: 'APPROVED', commit_id: old, user: { login: 'bob' } }],
    });
    expect(github.pull(number).pull.headSha).not.toBe(old);
  });
});

describe('artefacts', () => {
  it('are downloaded from elsewhere by a signed link', async () => {
    const github = await open();
    const run = github.putRun({
      event: 'pull_request_target',
      path: '.github/workflows/plan.yml',
      headSha: github.tip(),
    });
    const { id, digest } = github.putArtifact({ name: 'trueup-plan-1-x', run, content: '{"a":1}' });
    github.putArtifact({ name: 'other', run, content: '{}' });
    expect(await ask(github, '~/actions/artifacts?name=trueup-plan-1-x')).toMatchObject({
      body: { total_count: 1, artifacts: [{ id, digest, expired: false, workflow_run: { id: run.id } }] },
    });
    const { status, headers } = await ask(github, `~/actions/artifacts/${id}/zip`);
    const location = headers.get('location')!;
    expect([status, location.startsWith(github.storageUrl), location.startsWith(github.url)]).toStrictEqual([
      302,
      true,
      false,
    ]);
    const bytes = new Uint8Array(await (await fetch(location)).arrayBuffer());
    expect(Buffer.from(unzipSync(bytes)['plan.json']!).toString()).toBe('{"a":1}');
    const withToken = await fetch(location, { headers: { authorization: 'Bearer x' } });
    const unsigned = await fetch(location.replace(/sig=.*/, 'sig=guess'));
    expect([withToken.status, unsigned.status]).toStrictEqual([403, 403]);
    expect(github.log.filter(({ host, authorised }) => host === 'storage' && authorised)).toHaveLength(1);
  });

  it('that expired are listed and gone', async () => {
    const github = await open();
    const run = github.putRun({ event: 'push', path: '.github/workflows/x.yml', headSha: github.tip() });
    const artifact = github.putArtifact({ name: 'a', run, content: '{}', digest: 'sha256:00' });
    github.expire(artifact);
    expect(await ask(github, `~/actions/artifacts/${artifact.id}`)).toMatchObject({
      body: { expired: true, digest: 'sha256:00' },
    });
    expect(await statusOf(github, `~/actions/artifacts/${artifact.id}/zip`)).toBe(410);
  });

  it('name their run and the repository of its head', async () => {
    const github = await open();
    const { pull } = github.openPull({ fork: 'mallory', files: { a: '1' } });
    const run = github.putRun({
      event: 'pull_request',
      path: '.github/workflows/plan.yml',
      headSha: pull.headSha,
      headOwner: 'mallory',
    });
    github.putArtifact({ name: 'a', run, content: '{}' });
    const { body } = await ask(github, `~/actions/runs/${run.id}`);
    expect(body).toMatchObject({
      event: 'pull_request',
      conclusion: 'success',
      repository: { id: github.state.id },
      head_repository: { full_name: 'mallory/estate' },
    });
    const { body: listed } = await ask(github, `~/actions/runs/${run.id}/artifacts`);
    const [first] = (listed as { artifacts: { workflow_run: { head_repository_id: number } }[] }).artifacts;
    expect(first?.workflow_run.head_repository_id).not.toBe(github.state.id);
    const runs = '~/actions/workflows/plan.yml/runs?event=pull_request&status=success';
    expect(await ask(github, runs)).toMatchObject({ body: { total_count: 1, workflow_runs: [{ id: run.id }] } });
  });
});

describe('settings', () => {
  it('are shown to administrators, and the rules of a branch to everybody', async () => {
    const github = await open();
    const { settings } = github.state;
    settings.protection['main'] = { enforce_admins: { enabled: true } };
    settings.rules['release'] = [{ type: 'pull_request' }];
    settings.environments['trueup-apply'] = {
      protectionRules: [],
      branchPolicy: { protected_branches: false, custom_branch_policies: true },
      branches: [{ name: 'main', type: 'branch' }],
    };
    github.push({ a: '1' }, { branch: 'release' });
    const token = github.personalToken('root');
    const seen = async (path: string) => (await ask(github, path, { token })).body;
    expect(await seen('~/branches/main/protection')).toMatchObject({ enforce_admins: { enabled: true } });
    expect(await seen('~/branches/release/protection')).toMatchObject({ message: 'Branch not protected' });
    expect(await seen('~/branches/main')).toMatchObject({ protected: true });
    expect(await seen('~/branches/release')).toMatchObject({ protected: true });
    expect(await seen('~/environments')).toMatchObject({ total_count: 1, environments: [{ name: 'trueup-apply' }] });
    expect(await seen('~/environments/trueup-apply/deployment-branch-policies')).toMatchObject({
      branch_policies: [{ name: 'main', type: 'branch' }],
    });
    expect(await seen('~/environments/none')).toMatchObject({ message: 'Not Found' });
    expect(await seen('~/actions/permissions')).toMatchObject({ enabled: true, allowed_actions: 'all' });
    expect(await seen('~/actions/permissions/workflow')).toMatchObject({ default_workflow_permissions: 'read' });
    expect((await ask(github, '~/rules/branches/release', { token: null })).body).toStrictEqual([
      { type: 'pull_request' },
    ]);
  });
});

describe('faults', () => {
  const COMMENT = { method: 'POST', body: { body: 'x' } };
  const created = (github: Github): number => github.state.issues.get(1)!.comments.length;

  async function conversation(): Promise<Github> {
    const github = await open();
    github.openIssue('ann', { title: 'x', body: null });
    return github;
  }

  it.each([
    ['status:502', 502, 0],
    ['status:502-after', 502, 1],
    ['rate-limit', 403, 0],
    ['secondary', 403, 0],
    ['secondary:429', 429, 0],
    ['slow:1', 201, 1],
  ] as const)('%s: status %i, %i comments', async (fault, status, comments) => {
    const github = await conversation();
    github.faults.push({ method: 'POST', path: /comments/, fault, retryAfter: 7 });
    const { status: seen, headers } = await ask(github, '~/issues/1/comments', COMMENT);
    expect([seen, created(github)]).toStrictEqual([status, comments]);
    const limit = { 'rate-limit': ['0', null], secondary: ['999', '7'], 'secondary:429': ['999', '7'] };
    if (fault in limit) {
      const seenLimit = [headers.get('x-ratelimit-remaining'), headers.get('retry-after')];
      expect(seenLimit).toStrictEqual(limit[fault as keyof typeof limit]);
    }
    expect(await statusOf(github, '~/issues/1/comments', COMMENT)).toBe(201);
  });

  it.each([
    ['drop', 0],
    ['drop-after', 1],
    ['down', 0],
  ] as const)('%s cuts the connection: %i comments', async (fault, comments) => {
    const github = await conversation();
    github.faults.push({ path: /comments/, fault });
    await expect(ask(github, '~/issues/1/comments', COMMENT)).rejects.toThrow('fetch failed');
    expect(created(github)).toBe(comments);
  });

  it('strike the nth request and some after it, and the log tells which', async () => {
    const github = await conversation();
    github.faults.push({ path: /issues\/1$/, nth: 2, times: 2, fault: 'status:500' });
    const statuses: number[] = [];
    for (let index = 0; index < 4; index++) statuses.push(await statusOf(github, '~/issues/1'));
    expect(statuses).toStrictEqual([200, 500, 500, 200]);
    expect(github.log.map(({ status, fault }) => [status, fault])).toStrictEqual([
      [200, undefined],
      [500, 'status:500'],
      [500, 'status:500'],
      [200, undefined],
    ]);
  });

  it('are told apart from what the fake does not have', async () => {
    const github = await open();
    expect(await statusOf(github, '~/teams')).toBe(501);
    expect(await statusOf(github, '~/issues?colour=red')).toBe(501);
  });
});

describe('the log', () => {
  it('names each request with its time, its token and its body', async () => {
    const github = await open();
    await ask(github, '~', { token: null });
    await ask(github, '~/issues', { method: 'POST', body: { title: 'x' } });
    expect(github.log).toMatchObject([
      { method: 'GET', path: '/repos/acme/estate', authorised: false, status: 200 },
      { method: 'POST', path: '/repos/acme/estate/issues', authorised: true, status: 201, body: { title: 'x' } },
    ]);
    expect(github.log[0]!.at).toBeLessThan(github.log[1]!.at);
    expect(github.writes()).toHaveLength(1);
  });
});
