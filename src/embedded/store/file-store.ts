import { existsSync, readFileSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { resolve } from 'node:path';
import type { TrailEvent } from '../trail.ts';
import {
  checkFile,
  closeToOthers,
  damaged,
  lostLock,
  overwriteClosing,
  prepareDirectory,
  readTail,
  replaceFile,
  unreadable,
  unusable,
} from './account-file.ts';
import type { RowChange } from './database.ts';
import { CLOSING, isTorn, readEntries, readJournal, writeEntry, writeJournal } from './journal.ts';
import { lock } from './lock.ts';
import type { Lock } from './lock.ts';
import { State } from './store.ts';
import type { Entry, Store } from './store.ts';

/** Rows of one line when the file is written anew. */
const ROWS_PER_LINE = 1000;
/** The file is written anew when it holds more than twice what is alive, and this much more. */
const SPARE_ROWS = 2000;
/** Events of reads that wait for the next write. */
const MAX_PENDING_EVENTS = 256;

/** What is known of the file: the state after its last line, whose checksum is `sum`. */
interface Known {
  readonly state: State;
  readonly sum: string;
  readonly stats: BigIntStats;
  /** Rows and events in the file, dead ones included. */
  readonly written: number;
}

/**
 * Keeps an account in one file that several processes use at once. A write costs what it changes: it adds one line,
 * under a lock. A process killed at any moment leaves the state before or after its write.
 *
 * @throws EmbeddedError TU4010 to TU4013.
 */
export function openFileStore(path: string): Store {
  const file = resolve(path);
  const store = explained(file, () => {
    prepareDirectory(file);
    return new FileStore(file);
  });
  return {
    current: () => explained(file, () => store.current()),
    commit: (work) => explained(file, () => store.commit(work)),
    note: (events) => explained(file, () => store.note(events)),
    close: () => explained(file, () => store.close()),
  };
}

/** A full disk or a forbidden folder, said of the account file. */
function explained<Result>(file: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw unusable(file, error.message, error);
    throw error;
  }
}

class FileStore implements Store {
  readonly #file: string;
  #known: Known | undefined;
  /** Events of calls that changed nothing; the state has them, the file has not. */
  #pending: readonly TrailEvent[] = [];

  constructor(file: string) {
    this.#file = file;
    if (!existsSync(file)) {
      this.#locked(() => {
        if (!existsSync(file)) this.#writeAnew(new State());
      });
    }
    closeToOthers(file);
    this.#tidy();
  }

  current(): State {
    return this.#look().state;
  }

  commit<Result>(work: (state: State) => readonly [Entry, Result]): Result {
    return this.#locked((held) => {
      const known = this.#look(held);
      const [entry, result] = work(known.state);
      this.#add(known, entry, held);
      return result;
    });
  }

  note(events: readonly TrailEvent[]): void {
    this.#look().state.apply({ changes: [], events });
    this.#pending = [...this.#pending, ...events];
    if (this.#pending.length >= MAX_PENDING_EVENTS) this.#flush();
  }

  close(): void {
    this.#flush();
    this.#tidy();
  }

  #flush(): void {
    if (this.#pending.length > 0) this.commit(() => [{ changes: [], events: [] }, undefined]);
  }

  /** Writes the file anew when most of it is history. */
  #tidy(): void {
    if (!isMostlyHistory(this.#look())) return;
    this.#locked((held) => {
      const known = this.#look(held);
      if (isMostlyHistory(known)) this.#writeAnew(known.state);
    });
  }

  #locked<Result>(work: (held: Lock) => Result): Result {
    const held = lock(`${this.#file}.lock`);
    try {
      return work(held);
    } finally {
      held.release();
    }
  }

  /** The state with everything committed so far; without a lock it waits for a writer in the middle of a line. */
  #look(held?: Lock): Known {
    const stats = checkFile(this.#file);
    const known = this.#known === undefined ? undefined : this.#follow(this.#known, stats);
    this.#known = known ?? this.#load(stats, held);
    return this.#known;
  }

  /** Undefined: the file was replaced or ends in the middle of a line. */
  #follow(known: Known, stats: BigIntStats): Known | undefined {
    if (stats.ino !== known.stats.ino || stats.size < known.stats.size) return undefined;
    if (stats.size === known.stats.size) return stats.mtimeNs === known.stats.mtimeNs ? known : undefined;
    const tail = readTail(this.#file, Number(known.stats.size) - CLOSING.length, Number(stats.size));
    const { entries, sum, rest } = readEntries(tail, known.sum);
    if (rest !== CLOSING) return undefined;
    for (const entry of entries) known.state.apply(entry);
    return { state: known.state, sum, stats, written: known.written + countRows(entries) };
  }

  #load(stats: BigIntStats, held: Lock | undefined): Known {
    const text = readFileSync(this.#file, 'utf8');
    const intact = readJournal(text);
    // A line may be written while it is read, in pieces: only what looks so to whoever holds the lock is damage.
    if (intact?.rest !== CLOSING && held === undefined) {
      return this.#locked((lockHeld) => this.#load(checkFile(this.#file), lockHeld));
    }
    if (intact === undefined) throw unreadable(this.#file, text);
    const { entries, sum, rest } = intact;
    const state = new State();
    for (const entry of entries) state.apply(entry);
    state.apply({ changes: [], events: this.#pending });
    if (rest === CLOSING) return { state, sum, stats, written: countRows(entries) };
    if (isTorn(rest) && held?.abandoned === true) return this.#writeAnew(state);
    throw damaged(this.#file, `it is cut or altered after line ${entries.length + 2}`);
  }

  #add(known: Known, { changes, events }: Entry, held: Lock): void {
    const entry = { changes, events: [...this.#pending, ...events] };
    if (entry.changes.length + entry.events.length === 0) return;
    if (!held.isHeld()) throw lostLock(this.#file);
    const { text, sum } = writeEntry(entry, known.sum);
    overwriteClosing(this.#file, Number(known.stats.size), text);
    known.state.apply({ changes, events });
    this.#pending = [];
    const written = known.written + countRows([entry]);
    this.#known = { state: known.state, sum, stats: checkFile(this.#file), written };
  }

  #writeAnew(state: State): Known {
    const entries = compactEntries(state);
    const { text, sum } = writeJournal(entries);
    replaceFile(this.#file, text);
    this.#pending = [];
    this.#known = { state, sum, stats: checkFile(this.#file), written: countRows(entries) };
    return this.#known;
  }
}

function isMostlyHistory({ state, written }: Known): boolean {
  return written > 2 * (state.database.rowCount() + state.events().length) + SPARE_ROWS;
}

function countRows(entries: readonly Entry[]): number {
  return entries.reduce((sum, { changes, events }) => sum + changes.length + events.length, 0);
}

function compactEntries(state: State): readonly Entry[] {
  const entries: Entry[] = [];
  let changes: RowChange[] = [];
  for (const row of state.database.rows()) {
    changes.push(row);
    if (changes.length < ROWS_PER_LINE) continue;
    entries.push({ changes, events: [] });
    changes = [];
  }
  return [...entries, { changes, events: state.events() }];
}
