import { isAwsError } from '../../aws/errors.ts';
import { compileDestinationKey } from '../../fan-out/destination-key.ts';
import { admits } from '../../fan-out/filter.ts';
import { keyHash, ledgerPartition, ledgerPartitions } from '../../fan-out/ledger-keys.ts';
import { createTally, stateOf } from '../../fan-out/tally.ts';
import type { Tally } from '../../fan-out/tally.ts';
import type { DestinationStatus, FanOutStatusResult, KeyRow, KeyStatus } from '../../fan-out/status-result.ts';
import { readKeyRows, scanCopies } from '../../resources/fan-out/scan-rows.ts';
import type { LocatedCopy } from '../../resources/fan-out/scan-rows.ts';
import { createFunctionReader } from '../../resources/function-capacity.ts';
import { readQueueFigures } from '../../resources/queue-figures.ts';
import type { Project } from '../project.ts';
import { silent } from '../reporter.ts';
import { allEnded } from './all-ended.ts';
import { notApplied, openFanOut } from './open.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';
import type { FanOutOptions } from './options.ts';

export interface FanOutStatusOptions extends FanOutOptions {
  /** Of the source: its rows at each destination. */
  readonly key?: string;
  /** Rows of the ledger that are read at most, in whole pages; default: 100,000. */
  readonly rows?: number;
}

/** Rows that are read: some fifty requests. Whoever has more wants numbers now, too. */
const MOST_COUNTED = 100_000;
const HOUR_MS = 3_600_000;

/**
 * What the ledger and the queues of a fan-out tell. Writes nothing.
 *
 * @throws FanOutNameError; AwsError TU2035 where the ledger is missing
 */
export async function fanOutStatus(project: Project, options: FanOutStatusOptions): Promise<FanOutStatusResult> {
  const session = await openFanOut(project, options);
  const { key, rows: most = MOST_COUNTED, reporter = silent } = options;
  const onRows = (rows: number): void =>
    reporter.onStep(session.address, `${rows.toLocaleString('en-US')} rows of the ledger`);
  const [ledger, surroundings] = await orNotApplied(session, async () => {
    const both = [
      key === undefined ? tallies(session, most, onRows) : keyStatuses(session, key),
      allEnded(session.targets.map((target) => surroundingsOf(session, target))),
    ] as const;
    await Promise.allSettled(both);
    return Promise.all(both);
  });
  const destinations = session.targets.map((target, index): DestinationStatus => {
    const found = surroundings[index];
    const own = ledger.of[index];
    if (!found || !own) throw new Error('every destination has been asked');
    return { ...placeOf(target), ...found, ...own };
  });
  return {
    format: 'trueup/fan-out-status@1',
    document: session.address,
    ok: destinations.every(isWell),
    ...(key !== undefined && { key }),
    destinations,
    ...(ledger.counted && { counted: ledger.counted }),
    calls: session.aws.calls(),
  };
}

function placeOf({ name, told }: FanOutTarget) {
  const { account, region } = told.destination;
  return { destination: name, account, region };
}

function isWell({ function: state, deadLetters, work, copies, asked }: DestinationStatus): boolean {
  if (state !== 'present' || !deadLetters || !work) return false;
  const rows = asked?.rows.filter((row) => row.state === 'failed').length ?? copies?.failed ?? 0;
  return deadLetters.visible + deadLetters.inFlight === 0 && rows === 0;
}

/** A table that is missing was never made, or has been deleted. */
async function orNotApplied<Result>(session: FanOutSession, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isAwsError(error, 'ResourceNotFoundException') ? notApplied(session, 'the ledger') : error;
  }
}

async function surroundingsOf({ aws }: FanOutSession, { told }: FanOutTarget) {
  const { place, functionName, deadLetterQueueUrl, workQueueUrl } = told;
  const state = await createFunctionReader(aws)(place, functionName);
  return {
    function: typeof state === 'string' ? state : ('unknown' as const),
    deadLetters: (await readQueueFigures(aws, place, deadLetterQueueUrl)) ?? null,
    work: (await readQueueFigures(aws, place, workQueueUrl)) ?? null,
  };
}

type OfDestination = Pick<DestinationStatus, 'copies' | 'lag' | 'oldest' | 'errors' | 'asked'>;

interface LedgerStatus {
  /** In the order of the destinations. */
  readonly of: readonly OfDestination[];
  readonly counted?: { readonly rows: number; readonly all: boolean };
}

async function tallies(session: FanOutSession, most: number, onRows: (rows: number) => void): Promise<LedgerStatus> {
  const now = session.clock.now();
  const all = session.targets.map((target) => ({ target, tally: createTally(now - HOUR_MS) }));
  const longestFirst = [...all].sort(
    (one, other) => other.target.told.destination.prefix.length - one.target.told.destination.prefix.length,
  );
  let rows = 0;
  let isAll = true;
  for await (const { copies, scanned } of scanCopies(session.ledger)) {
    if (rows >= most) {
      isAll = false;
      break;
    }
    rows += scanned;
    for (const located of copies) longestFirst.find(({ target }) => isAt(located, target))?.tally.add(located.copy);
    onRows(rows);
  }
  return { of: all.map(({ tally }) => shownTally(tally.read(), now)), counted: { rows, all: isAll } };
}

/** Several destinations may be in one bucket: prefixes tell them apart. */
function isAt({ pk, copy }: LocatedCopy, { told: { destination } }: FanOutTarget): boolean {
  return pk.startsWith(ledgerPartitions(destination.bucket)) && copy.destinationKey.startsWith(destination.prefix);
}

function shownTally({ states, lag, oldest, failures }: Tally, now: number): OfDestination {
  return {
    copies: states,
    ...(lag && { lag: { p50: seconds(lag.p50), max: seconds(lag.max), copies: lag.copies } }),
    ...(oldest && {
      oldest: { key: oldest.key, since: instant(oldest.since), seconds: seconds(Math.max(0, now - oldest.since)) },
    }),
    errors: failures.map(({ key, at, error }) => ({ key, at: instant(at), error })),
  };
}

async function keyStatuses(session: FanOutSession, key: string): Promise<LedgerStatus> {
  const of = await allEnded(
    session.targets.map(async (target): Promise<OfDestination> => ({ asked: await keyStatus(session, target, key) })),
  );
  return { of };
}

async function keyStatus({ ledger }: FanOutSession, { told }: FanOutTarget, key: string): Promise<KeyStatus> {
  if (!admits(told.filter, key)) return { why: 'the filter leaves it out', rows: [] };
  const mapped = compileDestinationKey(told.key, told.destination.prefix)(key);
  if ('fault' in mapped) return { why: `its key there would be ${mapped.fault}`, rows: [] };
  const { head, copies } = await readKeyRows(ledger, ledgerPartition(told.destination.bucket, keyHash(mapped.key)));
  const rows = copies
    .filter(({ destinationKey }) => destinationKey === mapped.key)
    .sort((one, other) => other.at - one.at)
    .map((row): KeyRow => ({
      state: stateOf(row),
      ...(row.versionId !== undefined && { version: row.versionId }),
      ...(row.etag !== undefined && { etag: row.etag }),
      ...(row.size !== undefined && { size: row.size }),
      deleted: row.isDeleted,
      at: instant(row.at),
      ...(row.finished !== undefined && { finished: instant(row.finished) }),
      ...(row.error !== undefined && { error: row.error }),
      current: head?.sk === row.sk,
    }));
  return { key: mapped.key, rows };
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
