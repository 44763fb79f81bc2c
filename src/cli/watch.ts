import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { isConfigFile } from '../engine/config/tree.ts';
import { parseDuration } from '../engine/duration.ts';
import { followBranch } from '../git/follow.ts';
import type { Followed } from '../git/follow.ts';
import { GitError } from '../git/git.ts';
import { RemoteError } from '../git/remote-url.ts';
import { repositoryOf } from '../git/repository-of.ts';
import { WatchError } from '../operations/errors.ts';
import { fileCell, memoryCell } from '../operations/file-cell.ts';
import { tellLoop } from '../operations/loop/tell.ts';
import type { LoopMode } from '../operations/loop/types.ts';
import { insideRepository } from '../operations/pull-request.ts';
import { watchApprovals } from '../operations/watch/approvals.ts';
import { branchSource } from '../operations/watch/branch-source.ts';
import { loopNamed, watchSettings } from '../operations/watch/loop-of.ts';
import { watch } from '../operations/watch/watch.ts';
import type { WatchRun } from '../operations/watch/watch.ts';
import type { Cell } from '../resources/cell/types.ts';
import { renderWatch } from '../report/render.ts';
import { parseEndpoint } from './endpoint.ts';
import { usageError } from './errors.ts';
import { EXIT, exitOfWatch } from './exit-codes.ts';
import { heeding } from './interruption.ts';
import type { Interruption } from './interruption.ts';
import { untoldText } from './notices.ts';
import { withSession } from './session.ts';
import type { Session, SharedFlags } from './session.ts';
import { watchClock } from './watch-clock.ts';
import { watchResult } from './watch-result.ts';

export interface WatchFlags extends SharedFlags {
  readonly document?: string;
  readonly every?: string;
  readonly mode?: string;
  readonly remote: string;
  readonly branch: string;
  readonly once?: boolean;
  readonly rewritten?: boolean;
  readonly detailedExitcode?: boolean;
}

/** The loop in the foreground: fetches a remote branch, and holds the estate against it, now and at every interval. */
export function runWatch(flags: WatchFlags): Promise<number> {
  refuseFormats(flags);
  const every = intervalOf(flags);
  return heeding((interruption) =>
    withSession(flags, (session) => watchAndTell(flags, session, { every, interruption })),
  );
}

async function watchAndTell(
  flags: WatchFlags,
  session: Session,
  { every, interruption }: { readonly every: number | undefined; readonly interruption: Interruption },
): Promise<number> {
  const { project, endpoint, output } = session;
  const document = flags.document === undefined ? undefined : loopNamed(project, flags.document);
  const mode = modeOf(flags.mode, document?.spec.mode);
  const loop = watchSettings(project, document, mode);
  const followed = await follow(flags);
  try {
    output.note(`Watches ${flags.branch} of ${followed.url}, mode ${mode}.`);
    if (followed.unheeded.length > 0) {
      output.note(`Not heeded of the clone's own configuration: ${followed.unheeded.join(', ')}.`);
    }
    const { stop } = interruption;
    const path = await insideRepository(flags.config, process.cwd());
    const repository = await repositoryOf(project.directory, process.env);
    const approvals = document && mode === 'apply' ? await watchApprovals(project, document, endpoint) : undefined;
    const last = await watch({
      request: {
        loop,
        source: branchSource(followed, { path, owner: loop.owner, rewritten: flags.rewritten ?? false, stop }),
        ...(approvals && { approvals }),
        state: stateOf(flags, followed, { ...loop, path }),
        endpoint,
        run: 'watch',
        ...(repository !== undefined && { repository }),
        stop,
        directory: flags.config,
        async tell(told) {
          // Somebody stopped it, who knows; and what it found until then is not all.
          if (stop.aborted) return;
          const { faults } = await tellLoop(told, { endpoint, run: 'watch' });
          for (const fault of faults) output.note(untoldText(fault));
        },
      },
      every,
      clock: watchClock(endpoint),
      onRun: (run) => tell(run, session, loop),
    });
    const signal = interruption.signal();
    if (signal) return signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
    return last === undefined ? EXIT.ok : exitOfWatch(watchResult(last, loop), flags.detailedExitcode ?? false);
  } finally {
    followed.close();
  }
}

function tell(run: WatchRun, { output }: Session, loop: { readonly address: string; readonly mode: LoopMode }): void {
  const result = watchResult(run, loop);
  output.progress.end();
  output.entry(result, (options) => renderWatch(result, options));
}

/** Runs come one after another: one document for all of them is none. */
function refuseFormats({ format, once, out }: WatchFlags): void {
  if (out !== undefined) throw usageError('watch writes no file of its results', 'redirect --format ndjson');
  if (format === 'markdown' || (format === 'json' && !once)) {
    throw usageError(`watch does not take --format ${format}`, 'text, ndjson, and json with --once');
  }
}

function intervalOf({ every = '1m', once }: WatchFlags): number | undefined {
  const seconds = parseDuration(every);
  if (seconds === undefined) throw usageError(`--every ${every} is no interval`, 'such as 30s, 1m or 2h');
  return once ? undefined : seconds * 1000;
}

/** What may be done is said here or in the document; that new commits are applied, in the document alone. */
function modeOf(flag: string | undefined, declared: LoopMode | undefined): LoopMode {
  if (flag === undefined) return declared ?? 'report';
  if (flag === 'report' || flag === 'heal') return flag;
  const hint =
    flag === 'apply'
      ? 'mode apply comes from a ReconcileLoop document, which names the approvals and their key: --document'
      : 'report or heal';
  throw usageError(`--mode ${flag} is not taken`, hint);
}

async function follow({ config, remote, branch }: WatchFlags): Promise<Followed> {
  try {
    return await followBranch(config, { remote, branch }, isConfigFile);
  } catch (error) {
    if (!(error instanceof GitError) && !(error instanceof RemoteError)) throw error;
    const hint = 'run it in a clone whose remote is reached by https or ssh, and name remote and branch';
    throw new WatchError(`${config} cannot be watched: ${error.message}`, hint, error);
  }
}

/**
 * What a watch knows between two runs is kept on this machine, outside of the clone: a clone brings no memory along. An
 * account in memory has none either.
 *
 * @param path of the configuration's folder inside of the repository, however it is spelled
 */
function stateOf(
  { endpoint, branch }: WatchFlags,
  { url }: Followed,
  { owner, address, path }: { readonly owner: string; readonly address: string; readonly path: string },
): Cell {
  const flag = parseEndpoint(endpoint);
  if (flag.kind === 'embedded' && flag.file === 'memory') return memoryCell();
  const account = flag.kind === 'embedded' ? resolve(flag.file ?? '') : endpoint;
  const told = createHash('sha256')
    .update(JSON.stringify([url, branch, path, account, address]))
    .digest('hex');
  const home = process.env['XDG_STATE_HOME'] || join(homedir(), '.local/state');
  return fileCell(join(home, 'trueup', `watch-${owner}-${told.slice(0, 16)}.json`));
}
