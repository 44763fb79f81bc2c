import type { Value } from '../../engine/types.ts';
import { equal } from '../../engine/value.ts';

/** One part of an API, as far as it is told apart. */
export interface Part {
  readonly id: string;
  readonly key: Value | undefined;
}

export interface PartQuestion {
  readonly parts: readonly Part[];
  /** Of the declared one. */
  readonly key: Value | undefined;
  /** Id in the stamp of the declared one. */
  readonly ownId: string | undefined;
  /** Ids in the stamps of others that are declared. */
  readonly others: ReadonlySet<string>;
  /** There cannot be two of one key. */
  readonly isUnique: boolean;
}

/** Which of an API's parts a declared one is, and which others it could be as well. */
export interface PartChoice {
  readonly id: string;
  readonly rivals: readonly string[];
}

/**
 * The one with the stamp, though its key was changed by hand; without a stamp the one of the key. Where keys are unique and
 * another has the declared one, that is it: the changed one could not be changed back. Pure.
 */
export function choosePart({ parts, key, ownId, others, isUnique }: PartQuestion): PartChoice | undefined {
  const ours = parts.filter(({ id }) => !others.has(id));
  const same = ours.filter((part) => key !== undefined && equal(part.key ?? null, key)).map(({ id }) => id);
  const stamped = ours.find(({ id }) => id === ownId)?.id;
  const isTaken = isUnique && stamped !== undefined && same.length > 0 && !same.includes(stamped);
  const id = isTaken ? same[0] : (stamped ?? same[0]);
  return id === undefined ? undefined : { id, rivals: same.filter((other) => other !== id) };
}
