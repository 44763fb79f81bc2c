import { listed, ok, Refusal } from '../answer.ts';
import type { Route } from '../route.ts';
import { commentShape } from '../shapes/issues.ts';
import type { Comment, Issue, User } from '../types.ts';
import type { World } from '../world.ts';
import { commentOf, issueOf, needsOf, textOf } from './issue-of.ts';

export function addComment(world: World, issue: Issue, user: User, body: string): Comment {
  const now = world.now();
  const comment: Comment = { id: world.nextId(), user, body, createdAt: now, updatedAt: now };
  issue.comments.push(comment);
  Object.assign(issue, { updatedAt: now });
  return comment;
}

export const COMMENT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/issues/:number/comments',
    needs: needsOf('read'),
    query: ['since'],
    handle(request) {
      const issue = issueOf(request);
      const since = Date.parse(request.query.get('since') ?? '1970-01-01T00:00:00Z');
      const comments = issue.comments.filter(({ updatedAt }) => updatedAt >= since);
      return listed(comments.map((comment) => commentShape(request.world, issue, comment)));
    },
  },
  {
    method: 'POST',
    path: '/issues/:number/comments',
    needs: needsOf('write'),
    handle(request) {
      const { world, token, user } = request;
      const issue = issueOf(request);
      const text = textOf(request, 'IssueComment', 'body');
      // The token of a job is no collaborator (hashicorp/terraform-github-actions#100).
      if (issue.locked && token?.permissions !== 'all') {
        throw new Refusal(403, 'Unable to create comment because issue is locked.');
      }
      return { status: 201, body: commentShape(world, issue, addComment(world, issue, user!, text)) };
    },
  },
  {
    method: 'GET',
    path: '/issues/comments/:id',
    needs: needsOf('read'),
    handle(request) {
      const { issue, comment } = commentOf(request);
      return ok(commentShape(request.world, issue, comment));
    },
  },
  {
    method: 'PATCH',
    path: '/issues/comments/:id',
    needs: needsOf('write'),
    handle(request) {
      const { issue, comment } = commentOf(request);
      comment.body = textOf(request, 'IssueComment', 'body');
      comment.updatedAt = request.world.now();
      issue.updatedAt = request.world.now();
      return ok(commentShape(request.world, issue, comment));
    },
  },
  {
    method: 'DELETE',
    path: '/issues/comments/:id',
    needs: needsOf('write'),
    handle(request) {
      const { issue, comment } = commentOf(request);
      issue.comments.splice(issue.comments.indexOf(comment), 1);
      return { status: 204 };
    },
  },
];
