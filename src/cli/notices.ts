import { clockOf } from '../operations/endpoint.ts';
import { notify } from '../operations/notify.ts';
import { brokenNotice } from '../notify/apply-notice.ts';
import type { TellFault } from '../operations/loop/tell.ts';
import type { Notice, NoticeFacts } from '../notify/notice.ts';
import { escapeText } from '../report/escape.ts';
import { toReport } from './errors.ts';
import type { Session } from './session.ts';

/** Who is told, in words. */
const NAMES: Readonly<Record<TellFault['to'], string>> = {
  issue: 'GitHub',
  sns: 'the topic of spec.notify.sns',
  slack: 'Slack (spec.notify.slack)',
};

/** What every notice of a command says beside its result. @param url of the run, or of what was written */
export function noticeFacts({ project, endpoint }: Session, url: string | undefined): NoticeFacts {
  const at = new Date(clockOf(endpoint).now()).toISOString();
  return { estate: project.settings.owner, at, ...(url !== undefined && { url }) };
}

/** Tells whoever Settings name. Who could not be told changes no exit code: one line says so. */
export async function tell(
  { project, endpoint, output }: Session,
  role: 'plan' | 'apply',
  notice: Notice | undefined,
): Promise<void> {
  if (!notice) return;
  const run = process.env['GITHUB_RUN_ID'];
  const faults = await notify(project, notice, { endpoint, role, ...(run !== undefined && { run }) });
  for (const fault of faults) output.note(untoldText(fault));
}

/** Who was not told, and why: one line. */
export function untoldText({ to, message }: TellFault): string {
  return escapeText(`${NAMES[to]} was not told: ${message}`);
}

/** Runs an apply. One that ends with an error while it holds the lease is told as well, by the error's code. */
export async function tellingIfBroken<Result>(
  session: Session,
  url: string | undefined,
  run: (onHeld: () => void) => Promise<Result>,
): Promise<Result> {
  let isHeld = false;
  try {
    return await run(() => {
      isHeld = true;
    });
  } catch (error) {
    session.output.progress.end();
    if (isHeld) await tell(session, 'apply', brokenNotice(toReport(error).report.code, noticeFacts(session, url)));
    throw error;
  }
}

const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;

/** The run of a workflow that this is a step of, as its environment tells it; undefined: it is none. */
export function ownRunUrl(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { GITHUB_SERVER_URL: server = '', GITHUB_REPOSITORY: repository = '', GITHUB_RUN_ID: run = '' } = environment;
  if (!URL.canParse(server) || !REPOSITORY.test(repository) || !/^\d+$/.test(run)) return undefined;
  return `${new URL(server).origin}/${repository}/actions/runs/${run}`;
}
