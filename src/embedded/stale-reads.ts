import { normalizeService } from './faults.ts';
import { Database } from './store/database.ts';
import type { RowChange } from './store/database.ts';

/** Which services answer reads with what was, and how long ago. */
export interface Stale {
  readonly milliseconds: number;
  /** `route-53`, compared without case and hyphens. */
  readonly services: readonly string[];
}

interface Written {
  readonly at: number;
  readonly changes: readonly RowChange[];
}

/**
 * The state as it was a while ago, for reads that are eventually consistent. It knows of what was there at the beginning
 * and of what is noted since; what another process writes into the same file is never seen.
 */
export class StaleReads {
  readonly #milliseconds: number;
  readonly #services: ReadonlySet<string>;
  readonly #database = new Database();
  #recent: Written[] = [];

  constructor({ milliseconds, services }: Stale, rows: Iterable<RowChange>) {
    this.#milliseconds = milliseconds;
    this.#services = new Set(services.map(normalizeService));
    this.#database.apply([...rows]);
  }

  note(changes: readonly RowChange[], at: number): void {
    if (changes.length > 0) this.#recent.push({ at, changes });
  }

  /** What a read of this service sees; undefined: everything. */
  seenBy(service: string, now: number): Database | undefined {
    if (!this.#services.has(normalizeService(service))) return undefined;
    const shown = this.#recent.filter(({ at }) => at + this.#milliseconds <= now);
    for (const { changes } of shown) this.#database.apply(changes);
    this.#recent = this.#recent.slice(shown.length);
    return this.#database;
  }
}
