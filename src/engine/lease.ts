import type { Clock } from './types.ts';

/** What stands in the lease: who may write, and whose the estate is. Times are for people; nothing is decided by them. */
export interface LeaseRecord {
  readonly format: 'trueup/lease@1';
  readonly owner: string;
  /** Whose estate it is, `github.com/acme/estate`; null: nobody has said. */
  readonly repository: string | null;
  /** Who holds it, for people; null: nobody. */
  readonly holder: string | null;
  /** The process that holds it, where others on its machine can tell whether it lives. */
  readonly process: string | null;
  /** Tells one holding from the next. */
  readonly token: string;
  /** Counts the writes of a holding: no two are alike, and so no version (a hash of what was written) comes again. */
  readonly writes: number;
  /** How long it lives without renewal. */
  readonly ttlMs: number;
  /** ISO 8601, by the holder's clock. */
  readonly expires: string | null;
}

/** A record with the version under which it was read: an ETag, a row's own version. */
export interface StoredLease {
  readonly record: LeaseRecord;
  readonly version: string;
}

/** Where a lease lies. Each write is a compare-and-swap; `undefined`: somebody else was faster. */
export interface LeaseStore {
  read(): Promise<StoredLease | undefined>;
  create(record: LeaseRecord): Promise<string | undefined>;
  replace(record: LeaseRecord, version: string): Promise<string | undefined>;
}

/** Nobody held the lease, and it stood at this version; undefined: there was none. */
export interface Calm {
  readonly version: string | undefined;
}

/** Looks whether anybody holds it; undefined: yes, and what is seen of the world meanwhile may be half of something. */
export async function lookForCalm(store: Pick<LeaseStore, 'read'>): Promise<Calm | undefined> {
  const found = await store.read();
  return found && found.record.holder !== null ? undefined : { version: found?.version };
}

export interface LeaseOptions {
  readonly owner: string;
  readonly repository: string | undefined;
  readonly holder: string;
  readonly process?: string;
  /** Of this holding. */
  readonly token: string;
  readonly ttlMs: number;
  /** No request may take longer: none starts with less lease left. */
  readonly longestRequestMs: number;
  /** Before the world was looked at; undefined: there was none. */
  readonly calm: Calm | undefined;
  /** Runs forward by itself, at any reading: never the time of day. */
  readonly monotonic: Clock;
  /** The time of day, in milliseconds since the epoch, for people. */
  today(): number;
  /** Is the process that holds it surely gone? Only where that can be told; default: it cannot. */
  readonly hasEnded?: (record: LeaseRecord) => boolean;
  readonly stop?: AbortSignal;
  /** Told once, when there is somebody to wait for. */
  onWait?(holder: string, expires: string | null): void;
}

/** The right to write, as long as it lasts. */
export interface Lease {
  /** Aborted when it is lost: nothing new starts then. */
  readonly lost: AbortSignal;
  /** Did anybody else hold it since the world was looked at? It may have moved. */
  readonly moved: boolean;
  /** It was still held by its token: nobody else has held it since that was handed over. */
  readonly resumed: boolean;
  /** May a request start now? @throws LeaseLostError */
  permit(): void;
  /**
   * Gives it back; the claim of the repository stays.
   * @returns the version at which it stands then: as long as it does, nobody has held it since. Undefined: it is not known
   */
  release(): Promise<string | undefined>;
  /**
   * Leaves it to whoever takes it with the same token within its life, which begins anew: it is renewed no more from here.
   * @returns false: it could not be renewed, and may be anybody's
   */
  handOver(): Promise<boolean>;
}

/** Somebody else holds it and is alive. */
export class LeaseHeldError extends Error {
  override readonly name = 'LeaseHeldError';
  readonly holder: string;
  readonly expires: string | null;

  constructor({ holder, expires }: LeaseRecord) {
    super(`another apply holds the lease: ${holder ?? 'nobody'}`);
    this.holder = holder ?? '';
    this.expires = expires;
  }
}

/** The owner of Settings is another repository's. */
export class ClaimedError extends Error {
  override readonly name = 'ClaimedError';
  readonly repository: string;

  constructor(owner: string, repository: string, own: string) {
    super(`the owner ${owner} belongs to ${repository}, and this is ${own}`);
    this.repository = repository;
  }
}

export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';

  constructor() {
    super('the lease was lost or is about to end: nothing more is sent');
  }
}

/** design §4: a held lease is watched for its life and this much more. */
const WATCH_MARGIN_MS = 5_000;
/** A holder cannot make others wait longer than Settings could have said (`spec.lease.ttl`). */
const MAX_TTL_MS = 600_000;
const MIN_TTL_MS = 2_000;
/** Looks at a held lease within its life. */
const LOOKS = 30;
const MIN_LOOK_MS = 50;
const MAX_LOOK_MS = 1_000;
/** Monotonic clocks differ too: by 500 ppm while they are slewed (ntpd), and by the grain of their readings. */
const TOLERANCE = 1 / 50;
const MAX_TOLERANCE_MS = 1_000;
/** Renewals within a life: two may fail. */
const RENEWALS = 3;

/**
 * Takes the lease. Time of day decides nothing: it has expired when its version did not move for its whole life by this
 * process's own monotonic clock, and then it is taken over by compare-and-swap.
 *
 * @throws LeaseHeldError when its holder renews it, or it is still held after its life and 5 s
 * @throws ClaimedError when its owner is another repository's
 */
export async function acquireLease(store: LeaseStore, options: LeaseOptions): Promise<Lease> {
  const { monotonic: clock, repository, stop } = options;
  let watched: { readonly version: string; readonly since: number } | undefined;
  let deadline = Number.POSITIVE_INFINITY;
  let writes = 0;
  let moved = options.calm === undefined;
  for (;;) {
    const asked = clock.now();
    const found = await store.read();
    const answered = clock.now();
    if (found) refuseStranger(found.record, options);
    if (found?.record.token !== options.token) moved ||= options.calm?.version !== found?.version;
    const life = lifeOf(found?.record);
    const unchanged = watched?.version === found?.version ? asked - (watched?.since ?? asked) : 0;
    if (!found || isFree(found.record, options) || unchanged >= life + Math.min(MAX_TOLERANCE_MS, life * TOLERANCE)) {
      writes += 1;
      const record = recordOf(options, repository ?? found?.record.repository ?? null, writes);
      const sent = clock.now();
      const version = await (found ? store.replace(record, found.version) : store.create(record));
      const resumed = found?.record.token === options.token;
      if (version !== undefined) return { ...hold(store, options, { record, version }, sent), moved, resumed };
    } else {
      // A version that moved while it was watched is a renewal, or somebody who was faster.
      if (watched && watched.version !== found.version) throw new LeaseHeldError(found.record);
      if (!watched) {
        options.onWait?.(found.record.holder ?? '', found.record.expires);
        watched = { version: found.version, since: answered };
        deadline = answered + life + WATCH_MARGIN_MS;
      }
      if (stop?.aborted || clock.now() > deadline) throw new LeaseHeldError(found.record);
    }
    await clock.sleep(lookPause(life), stop);
  }
}

/** Nobody's, a dead process's, or our own: the answer to the write that took it was lost. */
function isFree(found: LeaseRecord, { token, hasEnded }: LeaseOptions): boolean {
  return found.holder === null || found.token === token || (hasEnded?.(found) ?? false);
}

function lifeOf({ ttlMs }: Pick<LeaseRecord, 'ttlMs'> = { ttlMs: MIN_TTL_MS }): number {
  return Math.min(MAX_TTL_MS, Math.max(MIN_TTL_MS, ttlMs));
}

function lookPause(life: number): number {
  return Math.min(MAX_LOOK_MS, Math.max(MIN_LOOK_MS, life / LOOKS));
}

function refuseStranger(found: LeaseRecord, { owner, repository }: LeaseOptions): void {
  if (found.repository === null || repository === undefined || found.repository === repository) return;
  throw new ClaimedError(owner, found.repository, repository);
}

function recordOf(options: LeaseOptions, repository: string | null, writes: number): LeaseRecord {
  const { owner, holder, token, ttlMs } = options;
  return {
    format: 'trueup/lease@1',
    owner,
    repository,
    holder,
    process: options.process ?? null,
    token,
    writes,
    ttlMs,
    expires: new Date(options.today() + ttlMs).toISOString(),
  };
}

/** @param sent when the write that took it was sent: its life counts from then, not from the answer. */
function hold(
  store: LeaseStore,
  options: LeaseOptions,
  taken: StoredLease,
  sent: number,
): Omit<Lease, 'moved' | 'resumed'> {
  const { monotonic: clock, ttlMs, longestRequestMs } = options;
  const loss = new AbortController();
  const ended = new AbortController();
  let { version } = taken;
  let { writes } = taken.record;
  let validUntil = sent + ttlMs;

  const renewing = renew();

  async function renew(): Promise<void> {
    while (!ended.signal.aborted) {
      await clock.sleep(ttlMs / RENEWALS, ended.signal);
      if (ended.signal.aborted) return;
      const at = clock.now();
      if (at >= validUntil) return lose();
      const next = await store.replace(nextRecord(), version).catch(() => undefined);
      if (next !== undefined) {
        version = next;
        validUntil = at + ttlMs;
        continue;
      }
      // An answer was lost, or somebody took it: the next look tells whose it is. Its life is not longer for that.
      const found = await store.read().catch(() => 'not seen' as const);
      if (found === 'not seen') continue;
      // One that was deleted may be anybody's by now.
      if (found?.record.token !== options.token) return lose();
      version = found.version;
    }
  }

  function nextRecord(): LeaseRecord {
    writes += 1;
    return recordOf(options, taken.record.repository, writes);
  }

  function lose(): void {
    validUntil = Number.NEGATIVE_INFINITY;
    loss.abort();
  }

  async function end(): Promise<void> {
    ended.abort();
    await renewing;
  }

  return {
    lost: loss.signal,
    permit() {
      if (!loss.signal.aborted && clock.now() + longestRequestMs <= validUntil) return;
      // Too late for this request is too late for all: a renewal that comes after is not waited for.
      loss.abort();
      throw new LeaseLostError();
    },
    async handOver() {
      await end();
      if (loss.signal.aborted) return false;
      return (await store.replace(nextRecord(), version).catch(() => undefined)) !== undefined;
    },
    async release() {
      await end();
      // Nobody else's is touched, whose version is another. Nobody is kept out by a lease that could not be given back: it ends by itself.
      return store
        .replace({ ...nextRecord(), holder: null, process: null, expires: null }, version)
        .catch(() => undefined);
    },
  };
}
