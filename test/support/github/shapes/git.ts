import { userShape } from './repository.ts';
import type { World } from '../world.ts';

interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601. */
  readonly date: string;
}

interface CommitData {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

const FORMAT = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'].join('%x00');

/** @param sha of a commit that exists */
export function readCommit({ git }: World, sha: string): CommitData {
  const fields = git.git(['log', '-1', `--format=${FORMAT}`, sha]).split('\0');
  const [id = '', tree = '', parents = '', name = '', email = '', date = '', ...rest] = fields;
  const [committerName = '', committerEmail = '', committed = '', message = ''] = rest;
  return {
    sha: id,
    tree,
    parents: parents.split(' ').filter(Boolean),
    author: { name, email, date: zulu(date) },
    committer: { name: committerName, email: committerEmail, date: zulu(committed) },
    message: message.trimEnd(),
  };
}

/** As `/git/commits/SHA` has it. */
export function gitCommitShape(world: World, sha: string): object {
  const { tree, parents, author, committer, message } = readCommit(world, sha);
  return {
    sha,
    node_id: `C_${sha.slice(0, 12)}`,
    author,
    committer,
    message,
    tree: { sha: tree },
    parents: parents.map((parent) => ({ sha: parent })),
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  };
}

/** As `/commits/SHA`, branches and comparisons have it. */
export function commitShape(world: World, sha: string): object {
  const { tree, parents, author, committer, message } = readCommit(world, sha);
  return {
    sha,
    node_id: `C_${sha.slice(0, 12)}`,
    commit: { author, committer, message, tree: { sha: tree }, comment_count: 0 },
    author: accountOf(world, author),
    committer: accountOf(world, committer),
    parents: parents.map((parent) => ({ sha: parent })),
  };
}

/** Whose address it is, as the API tells it; null: nobody's that it knows. */
function accountOf({ state }: World, { email }: Signature): object | null {
  const user = [...state.users.values()].find(({ id, login }) => email === `${id}+${login}@users.noreply.github.com`);
  return user ? userShape(user) : null;
}

const STATUS: Readonly<Record<string, string>> = {
  A: 'added',
  C: 'copied',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
};

/** The files that differ between two commits or trees, with renames found, as the API lists them. */
export function changedFiles({ git }: World, from: string, to: string): readonly object[] {
  const fields = git.bytes(['diff-tree', '-r', '-z', '-M', '--raw', '--no-abbrev', from, to]).toString().split('\0');
  const files: object[] = [];
  for (let index = 0; index + 1 < fields.length;) {
    const [, , before = '', after = '', letters = ''] = fields[index]!.split(' ');
    const status = STATUS[letters[0]!] ?? 'changed';
    const isMoved = status === 'renamed' || status === 'copied';
    const names = fields.slice(index + 1, index + (isMoved ? 3 : 2));
    const previous = isMoved && { previous_filename: names[0] };
    files.push({ sha: status === 'removed' ? before : after, filename: names.at(-1), status, ...previous });
    index += isMoved ? 3 : 2;
  }
  return files;
}

function zulu(date: string): string {
  return isoOf(Date.parse(date));
}

/** Without fractions of a second, as all times of the API. */
export function isoOf(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
