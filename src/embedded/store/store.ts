import { TRAIL_LENGTH } from '../trail.ts';
import type { TrailEvent } from '../trail.ts';
import { Database } from './database.ts';
import type { RowChange } from './database.ts';

/** What one call leaves behind. */
export interface Entry {
  readonly changes: readonly RowChange[];
  readonly events: readonly TrailEvent[];
}

/** An account's state as this process sees it. */
export class State {
  readonly database = new Database();
  #events: TrailEvent[] = [];

  apply({ changes, events }: Entry): void {
    this.database.apply(changes);
    this.#events.push(...events);
    if (this.#events.length > 2 * TRAIL_LENGTH) this.#events = this.#events.slice(-TRAIL_LENGTH);
  }

  /** The newest events, oldest first. */
  events(): readonly TrailEvent[] {
    return this.#events.slice(-TRAIL_LENGTH);
  }
}

/** Where an account is kept. Everything is synchronous: between two awaits of this process nothing else moves. */
export interface Store {
  /** The state, with what other processes have committed. */
  current(): State;
  /** Runs `work` while no other process writes, and keeps what it leaves behind. */
  commit<Result>(work: (state: State) => readonly [Entry, Result]): Result;
  /** Remembers events of calls that changed nothing; they reach other processes with the next commit or at close. */
  note(events: readonly TrailEvent[]): void;
  close(): void;
}

export function memoryStore(): Store {
  const state = new State();
  return {
    current: () => state,
    commit(work) {
      const [entry, result] = work(state);
      state.apply(entry);
      return result;
    },
    note: (events) => state.apply({ changes: [], events }),
    close() {},
  };
}
