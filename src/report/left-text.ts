import type { NotHealed } from '../engine/heal.ts';

/** Why a document that differs is left as it is. */
export const LEFT: Readonly<Record<NotHealed, string>> = {
  unknown: 'not all of it could be looked at',
  blocked: 'something stands in its way: trueup plan says what',
  guarded: 'healing it would trip a guard: trueup plan says which',
  'not-applied': 'it differs by more than drift: it waits for an apply',
  spared: 'it is the loop’s own document, and selfUpdate is false',
};

/** Of a reason that may be another version's: undefined where this one does not know it. */
export function leftText(why: string): string | undefined {
  return Object.hasOwn(LEFT, why) ? LEFT[why as NotHealed] : undefined;
}
