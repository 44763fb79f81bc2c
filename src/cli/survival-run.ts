import { runSurvivalLocally } from '../operations/survival/run-local.ts';
import type { RunProgress, SurvivalRunOptions } from '../operations/survival/options.ts';
import { renderSurvivalRun } from '../report/render.ts';
import { survivalProgressText } from '../report/survival-run-text.ts';
import { DEFAULT_MIN_EVENTS } from '../survival/fit-rows.ts';
import type { SurvivalRunResult } from '../survival/run-result.ts';
import { usageError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { heeding } from './interruption.ts';
import type { Interruption } from './interruption.ts';
import { createOutput } from './output.ts';
import type { Output, OutputFlags } from './output.ts';

export interface SurvivalRunFlags extends OutputFlags {
  readonly config: string;
  readonly endpoint?: string;
  readonly local?: boolean;
  readonly matrix: string;
  readonly clinical: string;
  readonly out: string;
  readonly plot?: string;
  readonly label?: number;
  readonly id: string;
  readonly time: string;
  readonly event: string;
  readonly samples?: string;
  readonly where?: string;
  readonly allowMissing?: boolean;
  readonly anyOrder?: boolean;
  readonly minEvents?: number;
  readonly concurrency?: number;
  readonly chunkRows?: number;
  readonly tokenEnv?: string;
  readonly fresh?: boolean;
}

/** Where there is no terminal, one line in so much time. */
const SAID_EVERY_MS = 30_000;

/** By a deployed service, or on this computer. */
export function runSurvivalRun(name: string | undefined, flags: SurvivalRunFlags): Promise<number> {
  refuseMixed(name, flags);
  return heeding(async (interruption) => {
    if (name !== undefined) return (await import('./survival-run-remote.ts')).runRemotely(name, flags, interruption);
    const output = createOutput(flags);
    const result = await runSurvivalLocally({
      ...runOptions(flags, output, interruption),
      minEvents: flags.minEvents ?? DEFAULT_MIN_EVENTS,
    }).finally(() => output.progress.end());
    return printResult(result, output, interruption);
  });
}

function refuseMixed(name: string | undefined, flags: SurvivalRunFlags): void {
  if (name === undefined && !flags.local) {
    throw usageError('survival run needs the NAME of a SurvivalService, or --local', 'trueup survival run --help');
  }
  if (name !== undefined && flags.local) throw usageError('NAME and --local do not go together', 'take one of them');
  if (name !== undefined && flags.minEvents !== undefined) {
    throw usageError('--min-events goes with --local', 'a service has its own: spec.minEvents of the document');
  }
  if (flags.label !== undefined && flags.plot === undefined) {
    throw usageError('--label goes with --plot', 'name the file of the plot, too: --plot volcano.svg');
  }
  const remoteOnly = [
    ['--concurrency', flags.concurrency],
    ['--token-env', flags.tokenEnv],
    ['--endpoint', flags.endpoint],
  ] as const;
  const [flag] = remoteOnly.find(([, value]) => flags.local && value !== undefined) ?? [];
  if (flag !== undefined) throw usageError(`${flag} does not go with --local`, 'nothing is sent anywhere');
}

export function runOptions(flags: SurvivalRunFlags, output: Output, { stop }: Interruption): SurvivalRunOptions {
  const { samples, where, plot, label, chunkRows } = flags;
  return {
    matrix: flags.matrix,
    clinical: flags.clinical,
    columns: { id: flags.id, time: flags.time, event: flags.event },
    out: flags.out,
    ...(samples !== undefined && { samples }),
    ...(where !== undefined && { where }),
    ...(plot !== undefined && { plot }),
    ...(label !== undefined && { labels: label }),
    ...(chunkRows !== undefined && { chunkRows }),
    allowMissing: flags.allowMissing ?? false,
    anyOrder: flags.anyOrder ?? false,
    fresh: flags.fresh ?? false,
    stop,
    onProgress: progressLines(output),
  };
}

function progressLines({ progress }: Output): (now: RunProgress) => void {
  let said = performance.now();
  return (now) => {
    const text = survivalProgressText(now);
    progress.step('survival run', text);
    if (performance.now() - said < SAID_EVERY_MS) return;
    said = performance.now();
    progress.wait('survival run', text);
  };
}

export function printResult(result: SurvivalRunResult, output: Output, interruption: Interruption): number {
  const exitCode = exitOf(result, interruption.signal());
  output.result(result, (options) => renderSurvivalRun(result, options), exitCode);
  return exitCode;
}

function exitOf({ outcome }: SurvivalRunResult, signal: NodeJS.Signals | undefined): number {
  if (outcome === 'done') return EXIT.ok;
  return signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted;
}
