import { goneComment } from '../../github/bodies/drift-issue.ts';
import { loopIssue, loopReturnedComment } from '../../github/bodies/loop-issue.ts';
import type { LoopIssueFound } from '../../github/bodies/loop-issue.ts';
import { isPartial } from '../../github/bodies/loop-page.ts';
import type { Github } from '../../github/client.ts';
import { keepIssue } from '../../github/issue.ts';
import type { Posted } from '../../github/posted.ts';
import { waitingCount } from '../../report/loop-found.ts';
import type { Clock } from '../../engine/types.ts';
import { redactionIn } from '../github/public.ts';
import type { Project } from '../project.ts';
import type { Difference, LoopAnswer } from './types.ts';

/** The issue that one loop keeps. */
export interface IssueKeeping {
  /** Name under which the loop keeps its state; its issue is no other loop's, and not that of `drift --issue`. */
  readonly name: string;
  readonly clock: Clock;
  /** Opened when there is something to say; reads the token. */
  readonly open: () => Promise<Github>;
}

/** `ARN, event, time`, as a loop's state has it. */
const WHO = /^(.*), ([A-Za-z0-9]+), (\S*)$/su;

/**
 * Keeps the drift issue of a loop true: what drifted and is left, and what waits for an apply. It is closed only after a
 * run that could look at everything.
 * @throws GithubError, and what reading the token throws
 */
export async function keepLoopIssue(
  { project, answer }: { readonly project: Project; readonly answer: LoopAnswer },
  { name, clock, open }: IssueKeeping,
): Promise<Posted> {
  const github = await open();
  const { owner } = project.settings;
  const at = new Date(clock.now()).toISOString();
  const isOpen = answer.open > 0 || waitingCount(answer) > 0;
  const found = withPeople(answer);
  const shown = isOpen ? (await redactionIn(github, project, () => clock.now())).data(found) : found;
  const scope = `loop/${project.estate.firstOwner}/${name}`;
  const { title, body } = loopIssue(shown, { scope, owner, at });
  return keepIssue(github, clock, {
    scope,
    labels: project.settings.github.driftLabels,
    title,
    body: isOpen ? body : undefined,
    unseen: isPartial(answer)
      ? `Not everything could be looked at or written in the run of ${at}: this stays open.`
      : undefined,
    closing: goneComment({ at }),
    reopening: loopReturnedComment(found, { at }),
  });
}

/** With people apart: what anybody can read names none. */
function withPeople({ drifted, ...answer }: LoopAnswer): LoopIssueFound {
  return { ...answer, drifted: drifted.map(personApart) };
}

function personApart({ who, ...difference }: Difference): LoopIssueFound['drifted'][number] {
  if (who === undefined) return difference;
  const [, actor = who, event = '', at = ''] = WHO.exec(who) ?? [];
  return { ...difference, who: { actor, event, at } };
}
