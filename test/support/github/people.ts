import { addComment } from './routes/comments.ts';
import { addIssue, setState } from './routes/issues.ts';
import type { NewIssue } from './routes/issues.ts';
import type { Comment, Issue, Permissions, User } from './types.ts';
import { ACTIONS_BOT, issueToken, personOf } from './world.ts';
import type { World } from './world.ts';

/** What people and other programs do to conversations, past the API. */
export interface People {
  /** Somebody with this login, made on first use. */
  user(login: string): User;
  /** An app with its own bot; `dependabot` is `dependabot[bot]`. */
  bot(slug: string): User;
  /** A token of the account `github-actions[bot]`, as a job gets it. */
  jobToken(permissions: Permissions): string;
  /** A token of a person who administers the repository. */
  personalToken(login: string): string;
  revoke(token: string): void;
  openIssue(login: string, issue: NewIssue): Issue;
  /** @param login `github-actions[bot]` writes as the bot of jobs */
  comment(number: number, login: string, body: string): Comment;
  /** So many comments of as many people. */
  chatter(number: number, count: number): void;
  label(number: number, name: string): void;
  unlabel(number: number, name: string): void;
  /** Of a pull request: without merging it. @param login default: `ann` */
  closeIssue(number: number, login?: string): void;
  reopenIssue(number: number): void;
  deleteIssue(number: number): void;
  deleteComment(id: number): void;
  /** Undefined: it does not exist any more. */
  findComment(id: number): Comment | undefined;
  lock(number: number, isLocked?: boolean): void;
}

export function peopleOf(world: World): People {
  const { issues, tokens, users } = world.state;
  const issueOf = (number: number): Issue => {
    const issue = issues.get(number);
    if (!issue) throw new Error(`#${number} does not exist`);
    return issue;
  };
  const holderOf = (id: number): Issue | undefined =>
    [...issues.values()].find(({ comments }) => comments.some((comment) => comment.id === id));
  const userOf = (login: string): User => (login === ACTIONS_BOT.login ? ACTIONS_BOT : personOf(world, login));
  return {
    user: (login) => personOf(world, login),
    bot(slug) {
      const login = `${slug}[bot]`;
      const bot = users.get(login) ?? { login, id: world.nextId(), type: 'Bot', app: { id: world.nextId(), slug } };
      users.set(login, bot);
      return bot;
    },
    jobToken: (permissions) => issueToken(world, 'ghs_', { user: ACTIONS_BOT, permissions }),
    personalToken: (login) => issueToken(world, 'ghp_', { user: personOf(world, login), permissions: 'all' }),
    revoke(token) {
      tokens.delete(token);
    },
    openIssue: (login, issue) => addIssue(world, userOf(login), issue),
    comment: (number, login, body) => addComment(world, issueOf(number), userOf(login), body),
    chatter(number, count) {
      for (let index = 1; index <= count; index++) {
        addComment(world, issueOf(number), personOf(world, `reader-${index}`), `remark ${index}`);
      }
    },
    label(number, name) {
      const issue = issueOf(number);
      issue.labels = [...new Set([...issue.labels, name])];
    },
    unlabel(number, name) {
      const issue = issueOf(number);
      issue.labels = issue.labels.filter((label) => label !== name);
    },
    closeIssue: (number, login = 'ann') => setState(world, issueOf(number), 'closed', { by: userOf(login) }),
    reopenIssue: (number) => setState(world, issueOf(number), 'open'),
    deleteIssue(number) {
      issueOf(number).deleted = true;
    },
    deleteComment(id) {
      const { comments } = holderOf(id)!;
      comments.splice(
        comments.findIndex((comment) => comment.id === id),
        1,
      );
    },
    findComment: (id) => holderOf(id)?.comments.find((comment) => comment.id === id),
    lock(number, isLocked = true) {
      issueOf(number).locked = isLocked;
    },
  };
}
