import { count, plural } from '../../report/format.ts';
import type { SurvivalRunResult } from '../../survival/run-result.ts';
import { largestRows, SERVICE_LIMITS } from '../../survival/service/limits.ts';
import { clockOf } from '../endpoint.ts';
import type { CommandOptions } from '../plan.ts';
import type { Project } from '../project.ts';
import { askService } from './ask-service.ts';
import type { AskOptions, ServiceTarget } from './ask-service.ts';
import { SurvivalRunError } from './errors.ts';
import { AnswerError } from './jobs.ts';
import type { Engine } from './run.ts';
import { runSurvival } from './run.ts';
import type { SurvivalRunOptions } from './options.ts';
import { openService } from './open-service.ts';

export interface RemoteRunOptions extends SurvivalRunOptions {
  /** Of a SurvivalService: its name, or `kind/name`. */
  readonly name: string;
  readonly token?: string;
  /** Requests that are under way at once. */
  readonly concurrency?: number;
}

/** Lambda starts as many functions; the stage lets 100 requests a second through unless its document says otherwise. */
const CONCURRENCY = 10;
/** Of a request in base64, in which API Gateway hands it to Lambda: a sixth of its 6 MB is left for the event around it. */
const BODY_LIMIT = 5_000_000;
/** Text of a chunk, which a thread is handed whole. */
const CHUNK_TEXT_OCTETS = 16 * 1024 * 1024;
/** Of a cell with six decimals, its sign and the tab. */
const CELL_OCTETS = 10;

/** Has a deployed service compute the rows. It is sent times, events and values, and matches rows by their position. */
export async function runSurvivalRemotely(
  project: Project,
  options: RemoteRunOptions,
  command: CommandOptions,
): Promise<SurvivalRunResult> {
  const concurrency = options.concurrency ?? CONCURRENCY;
  const service = await openService(project, {
    ...command,
    name: options.name,
    connections: concurrency,
    ...(options.token !== undefined && { token: options.token }),
  });
  const { document, target, aws } = service;
  try {
    return await runSurvival(options, {
      ...askingEngine(target, { clock: clockOf(command.endpoint), random: Math.random, stop: options.stop }),
      identity: [target.document, target.url.href, String(document.spec.minEvents)],
      concurrency: () => concurrency,
      calls: () => aws.calls(),
    });
  } finally {
    await service.close();
  }
}

/** What of an engine is the same for any service. */
export function askingEngine(
  target: ServiceTarget,
  options: Omit<AskOptions, 'onRetry'>,
): Omit<Engine, 'identity' | 'concurrency' | 'calls'> {
  let retries = 0;
  const asking = {
    ...options,
    onRetry() {
      retries += 1;
    },
  };
  return {
    document: target.document,
    minEvents: undefined,
    rowsOfChunk,
    retries: () => retries,
    async compute(block, pool) {
      const { kept, body, isGzip } = await pool.run({ kind: 'encode', ...block });
      const answer = await askService(target, body, isGzip, asking);
      try {
        return await pool.run({ kind: 'tabulate', kept, answer });
      } catch (error) {
        throw error instanceof AnswerError ? notUnderstood(target, error) : error;
      }
    },
  };
}

/** Never more than fit without gzip: how small that makes them is not known before. */
function rowsOfChunk(columns: number, subjects: number, wanted: number | undefined): number {
  const limits = { ...SERVICE_LIMITS, body: BODY_LIMIT };
  const largest = largestRows({ n: subjects, values: 8, isBase64: true, isGzip: false }, limits);
  if (largest === 0) {
    throw new SurvivalRunError(
      'TU0018',
      `one row of ${subjects.toLocaleString('en-US')} samples is too large for a request`,
      { hint: 'compute it here: trueup survival run --local', exit: 'usage' },
    );
  }
  if (wanted !== undefined && wanted > largest) {
    throw new SurvivalRunError(
      'TU0018',
      `${plural(wanted, 'row')} of ${plural(subjects, 'sample')} are too large for a request: at most ${count(largest)} fit`,
      { hint: `--chunk-rows ${largest}, or without it; --local has no such limit`, exit: 'usage' },
    );
  }
  if (wanted !== undefined) return wanted;
  return Math.max(1, Math.min(largest, Math.floor(CHUNK_TEXT_OCTETS / (CELL_OCTETS * (columns + 1)))));
}

function notUnderstood({ document }: ServiceTarget, cause: AnswerError): SurvivalRunError {
  return new SurvivalRunError('TU2043', `${document} is not understood: ${cause.message}`, {
    hint: 'another version of trueup may have made it: trueup apply, then the same command again',
    cause,
  });
}
