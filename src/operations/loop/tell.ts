import { realClock } from '../../aws/clocks.ts';
import { describeError } from '../../aws/errors.ts';
import { GithubError } from '../../github/errors.ts';
import type { Posted } from '../../github/posted.ts';
import { loopNotices } from '../../notify/loop-notice.ts';
import type { NoticeFault } from '../../notify/notice.ts';
import { clockOf } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { notify } from '../notify.ts';
import { keepLoopIssue } from './loop-issue.ts';
import type { IssueKeeping } from './loop-issue.ts';
import type { RanLoop } from './types.ts';

export interface TellOptions {
  readonly endpoint: Endpoint;
  /** Ends the names of assumed sessions. */
  readonly run: string;
  /** The issue that the loop keeps; default: none. */
  readonly issue?: IssueKeeping;
  /** Ends the waiting for GitHub; default: half a minute of real time. */
  readonly limit?: (stop: AbortSignal) => Promise<void>;
}

/** Who was told, and who was not. */
export interface Told {
  readonly issue?: Pick<Posted, 'action' | 'url'>;
  readonly faults: readonly TellFault[];
}

/** It changes nothing of the run. `message` is a clause, without any secret. */
export interface TellFault {
  readonly to: NoticeFault['to'] | 'issue';
  readonly message: string;
}

/** With the ten seconds of notices it is less than a function keeps free at its end. */
const ISSUE_PATIENCE_MS = 30_000;

/**
 * Tells people what a run came to that took its configuration: the drift issue first, whose address the notices name, and
 * then whoever Settings name, by the role that the loop works with. It never throws, and what is not told is not told again.
 *
 * A configuration that is refused is nobody's to go by, its Settings neither: of it nothing is told here. The run is a
 * failure then, by the metric `Failed`, whose alarm tells the topic that was applied with the loop.
 */
export async function tellLoop(ran: RanLoop, options: TellOptions): Promise<Told> {
  const { issue: keeping } = options;
  const { issue, faults } = keeping ? await tellIssue(ran, keeping, options) : { issue: undefined, faults: [] };
  return {
    ...(issue && { issue }),
    faults: [...faults, ...(await tellNotices(ran, options, issue?.url))],
  };
}

async function tellIssue(
  ran: RanLoop,
  keeping: IssueKeeping,
  { limit = (stop) => realClock.sleep(ISSUE_PATIENCE_MS, stop) }: TellOptions,
): Promise<Told> {
  const stop = new AbortController();
  const late = limit(stop.signal).then(() => 'GitHub did not answer in time');
  const done = keepLoopIssue(ran, keeping).catch(clauseOf);
  const kept = await Promise.race([late, done]);
  stop.abort();
  if (typeof kept === 'string') return { faults: [{ to: 'issue', message: kept }] };
  const { action, url } = kept;
  return { issue: { action, ...(url !== undefined && { url }) }, faults: [] };
}

function clauseOf(error: unknown): string {
  return error instanceof GithubError ? error.message : describeError(error);
}

async function tellNotices(
  { project, answer, role }: RanLoop,
  { endpoint, run }: TellOptions,
  url: string | undefined,
): Promise<readonly TellFault[]> {
  const facts = {
    estate: project.settings.owner,
    at: new Date(clockOf(endpoint).now()).toISOString(),
    ...(url !== undefined && { url }),
  };
  const notices = loopNotices(answer, answer.news, facts);
  const faults = await Promise.all(notices.map((notice) => notify(project, notice, { endpoint, role, run })));
  return faults.flat();
}
