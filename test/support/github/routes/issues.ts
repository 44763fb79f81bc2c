import { invalid, listed, notFound, ok, Refusal } from '../answer.ts';
import type { ApiRequest, Route } from '../route.ts';
import { issueShape, labelShape } from '../shapes/issues.ts';
import type { Issue, Pull } from '../types.ts';
import type { World } from '../world.ts';
import { assertLength, issueOf, needsOf, textOf } from './issue-of.ts';

function namesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.map((label: string | { name: string }) => (typeof label === 'string' ? label : label.name));
}

function filtered({ world, query }: ApiRequest): readonly Issue[] {
  const state = query.get('state') ?? 'open';
  const labels = query.get('labels')?.split(',').filter(Boolean) ?? [];
  const since = Date.parse(query.get('since') ?? '1970-01-01T00:00:00Z');
  if (Number.isNaN(since)) throw invalid('Issue', 'since', 'invalid');
  const found = [...world.state.issues.values()].filter(
    (issue) =>
      !issue.deleted &&
      (state === 'all' || issue.state === state) &&
      labels.every((label) => issue.labels.includes(label)) &&
      issue.updatedAt >= since &&
      (!query.has('creator') || query.get('creator') === issue.user.login),
  );
  const sort = query.get('sort') ?? 'created';
  const key = (issue: Issue): number => (sort === 'updated' ? issue.updatedAt : issue.number);
  return found.sort((a, b) => (key(a) - key(b)) * (query.get('direction') === 'asc' ? 1 : -1));
}

export interface NewIssue {
  readonly title: string;
  readonly body: string | null;
  readonly labels?: readonly string[];
  readonly pull?: Pull;
}

export function addIssue(world: World, user: Issue['user'], { title, body, labels = [], pull }: NewIssue): Issue {
  const now = world.now();
  const issue: Issue = {
    id: world.nextId(),
    number: world.nextNumber(),
    user,
    title,
    body,
    state: 'open',
    stateReason: null,
    locked: false,
    labels: [...new Set(labels)],
    deleted: false,
    createdAt: now,
    updatedAt: now,
    closedAt: undefined,
    closedBy: undefined,
    comments: [],
    ...(pull && { pull }),
  };
  world.state.issues.set(issue.number, issue);
  return issue;
}

/** Closed or opened again; the reason as GitHub keeps it. */
export function setState(
  world: World,
  issue: Issue,
  state: Issue['state'],
  { by, reason }: { readonly by?: Issue['closedBy']; readonly reason?: Issue['stateReason'] } = {},
): void {
  const fallback = state === 'closed' ? 'completed' : 'reopened';
  Object.assign(issue, {
    stateReason: issue.pull ? null : (reason ?? (state === issue.state ? issue.stateReason : fallback)),
    closedAt: state === 'open' ? undefined : (issue.closedAt ?? world.now()),
    closedBy: state === 'open' ? undefined : (issue.closedBy ?? by),
    state,
    updatedAt: world.now(),
  });
}

function patch(request: ApiRequest) {
  const { world, body, user } = request;
  const issue = issueOf(request);
  const { title, body: text, state, state_reason: reason, labels } = body;
  if (typeof text === 'string') assertLength(text, 'Issue');
  if (state !== undefined && state !== 'open' && state !== 'closed') throw invalid('Issue', 'state', 'invalid');
  if (typeof title === 'string') issue.title = title;
  if (typeof text === 'string') issue.body = text;
  if (labels !== undefined) issue.labels = [...new Set(namesOf(labels))];
  issue.updatedAt = world.now();
  if (state) setState(world, issue, state, { by: user, reason: reason as Issue['stateReason'] });
  return ok(issueShape(world, issue));
}

export const ISSUE_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/issues',
    needs: [['issues', 'read']],
    query: ['state', 'labels', 'creator', 'since', 'sort', 'direction'],
    handle: (request) => listed(filtered(request).map((issue) => issueShape(request.world, issue))),
  },
  {
    method: 'POST',
    path: '/issues',
    needs: [['issues', 'write']],
    handle(request) {
      const { world, body, user } = request;
      if (!world.state.settings.hasIssues) throw new Refusal(410, 'Issues has been disabled in this repository.');
      const title = textOf(request, 'Issue', 'title');
      const text = typeof body['body'] === 'string' ? body['body'] : null;
      if (text !== null) assertLength(text, 'Issue');
      const issue = addIssue(world, user!, { title, body: text, labels: namesOf(body['labels']) });
      return { status: 201, body: issueShape(world, issue) };
    },
  },
  {
    method: 'GET',
    path: '/issues/:number',
    needs: needsOf('read'),
    handle: (request) => ok(issueShape(request.world, issueOf(request), true)),
  },
  { method: 'PATCH', path: '/issues/:number', needs: needsOf('write'), handle: patch },
  {
    method: 'GET',
    path: '/issues/:number/labels',
    needs: needsOf('read'),
    handle: (request) => listed(issueOf(request).labels.map((name) => labelShape(request.world, name))),
  },
  {
    method: 'POST',
    path: '/issues/:number/labels',
    needs: needsOf('write'),
    handle(request) {
      const issue = issueOf(request);
      issue.labels = [...new Set([...issue.labels, ...namesOf(request.body['labels'])])];
      issue.updatedAt = request.world.now();
      return ok(issue.labels.map((name) => labelShape(request.world, name)));
    },
  },
  {
    method: 'DELETE',
    path: '/issues/:number/labels/:name',
    needs: needsOf('write'),
    handle(request) {
      const issue = issueOf(request);
      if (!issue.labels.includes(request.params['name']!)) throw notFound('Label does not exist');
      issue.labels = issue.labels.filter((name) => name !== request.params['name']);
      issue.updatedAt = request.world.now();
      return ok(issue.labels.map((name) => labelShape(request.world, name)));
    },
  },
];
