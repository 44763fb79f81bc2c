/** A table of JSON values, named; `Value` exists for the compiler only. */
export interface Table<Value> {
  readonly name: string;
  readonly value?: Value;
}

export function table<Value>(name: string): Table<Value> {
  return { name };
}

/** One written row: `[table, key, value]`, or `[table, key]` for a removed one. */
export type RowChange = readonly [table: string, key: string, value?: unknown];

/** Tables in memory with their keys in ASCII order; changed only by `apply`. */
export class Database {
  readonly #tables = new Map<string, Rows>();

  get<Value>(from: Table<Value>, key: string): Value | undefined {
    return this.#tables.get(from.name)?.values.get(key) as Value | undefined;
  }

  size(of: Table<unknown>): number {
    return this.#tables.get(of.name)?.values.size ?? 0;
  }

  /** Keys in ASCII order. */
  keys(of: Table<unknown>): readonly string[] {
    return this.#tables.get(of.name)?.sortedKeys() ?? [];
  }

  /** The first keys in ASCII order. */
  firstKeys(of: Table<unknown>, most: number): readonly string[] {
    return this.#tables.get(of.name)?.firstKeys(most) ?? [];
  }

  /** Keys that begin with a text, in ASCII order. */
  keysWith(of: Table<unknown>, prefix: string): readonly string[] {
    return this.#tables.get(of.name)?.keysWith(prefix) ?? [];
  }

  apply(changes: readonly RowChange[]): void {
    for (const change of changes) {
      const [name, key, value] = change;
      let rows = this.#tables.get(name);
      if (rows === undefined) {
        rows = new Rows();
        this.#tables.set(name, rows);
      }
      rows.change(key, change.length === 2 ? undefined : value);
      if (rows.values.size === 0) this.#tables.delete(name);
    }
  }

  rowCount(): number {
    return [...this.#tables.values()].reduce((sum, { values }) => sum + values.size, 0);
  }

  /** Every row as the change that would write it into an empty database. */
  *rows(): Generator<RowChange> {
    for (const [name, { values }] of this.#tables) {
      for (const [key, value] of values) yield [name, key, value];
    }
  }
}

class Rows {
  readonly values = new Map<string, unknown>();
  #sorted: readonly string[] = [];
  readonly #moved = new Set<string>();

  change(key: string, value: unknown): void {
    if (value === undefined ? this.values.delete(key) : !this.values.has(key)) this.#moved.add(key);
    if (value !== undefined) this.values.set(key, value);
  }

  /** Merged with what moved since the last look, so that a change of a few keys costs one pass and no sort of all. */
  sortedKeys(): readonly string[] {
    if (this.#moved.size === 0) return this.#sorted;
    const added = [...this.#moved].filter((key) => this.values.has(key)).sort(compareAscii);
    this.#sorted = merge(
      this.#sorted.filter((key) => !this.#moved.has(key)),
      added,
    );
    this.#moved.clear();
    return this.#sorted;
  }

  /** Costs no pass over all keys while few have moved: a table that is full loses its first keys with each that comes. */
  firstKeys(most: number): readonly string[] {
    if (this.#moved.size > MANY_MOVED_FIRST) return this.sortedKeys().slice(0, most);
    const found = [...this.#moved].filter((key) => this.values.has(key));
    let unmoved = 0;
    for (const key of this.#sorted) {
      if (unmoved === most) break;
      if (this.#moved.has(key)) continue;
      found.push(key);
      unmoved += 1;
    }
    return found.sort(compareAscii).slice(0, most);
  }

  /** Costs no pass over all keys while few have moved. */
  keysWith(prefix: string): readonly string[] {
    const sorted = this.#moved.size > MANY_MOVED ? this.sortedKeys() : this.#sorted;
    const found = [...this.#moved].filter((key) => key.startsWith(prefix) && this.values.has(key));
    for (let index = firstNotBefore(sorted, prefix); sorted[index]?.startsWith(prefix) === true; index += 1) {
      const key = sorted[index] ?? '';
      if (!this.#moved.has(key)) found.push(key);
    }
    return found.sort(compareAscii);
  }
}

/** How many keys may have moved before a look at a few of them brings all into order. */
const MANY_MOVED = 1000;
/** The same where all that moved is sorted with them. */
const MANY_MOVED_FIRST = 200;

function merge(left: readonly string[], right: readonly string[]): readonly string[] {
  const merged: string[] = [];
  let next = 0;
  for (const key of left) {
    for (let other = right[next]; other !== undefined && other < key; other = right[next]) {
      merged.push(other);
      next += 1;
    }
    merged.push(key);
  }
  return [...merged, ...right.slice(next)];
}

function compareAscii(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Index of the first key that is not less than `wanted`. */
export function firstNotBefore(keys: readonly string[], wanted: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What one call sees and wants to write. `get` sees the call's own writes; `keys` and its like and `size` see the tables as they
 * were before it. Nothing is written unless the call succeeds.
 */
export class Transaction {
  readonly #database: Database;
  readonly #staged = new Map<string, Map<string, unknown>>();

  constructor(database: Database) {
    this.#database = database;
  }

  get<Value>(from: Table<Value>, key: string): Value | undefined {
    const staged = this.#staged.get(from.name);
    if (staged?.has(key) === true) return staged.get(key) as Value | undefined;
    return this.#database.get(from, key);
  }

  keys(of: Table<unknown>): readonly string[] {
    return this.#database.keys(of);
  }

  firstKeys(of: Table<unknown>, most: number): readonly string[] {
    return this.#database.firstKeys(of, most);
  }

  keysWith(of: Table<unknown>, prefix: string): readonly string[] {
    return this.#database.keysWith(of, prefix);
  }

  size(of: Table<unknown>): number {
    return this.#database.size(of);
  }

  /** Rows in ASCII order of their keys. */
  *entries<Value>(of: Table<Value>): Generator<readonly [string, Value]> {
    for (const key of this.#database.keys(of)) {
      const value = this.#database.get(of, key);
      if (value !== undefined) yield [key, value];
    }
  }

  put<Value>(into: Table<Value>, key: string, value: Value): void {
    this.#stage(into.name, key, value);
  }

  delete(from: Table<unknown>, key: string): void {
    this.#stage(from.name, key, undefined);
  }

  /** A number that this account file never gave out under this name before, from 1. */
  next(counter: string): number {
    const value = (this.get(counters, counter) ?? 0) + 1;
    this.put(counters, counter, value);
    return value;
  }

  changes(): readonly RowChange[] {
    return [...this.#staged].flatMap(([name, rows]) =>
      [...rows].map(([key, value]): RowChange => (value === undefined ? [name, key] : [name, key, value])),
    );
  }

  #stage(name: string, key: string, value: unknown): void {
    const rows = this.#staged.get(name) ?? new Map<string, unknown>();
    this.#staged.set(name, rows.set(key, value));
  }
}

const counters = table<number>('counters');
