import type { IncomingHttpHeaders } from 'node:http';
import { notFound, ok, Refusal } from './answer.ts';
import type { Answer } from './answer.ts';
import { assertAllowed, matchRoute } from './route.ts';
import type { ApiRequest, Route } from './route.ts';
import { ACTIONS_ROUTES } from './routes/actions.ts';
import { COMMENT_ROUTES } from './routes/comments.ts';
import { GIT_ROUTES } from './routes/git.ts';
import { ISSUE_ROUTES } from './routes/issues.ts';
import { PULL_ROUTES } from './routes/pulls.ts';
import { REPOSITORY_ROUTES } from './routes/repository.ts';
import { SETTINGS_ROUTES } from './routes/settings.ts';
import { userShape } from './shapes/repository.ts';
import type { Token } from './types.ts';
import type { World } from './world.ts';

const ROUTES: readonly Route[] = [
  ...SETTINGS_ROUTES,
  ...REPOSITORY_ROUTES,
  ...GIT_ROUTES,
  ...PULL_ROUTES,
  ...COMMENT_ROUTES,
  ...ISSUE_ROUTES,
  ...ACTIONS_ROUTES,
];

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** Of the Authorization header. */
  readonly secret: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Answers one request. @throws Refusal where GitHub refuses; 501 for an endpoint that the fake does not have */
export function answer(world: World, call: Call): Answer {
  const { method, path, query, body, secret, headers } = call;
  const token = secret === undefined ? undefined : world.state.tokens.get(secret);
  if (secret !== undefined && !token) throw new Refusal(401, 'Bad credentials');
  if (path === '/user') return whoAmI(token);
  const place = placeOf(world, path);
  if (!place) throw notFound();
  const matched = matchRoute(ROUTES, method, place.path);
  if (!matched) throw new Refusal(501, `The fake GitHub does not have ${method} ${path}`);
  const { owner } = place;
  const request: ApiRequest = { world, owner, params: matched.params, query, body, headers, token, user: token?.user };
  assertAllowed(matched, request);
  return matched.route.handle(request);
}

function whoAmI(token: Token | undefined): Answer {
  if (!token) throw new Refusal(401, 'Requires authentication');
  if (token.user.app) throw new Refusal(403, 'Resource not accessible by integration');
  return ok(userShape(token.user));
}

/** Repositories are found by name, of whatever case, and by id: links to further pages name the id. */
function placeOf({ state, git }: World, path: string): { readonly owner: string; readonly path: string } | undefined {
  const [, id, belowId] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  if (id === String(state.id)) return { owner: state.owner.login, path: belowId ?? '' };
  const [, owner = '', name = '', below] = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  if (name.toLowerCase() !== state.name.toLowerCase()) return undefined;
  if (owner.toLowerCase() === state.owner.login.toLowerCase()) return { owner: state.owner.login, path: below ?? '' };
  const isFork = git.git(['for-each-ref', '--count=1', `refs/forks/${owner}/`]) !== '';
  return isFork ? { owner, path: below ?? '' } : undefined;
}
