import type { User } from '../types.ts';
import type { World } from '../world.ts';

export function userShape(user: User): object {
  return { login: user.login, id: user.id, node_id: `U_${user.id}`, type: user.type, site_admin: false };
}

/** Null for people. */
export function appShape({ app }: User): object | null {
  if (!app) return null;
  return { id: app.id, slug: app.slug, name: app.slug, owner: { login: 'github', id: 9919, type: 'Organization' } };
}

/** The id of a repository: forks have their own. */
export function repositoryId(world: World, owner: string): number {
  if (owner === world.state.owner.login) return world.state.id;
  return world.state.id + (world.state.users.get(owner)?.id ?? 0);
}

export function repositoryShape(world: World, owner: string): object {
  const { state, url } = world;
  const isFork = owner !== state.owner.login;
  const user = isFork ? state.users.get(owner)! : state.owner;
  const fullName = `${owner}/${state.name}`;
  return {
    id: repositoryId(world, owner),
    node_id: `R_${repositoryId(world, owner)}`,
    name: state.name,
    full_name: fullName,
    owner: userShape(user),
    private: state.settings.private,
    visibility: state.settings.private ? 'private' : 'public',
    fork: isFork,
    archived: false,
    disabled: false,
    has_issues: state.settings.hasIssues,
    default_branch: state.settings.defaultBranch,
    url: `${url}/repos/${fullName}`,
    html_url: `https://github.com/${fullName}`,
  };
}
