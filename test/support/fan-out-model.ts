import type { FanOutWorld } from '../../src/fan-out/bring.ts';
import type { Buckets, SourceObject } from '../../src/fan-out/buckets.ts';
import type { CopyRow, Head, Ledger } from '../../src/fan-out/ledger.ts';
import { LOOKS } from '../../src/fan-out/ledger-keys.ts';
import { orderOfEvent } from '../../src/fan-out/order.ts';
import type { ObjectChange } from '../../src/fan-out/object-change.ts';

/** A version of one key of the source; no etag: a delete marker. */
interface Version {
  readonly versionId: string;
  readonly etag: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly modified: number;
}

/** Called before and after each effect; it may wait, or throw: as a process that dies, or as a call that fails. */
export type Step = (what: string) => Promise<void>;

/** A source, a destination and a ledger in memory, every call of which is one step that happens at once. */
export interface FanOutModel {
  readonly isVersioned: boolean;
  /** Writes to the source. @returns the event */
  put(key: string, etag: string, metadata?: Readonly<Record<string, string>>): ObjectChange;
  remove(key: string): ObjectChange;
  /** Deletes one version, or one delete marker. @returns the event */
  removeVersion(key: string, versionId: string): ObjectChange;
  /** What was there before there was a ledger: `all` takes the copies' metadata, too. */
  forget(what: 'rows' | 'all'): void;
  /** ETag of the current object. */
  current(key: string): string | undefined;
  /** The destination's objects: ETags by key. */
  readonly copies: ReadonlyMap<string, string>;
  /** The metadata of a copy. */
  metadata(destinationKey: string): Readonly<Record<string, string>>;
  readonly rows: ReadonlyMap<string, CopyRow>;
  world(step: Step): FanOutWorld<SourceObject>;
  /** How often the source's objects were copied. */
  landings(): number;
  /** Attempts that have not said that they are over, by the rows that have some. */
  openAttempts(): ReadonlyMap<string, number>;
}

function sequencerAt(time: number): string {
  return (0x6500 + time).toString(16).toUpperCase().replace(/0+$/, '');
}

/** What the documents of a model say. */
export interface FanOutModelOptions {
  /** Keys that rules give another place today. */
  readonly elsewhere?: ReadonlySet<string>;
  /** Deletions at the source stay at the destination. */
  readonly keepsDeleted?: boolean;
  /** The destination has versions, and every key a place of its own. */
  readonly mapsOneToOne?: boolean;
}

export function createFanOutModel(isVersioned: boolean, options: FanOutModelOptions = {}): FanOutModel {
  const versions = new Map<string, Version[]>();
  const copies = new Map<string, string>();
  const metadatas = new Map<string, Readonly<Record<string, string>>>();
  const rows = new Map<string, CopyRow>();
  /** Where each key was asked to be copied to. */
  const destinations = new Map<string, string>();
  const heads = new Map<string, Head>();
  const attempts = new Map<string, Set<string>>();
  const failures = new Map<string, Set<string>>();
  /** What had failed when an attempt began. */
  const inherited = new Map<string, readonly string[]>();
  let time = 0;
  let nonces = 0;
  let landings = 0;

  function write(key: string, etag: string | undefined, metadata: Version['metadata'] = {}): ObjectChange {
    time += 1;
    const version = { versionId: `v${time}`, etag, metadata, modified: time };
    const before = isVersioned ? (versions.get(key) ?? []) : [];
    versions.set(key, isVersioned || etag !== undefined ? [...before, version] : []);
    return {
      kind: etag === undefined ? 'deleted' : 'created',
      key,
      sequencer: sequencerAt(time),
      at: time,
      ...(isVersioned && { versionId: version.versionId }),
      ...(etag !== undefined && { etag, size: etag.length }),
    };
  }

  function find(key: string, versionId?: string): Version | undefined {
    const all = versions.get(key) ?? [];
    const found = versionId === undefined ? all.at(-1) : all.find((one) => one.versionId === versionId);
    return found?.etag === undefined ? undefined : found;
  }

  function effects(step: Step): FanOutWorld<SourceObject> {
    const call = async <T>(what: string, effect: () => T): Promise<T> => {
      await step(`before ${what}`);
      const result = effect();
      await step(`after ${what}`);
      return result;
    };
    const ledger: Ledger = {
      begin: (pk, named, attempt) =>
        call('begin', () => {
          destinations.set(named.sourceKey, named.destinationKey);
          const id = `${pk} ${named.sk}`;
          const there = rows.get(id);
          const open = attempts.get(id) ?? new Set();
          const row = there && { ...there, openAttempts: open.size };
          if (row && row.state !== 'copying' && open.size === 0) return row;
          if (!row) rows.set(id, { ...named, state: 'copying', isPlain: false, hasUpload: false, openAttempts: 0 });
          attempts.set(id, new Set([...open, attempt]));
          inherited.set(`${id} ${attempt}`, [...(failures.get(id) ?? [])]);
          return row;
        }),
      claim: (pk, named, seen) =>
        call('claim', () => {
          const head = heads.get(pk);
          const isEvent = seen === undefined || seen === 'some';
          if (!isEvent && (head?.turn ?? 'none') !== seen) return { is: 'moved' as const };
          if (seen === 'some' && !head) return { is: 'unordered' as const };
          const order = isEvent && head ? orderOfEvent(head, named) : 'newer';
          if (seen === 'some' && head && order === 'newer' && head.at > named.at) return { is: 'unordered' as const };
          if (head && order !== 'newer') return order === 'older' ? { is: 'superseded' as const, head } : { is: order };
          const { stands } = head ?? {};
          const claimed = { ...named, turn: (head?.turn ?? 0) + 1, isCopied: false, ...(stands && { stands }) };
          heads.set(pk, claimed);
          return { is: 'claimed' as const, head: claimed };
        }),
      head: (pk) => call('head', () => heads.get(pk)),
      confirm: (pk, sk, standing) =>
        call('confirm', () => {
          const head = heads.get(pk);
          if (head?.sk !== sk) return false;
          const { stands: before, ...rest } = head;
          const stands = standing === 'unchanged' ? before : standing === 'nothing' ? undefined : standing;
          heads.set(pk, { ...rest, isCopied: true, ...(stands && { stands }) });
          return true;
        }),
      finish: ({ pk, sk }, { state, content }, attempt) =>
        call('finish', () => {
          const id = `${pk} ${sk}`;
          for (const over of [attempt, ...(inherited.get(`${id} ${attempt}`) ?? [])]) attempts.get(id)?.delete(over);
          const row = rows.get(id);
          if (row) rows.set(id, { ...row, state, ...content });
        }),
      fail: ({ pk, sk }, _error, attempt) =>
        call('fail', () => {
          const id = `${pk} ${sk}`;
          if (rows.has(id) && attempt !== undefined) failures.set(id, new Set([...(failures.get(id) ?? []), attempt]));
        }),
      leave: ({ pk, sk }, attempt) =>
        call('leave', () => {
          attempts.get(`${pk} ${sk}`)?.delete(attempt);
        }),
      row: ({ pk, sk }) => call('row', () => rows.get(`${pk} ${sk}`)),
      unfinishedLooks: (pk) =>
        call('unfinishedLooks', () =>
          [...rows].flatMap(([id, row]) => (id.startsWith(`${pk} ${LOOKS}`) && row.state === 'copying' ? [row] : [])),
        ),
      giveUp: ({ pk, sk }) =>
        call('giveUp', () => {
          const id = `${pk} ${sk}`;
          const row = rows.get(id);
          if (row?.state === 'copying' && !row.hasUpload) rows.set(id, { ...row, state: 'superseded' });
        }),
    };
    const buckets: Buckets<SourceObject> = {
      look: (key, versionId) =>
        call('look', () => {
          const found = find(key, versionId);
          if (!found?.etag) return undefined;
          return {
            size: found.etag.length,
            etag: found.etag,
            isPlain: true,
            modified: found.modified,
            metadata: found.metadata,
            ...(isVersioned && { versionId: found.versionId }),
          };
        }),
      tags: () => call('tags', () => []),
      async copy({ named, source, metadata }) {
        await step('before copy');
        const found = find(named.sourceKey, named.versionId);
        if (found?.etag !== source.etag) return { is: 'gone' };
        // S3 has read the source, and has not written yet.
        await step('within copy');
        copies.set(named.destinationKey, source.etag);
        metadatas.set(named.destinationKey, metadata);
        landings += 1;
        await step('after copy');
        return { is: 'landed', etag: source.etag };
      },
      standing: (key) =>
        call('standing', () => {
          const etag = copies.get(key);
          if (etag === undefined) return undefined;
          return { size: etag.length, metadata: metadatas.get(key) ?? {}, isVersion: true };
        }),
      remove: (key) =>
        call('remove', () => {
          copies.delete(key);
        }),
      abandon: () => call('abandon', () => {}),
    };
    return {
      ledger,
      buckets,
      destinationBucket: 'copies',
      marks: { document: 'd'.repeat(12), formerly: ['f'.repeat(12)], destination: 'e'.repeat(12) },
      admits: () => true,
      destinationKeyOf: (key) => (options.elsewhere?.has(key) ? 'elsewhere' : destinations.get(key)),
      mapsOneToOne: options.mapsOneToOne ?? false,
      keepsDeleted: options.keepsDeleted ?? false,
      nonce: () => `n${(nonces += 1)}`,
    };
  }

  return {
    isVersioned,
    put: write,
    remove: (key) => write(key, undefined),
    removeVersion(key, versionId) {
      time += 1;
      versions.set(
        key,
        (versions.get(key) ?? []).filter((one) => one.versionId !== versionId),
      );
      return { kind: 'version-deleted', key, sequencer: sequencerAt(time), at: time, versionId };
    },
    forget(what) {
      for (const map of [rows, heads, attempts, failures, ...(what === 'all' ? [metadatas] : [])]) map.clear();
    },
    current: (key) => find(key)?.etag,
    copies,
    metadata: (key) => metadatas.get(key) ?? {},
    rows,
    world: effects,
    landings: () => landings,
    openAttempts: () => new Map([...attempts].flatMap(([id, { size }]) => (size > 0 ? [[id, size] as const] : []))),
  };
}

/** A process that dies at one step. */
export class Died extends Error {
  override readonly name = 'Died';
}

/** A call of which an error is told: it was done, or was not. Its process hears of it, and may go on. */
export class Failed extends Error {
  override readonly name = 'Failed';
}

/** Steps of which one kills: the one with this number, counted from 0. */
export function dyingAt(fatal: number): { readonly step: Step; readonly count: () => number } {
  let at = -1;
  return {
    count: () => at + 1,
    step: (what) => {
      at += 1;
      return at === fatal ? Promise.reject(new Died(what)) : Promise.resolve();
    },
  };
}
