import type { Effect, Value } from '../engine/types.ts';
import { equal } from '../engine/value.ts';

/** What changes in the document that functions are told. */
export interface FunctionDocument {
  /** Names of the functions that are told this. */
  readonly functions: readonly string[];
  readonly changes: readonly FunctionDocumentChange[];
  /** Changes beyond those. */
  readonly omitted: number;
}

interface FunctionDocumentChange {
  /** `rules.maxActions`. */
  readonly path: string;
  readonly before: Value;
  readonly after: Value;
}

const DOCUMENT_CODE = 'function.document';

/** The effect `function.document`, if it is one. */
export function functionDocumentOf({ code, data }: Effect): FunctionDocument | undefined {
  const { function: name, changes, omitted } = data;
  if (code !== DOCUMENT_CODE || typeof name !== 'string' || typeof omitted !== 'number') return undefined;
  return Array.isArray(changes) && changes.every(isChange) ? { functions: [name], changes, omitted } : undefined;
}

/** What several functions are told alike is said once, in the order of its first mention. */
export function functionDocuments(effects: readonly Effect[]): readonly FunctionDocument[] {
  const all: FunctionDocument[] = [];
  for (const told of effects.flatMap((effect) => functionDocumentOf(effect) ?? [])) {
    const index = all.findIndex((one) => one.omitted === told.omitted && equal(one.changes, told.changes));
    const known = all[index];
    if (known) all[index] = { ...known, functions: [...known.functions, ...told.functions] };
    else all.push(told);
  }
  return all;
}

function isChange(value: unknown): value is FunctionDocumentChange {
  if (typeof value !== 'object' || value === null) return false;
  return 'path' in value && typeof value.path === 'string' && 'before' in value && 'after' in value;
}
