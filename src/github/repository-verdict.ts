import type { Look } from './repository-state.ts';

/** What checks of a repository's settings stand under in `trueup/verify@1`, in place of a document. */
export const REPOSITORY = 'github';

/** One setting that the safety of the loop rests on (threats T49). */
export interface RepositoryCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What is set; where it is off, where to change it. */
  readonly detail: string;
  /** It could not be looked at: `ok` is false, and nothing is known to be wrong. */
  readonly unknown?: true;
}

export type Verdict = Omit<RepositoryCheck, 'name'>;

export function on(detail: string): Verdict {
  return { ok: true, detail };
}

/** @param remedy where on GitHub, or with what, it is changed */
export function off(what: string, remedy: string): Verdict {
  return { ok: false, detail: `${what}: ${remedy}` };
}

/** The verdict on what was seen; what was not seen is unknown. */
export function judge<T>(look: Look<T>, verdict: (seen: T) => Verdict): Verdict {
  return 'seen' in look ? verdict(look.seen) : { ok: false, detail: look.unseen, unknown: true };
}
