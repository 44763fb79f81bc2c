import { listed, notFound, ok, Refusal } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { isSha } from '../git.ts';
import type { ApiRequest, Route } from '../route.ts';
import { changedFiles, commitShape, gitCommitShape } from '../shapes/git.ts';
import { refOf } from '../world.ts';

/** How many files a comparison lists at most. */
const COMPARED_FILES = 300;
/** The id of a tree without entries, which git knows without having it. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const LINE = /.{1,60}/g;

/** A full id, a branch of the repository, or `owner:branch`. @throws Refusal 404 */
function commitOf(request: ApiRequest, text: string, refuse: () => Refusal = notFound): string {
  const { world, owner } = request;
  const [, other, branch] = /^([^:]+):(.+)$/.exec(text) ?? [];
  const ref = refOf(world, other ?? owner, (branch ?? text).replace(/^(?:refs\/)?heads\//, ''));
  const [sha] = [...(isSha(text) ? [text] : []), `refs/tags/${text}`, ref].flatMap(
    (name) => world.git.resolve(name) ?? [],
  );
  if (sha === undefined) throw refuse();
  return sha;
}

function treeEntries({ world, query }: ApiRequest, tree: string): readonly object[] {
  const recursive = query.has('recursive') ? ['-r', '-t'] : [];
  const lines = world.git
    .bytes(['ls-tree', '-z', '-l', ...recursive, tree])
    .toString()
    .split('\0');
  return lines.filter(Boolean).map((line) => {
    const [, mode = '', type = '', sha = '', size = '', path = ''] = /^(\d+) (\w+) (\w+) +(\S+)\t(.*)$/s.exec(line)!;
    return { path, mode, type, sha, ...(size !== '-' && { size: Number(size) }) };
  });
}

/** @param object its id, or where it stands: `COMMIT:PATH` */
function typeOf({ world }: ApiRequest, object: string): string | undefined {
  try {
    return world.git.git(['cat-file', '-t', object]);
  } catch {
    return undefined;
  }
}

/** In lines, as GitHub writes it. */
function contentOf(bytes: Buffer): { readonly encoding: string; readonly content: string } {
  const lines = bytes.toString('base64').match(LINE) ?? [];
  return { encoding: 'base64', content: lines.map((line) => `${line}\n`).join('') };
}

const READ = [['contents', 'read']] as const;

export const GIT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/git/ref/heads/*branch',
    needs: READ,
    forks: true,
    handle(request) {
      const { world, owner, params } = request;
      const sha = world.git.resolve(refOf(world, owner, params['branch']!));
      if (sha === undefined) throw notFound();
      return ok({ ref: `refs/heads/${params['branch']}`, node_id: 'REF_1', object: { type: 'commit', sha } });
    },
  },
  {
    method: 'GET',
    path: '/git/commits/:sha',
    needs: READ,
    forks: true,
    handle({ world, params }) {
      const sha = isSha(params['sha']!) ? world.git.resolve(params['sha']!) : undefined;
      if (sha === undefined) throw notFound();
      return ok(gitCommitShape(world, sha));
    },
  },
  {
    method: 'GET',
    path: '/git/trees/:sha',
    needs: READ,
    query: ['recursive'],
    forks: true,
    handle(request) {
      const { world, params } = request;
      const given = params['sha']!;
      const isTree = isSha(given) && typeOf(request, given) === 'tree';
      const sha = isTree ? given : world.git.git(['rev-parse', `${commitOf(request, given)}^{tree}`]);
      const entries = treeEntries(request, sha);
      const limit = world.state.settings.treeLimit;
      return ok({ sha, truncated: entries.length > limit, tree: entries.slice(0, limit) });
    },
  },
  {
    method: 'GET',
    path: '/git/blobs/:sha',
    needs: READ,
    forks: true,
    handle(request) {
      const sha = request.params['sha']!;
      if (!isSha(sha)) throw new Refusal(422, 'The sha parameter must be exactly 40 characters');
      if (typeOf(request, sha) !== 'blob') throw notFound();
      const bytes = request.world.git.bytes(['cat-file', 'blob', sha]);
      return ok({ sha, node_id: 'B_1', size: bytes.length, ...contentOf(bytes) });
    },
  },
  {
    method: 'GET',
    path: '/contents/*path',
    needs: READ,
    query: ['ref'],
    forks: true,
    handle(request) {
      const { world, params, query } = request;
      const path = params['path']!;
      const commit = commitOf(request, query.get('ref') ?? world.state.settings.defaultBranch);
      if (typeOf(request, `${commit}:${path}`) !== 'blob') throw notFound();
      const sha = world.git.git(['rev-parse', `${commit}:${path}`]);
      const bytes = world.git.bytes(['cat-file', 'blob', sha]);
      return ok({ type: 'file', path, sha, size: bytes.length, ...contentOf(bytes) });
    },
  },
  {
    method: 'GET',
    path: '/commits',
    needs: READ,
    query: ['sha', 'path', 'since', 'until'],
    forks: true,
    handle(request) {
      const { world, query } = request;
      const start = commitOf(request, query.get('sha') ?? world.state.settings.defaultBranch);
      const limits = ['since', 'until'].flatMap((name) => (query.has(name) ? [`--${name}=${query.get(name)}`] : []));
      const paths = query.has('path') ? ['--', query.get('path')!] : [];
      const shas = world.git
        .git(['log', '--format=%H', ...limits, start, ...paths])
        .split('\n')
        .filter(Boolean);
      return listed(shas.map((sha) => commitShape(world, sha)));
    },
  },
  {
    method: 'GET',
    path: '/commits/:sha',
    needs: READ,
    forks: true,
    handle(request) {
      const { world, params, headers } = request;
      const sha = commitOf(request, params['sha']!);
      if (headers.accept === 'application/vnd.github.sha') return shaAlone(sha, headers['if-none-match']);
      const files = changedFiles(world, world.git.resolve(`${sha}^`) ?? EMPTY_TREE, sha);
      return ok({ ...commitShape(world, sha), files: files.slice(0, COMPARED_FILES) });
    },
  },
  {
    method: 'GET',
    path: '/tarball/*ref',
    needs: READ,
    forks: true,
    handle(request) {
      const sha = commitOf(request, request.params['ref']!);
      const location = `${request.world.storageUrl}/tarballs/${sha}.tar.gz?token=${tarballToken(sha)}`;
      return { status: 302, headers: { location } };
    },
  },
  {
    method: 'GET',
    path: '/compare/*basehead',
    needs: READ,
    forks: true,
    handle: compare,
  },
];

/** The media type that is the id and nothing else; its ETag is made of it. */
function shaAlone(sha: string, known: string | undefined): Answer {
  const headers = { 'content-type': 'application/vnd.github.sha; charset=utf-8', etag: `W/"${sha}"` };
  return headers.etag === known ? { status: 304, headers } : { status: 200, text: sha, headers };
}

/** What makes a link to a tarball one that only the API can have given. */
export function tarballToken(sha: string): string {
  return Buffer.from(`tarball ${sha}`).toString('base64url');
}

/** Two commits: what `git log BASE..HEAD` lists, oldest first, and the files from the merge base to the head. */
function compare(request: ApiRequest) {
  const { world, params, query } = request;
  const [from, to] = params['basehead']!.split('...');
  if (!from || !to) throw notFound();
  const base = commitOf(request, from);
  const head = commitOf(request, to);
  let mergeBase: string;
  try {
    mergeBase = world.git.git(['merge-base', base, head]);
  } catch {
    throw notFound(`No common ancestor between ${from} and ${to}.`);
  }
  const [behind = 0, ahead = 0] = world.git
    .git(['rev-list', '--left-right', '--count', `${base}...${head}`])
    .split('\t')
    .map(Number);
  const commits = world.git
    .git(['rev-list', '--reverse', `${base}..${head}`])
    .split('\n')
    .filter(Boolean);
  const isFirstPage = Number(query.get('page') ?? '1') === 1;
  const status = ahead > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical';
  const body = {
    status,
    ahead_by: ahead,
    behind_by: behind,
    total_commits: commits.length,
    base_commit: commitShape(world, base),
    merge_base_commit: commitShape(world, mergeBase),
    ...(isFirstPage && { files: changedFiles(world, mergeBase, head).slice(0, COMPARED_FILES) }),
  };
  return {
    status: 200,
    list: commits.map((sha) => commitShape(world, sha)),
    wrap: (page: readonly unknown[]) => ({ ...body, commits: page }),
  };
}
