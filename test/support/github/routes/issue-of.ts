import { notFound, Refusal } from '../answer.ts';
import type { ApiRequest, Need } from '../route.ts';
import type { Comment, Issue } from '../types.ts';

/** @throws Refusal 404; 410 where it was deleted */
export function issueOf({ world, params }: ApiRequest): Issue {
  const issue = world.state.issues.get(Number(params['number']));
  if (!issue) throw notFound();
  if (issue.deleted) throw new Refusal(410, 'This issue was deleted');
  return issue;
}

/** @throws Refusal 404 */
export function commentOf({ world, params }: ApiRequest): { readonly issue: Issue; readonly comment: Comment } {
  const id = Number(params['id']);
  for (const issue of world.state.issues.values()) {
    const comment = issue.deleted ? undefined : issue.comments.find((candidate) => candidate.id === id);
    if (comment) return { issue, comment };
  }
  throw notFound();
}

/**
 * What a conversation needs: `pull-requests` for that of a pull request, `issues` for an issue.
 * GitHub takes either for some of these; who has the fitting one is never refused.
 */
export function needsOf(level: 'read' | 'write'): (request: ApiRequest) => readonly Need[] {
  return (request) => {
    const id = Number(request.params['id']);
    const number = Number(request.params['number']);
    const issues = [...request.world.state.issues.values()];
    const issue = issues.find((one) => one.number === number || one.comments.some((comment) => comment.id === id));
    return [[issue?.pull ? 'pull-requests' : 'issues', level]];
  };
}

/** GitHub's limit of a comment or an issue, in characters. */
const BODY = 65_536;

/** @throws Refusal 422 */
export function textOf({ body }: ApiRequest, resource: string, field: string): string {
  const text = body[field];
  if (typeof text !== 'string' || text.trim() === '') {
    throw new Refusal(422, 'Validation Failed', { errors: [{ resource, field, code: 'missing_field' }] });
  }
  assertLength(text, resource);
  return text;
}

/** @throws Refusal 422 */
export function assertLength(text: string, resource: string): void {
  if (text.length <= BODY) return;
  const message = `body is too long (maximum is ${BODY} characters)`;
  throw new Refusal(422, 'Validation Failed', { errors: [{ resource, field: 'body', code: 'custom', message }] });
}
