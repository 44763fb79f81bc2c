import type { BareRepository, CommitOptions } from './git.ts';
import type { Permissions, State, Token, User } from './types.ts';

/** What every part of the fake works on. */
export interface World {
  readonly state: State;
  readonly git: BareRepository;
  /** Where the API is reached; without a slash at the end. */
  url: string;
  /** Where artefacts are downloaded from: another origin. */
  storageUrl: string;
  now(): number;
  nextId(): number;
  nextNumber(): number;
}

/** The account that the token of a job acts as: its ids are the same in every repository of github.com. */
export const ACTIONS_BOT: User = {
  login: 'github-actions[bot]',
  id: 41_898_282,
  type: 'Bot',
  app: { id: 15_368, slug: 'github-actions' },
};

export function personOf(world: World, login: string): User {
  const known = world.state.users.get(login);
  if (known) return known;
  const user: User = { login, id: world.nextId(), type: 'User' };
  world.state.users.set(login, user);
  return user;
}

let issued = 0;

/** @param prefix `ghs_` of an app's, `ghp_` of a person's */
export function issueToken(world: World, prefix: 'ghs_' | 'ghp_', token: Token): string {
  issued += 1;
  const text = `${prefix}${issued.toString(36).padStart(36, 'A')}`;
  world.state.tokens.set(text, token);
  return text;
}

/** Everything that a workflow can give its token. */
export const ALL_OF_A_JOB: Permissions = {
  actions: 'write',
  checks: 'write',
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  packages: 'write',
  'pull-requests': 'write',
  statuses: 'write',
};

/** Where a branch of the repository or of a fork stands: forks share the objects, as on GitHub. */
export function refOf(world: World, owner: string, branch: string): string {
  return owner === world.state.owner.login ? `refs/heads/${branch}` : `refs/forks/${owner}/${branch}`;
}

export function commitOptions(world: World, user: User, message: string): CommitOptions {
  const email = `${user.id}+${user.login}@users.noreply.github.com`;
  return { message, author: { name: user.login, email }, at: world.now() };
}
