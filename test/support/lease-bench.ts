import { LeaseHeldError, acquireLease } from '../../src/engine/lease.ts';
import type { Lease, LeaseOptions, LeaseRecord, LeaseStore, StoredLease } from '../../src/engine/lease.ts';
import { virtualTime } from './virtual-time.ts';
import type { VirtualTime } from './virtual-time.ts';

export type Operation = 'read' | 'create' | 'replace';

/** How one request of the store fares. */
export interface Journey {
  /** Milliseconds until it takes effect, whether or not its sender still waits. */
  readonly there: number;
  /** Milliseconds of the answer. */
  readonly back: number;
  /** It never takes effect. */
  readonly fails?: boolean;
}

/** A write that took effect. */
export interface Write {
  readonly record: LeaseRecord;
  readonly sent: number;
}

/** The object in which the lease lies; its version is what it holds, as an ETag is a hash of that. */
export interface LeaseObject {
  record(): LeaseRecord | undefined;
  /** Written beside the store. */
  put(record: LeaseRecord | undefined): void;
  /** In the order in which they took effect. */
  readonly writes: readonly Write[];
  /** The store as one sees it through a network, who waits so long for an answer. */
  through(journey: (operation: Operation) => Journey, timeOutMs?: number): LeaseStore;
}

export function leaseObject(time: VirtualTime): LeaseObject {
  let text: string | undefined;
  const writes: Write[] = [];

  function through(journey: (operation: Operation) => Journey, timeOutMs = 5_000): LeaseStore {
    async function send<Result>(operation: Operation, effect: () => Result): Promise<Result> {
      const { there, back, fails = false } = journey(operation);
      const answer = time.sleep(there).then(async () => {
        const value = fails ? undefined : { value: effect() };
        await time.sleep(back);
        return value;
      });
      const answered = await Promise.race([answer, time.sleep(timeOutMs).then(() => undefined)]);
      if (!answered) throw new Error(`${operation}: no answer`);
      return answered.value;
    }

    async function write(operation: Operation, record: LeaseRecord, before: string | undefined) {
      const sent = time.now();
      return send(operation, () => {
        if (text !== before) return undefined;
        text = JSON.stringify(record);
        writes.push({ record, sent });
        return text;
      });
    }

    return {
      read: () =>
        send('read', (): StoredLease | undefined =>
          text === undefined ? undefined : { record: JSON.parse(text) as LeaseRecord, version: text },
        ),
      create: (record) => write('create', record, undefined),
      replace: (record, version) => write('replace', record, version),
    };
  }

  return {
    record: () => (text === undefined ? undefined : (JSON.parse(text) as LeaseRecord)),
    put(record) {
      text = record && JSON.stringify(record);
    },
    writes,
    through,
  };
}

/** What one does in a schedule; all in milliseconds of the time that they share. */
export interface ActorPlan {
  readonly seed: number;
  readonly starts: number;
  /** For so long it sends requests, once it may. */
  readonly works: number;
  readonly ttlMs: number;
  readonly wallOffset: number;
  /** Its time of day stands: what it writes differs by nothing but what the lease itself makes differ. */
  readonly isWallFrozen: boolean;
  readonly killedAt: number | null;
  readonly pause: { readonly at: number; readonly lasts: number } | null;
  /** Of its requests to the store, so many in a hundred are slow, or are lost. */
  readonly trouble: number;
}

/** A request that another part of AWS got. */
interface Sent {
  readonly actor: number;
  readonly start: number;
  /** When it was over, or could have been at the latest. */
  readonly end: number;
}

export interface Schedule {
  /** Requests of one while another sends, or has just been given the lease. */
  readonly overlaps: readonly string[];
  /** Requests that began when the store's word was too old for them. */
  readonly late: readonly string[];
  readonly requests: number;
  readonly takeovers: number;
  readonly losses: number;
}

const HOPELESS_MS = 1_800_000;
/** As `timeoutsWithin` of operations. */
export function longestRequest(ttlMs: number): number {
  return Math.min(2_000, ttlMs / 12) + Math.min(15_000, ttlMs / 4);
}

/** Lets actors contend for one lease until all have worked, gave up or are dead. */
export async function contend(plans: readonly ActorPlan[]): Promise<Schedule> {
  const time = virtualTime();
  const object = leaseObject(time);
  const sent: Sent[] = [];
  const taken: { readonly actor: number; readonly at: number }[] = [];
  const late: string[] = [];
  let losses = 0;

  async function act(plan: ActorPlan, actor: number): Promise<void> {
    const { ttlMs, killedAt, pause } = plan;
    const random = randomBy(plan.seed);
    const isDead = (): boolean => killedAt !== null && time.now() >= killedAt;
    const longestMs = longestRequest(ttlMs);

    /** Nobody goes on who is dead, and who is paused goes on later. */
    async function goOn(): Promise<void> {
      if (pause && time.now() >= pause.at && time.now() < pause.at + pause.lasts)
        await time.sleep(pause.at + pause.lasts - time.now());
      if (isDead()) await new Promise(() => undefined);
    }
    async function sleep(milliseconds: number, stop?: AbortSignal): Promise<void> {
      await time.sleep(milliseconds, stop);
      await goOn();
    }
    function journey(): Journey {
      if (random() * 100 >= plan.trouble) return { there: 5 + random() * 100, back: 5 + random() * 100 };
      const [there, back] = [random() * random() * 2 * ttlMs, random() * ttlMs];
      return { there, back, fails: random() < 0.3 };
    }
    const network = object.through(journey, ttlMs / 4);
    async function through<Result>(send: () => Promise<Result>): Promise<Result> {
      try {
        return await send();
      } finally {
        await goOn();
      }
    }
    const store: LeaseStore = {
      read: () => through(() => network.read()),
      create: (record) => through(() => network.create(record)),
      replace: (record, version) => through(() => network.replace(record, version)),
    };
    const offset = random() * 1e9;

    async function work(lease: Lease, token: string): Promise<void> {
      const until = time.now() + plan.works;
      while (time.now() < until) {
        try {
          lease.permit();
        } catch {
          losses += 1;
          return;
        }
        const start = time.now();
        const lasts = random() < 0.1 ? longestMs : random() * random() * longestMs;
        const isCutOff = killedAt !== null && killedAt < start + lasts;
        sent.push({ actor, start, end: start + (isCutOff ? longestMs : lasts) });
        const word = object.writes.findLast(({ record }) => record.token === token)?.sent ?? 0;
        if (start + longestMs > word + ttlMs) late.push(`${actor} at ${start}, by a word of ${word}`);
        await sleep(lasts);
        await sleep(random() * ttlMs * 0.1);
      }
    }

    await sleep(plan.starts);
    for (let round = 0; round < 6; round += 1) {
      const token = `${actor}/${round}`;
      try {
        const lease = await acquireLease(store, {
          owner: 'acme-network',
          repository: undefined,
          holder: `actor ${actor}`,
          token,
          ttlMs,
          longestRequestMs: longestMs,
          monotonic: { now: () => time.now() + offset, sleep },
          today: () => plan.wallOffset + (plan.isWallFrozen ? 0 : time.now()),
        });
        taken.push({ actor, at: time.now() });
        await work(lease, token);
        await lease.release();
        if (!lease.lost.aborted) return;
      } catch (error) {
        if (!(error instanceof LeaseHeldError) && !(error as Error).message.endsWith('no answer')) throw error;
      }
      await sleep(random() * ttlMs);
    }
  }

  const dead = plans.map(({ killedAt }) => (killedAt === null ? undefined : time.sleep(killedAt)));
  const acts = plans.map((plan, actor) => Promise.race([act(plan, actor), ...(dead[actor] ? [dead[actor]] : [])]));
  await time.run(Promise.race([Promise.all(acts), time.sleep(HOPELESS_MS)]));
  const overlaps = sent.flatMap((one) => [
    ...sent
      .filter(({ actor, start }) => actor !== one.actor && start >= one.start && start < one.end)
      .map(({ actor, start }) => `${actor} sends at ${start}, ${one.actor} from ${one.start} to ${one.end}`),
    ...taken
      .filter(({ actor, at }) => actor !== one.actor && at > one.start && at < one.end)
      .map(({ actor, at }) => `${actor} holds at ${at}, ${one.actor} sends from ${one.start} to ${one.end}`),
  ]);
  const held = object.writes.filter(({ record }, index) => {
    const before = object.writes[index - 1]?.record;
    return before && before.holder !== null && before.token !== record.token;
  });
  return { overlaps, late, requests: sent.length, takeovers: held.length, losses };
}

/** mulberry32: numbers from 0 to 1, the same for the same seed. */
export function randomBy(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Options of somebody with a clock of their own, ten minutes late by the time of day. */
export function contender(time: VirtualTime, name: string, more: Partial<LeaseOptions> = {}): LeaseOptions {
  return {
    owner: 'acme-network',
    repository: undefined,
    holder: name,
    token: `token of ${name}`,
    ttlMs: 60_000,
    longestRequestMs: 17_000,
    monotonic: time.clock(1e6),
    today: () => Date.parse('2026-11-24T09:50:00Z') + time.now(),
    ...more,
  };
}
