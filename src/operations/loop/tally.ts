import type { Address, ApplyResult, DriftResult, Who } from '../../engine/types.ts';
import { NOT_HEALED } from '../../engine/heal.ts';
import type { Healing } from '../../engine/heal.ts';
import type { Tally } from './state.ts';
import type { Difference } from './types.ts';

/** What is told by name: the state that is handed over, and a message to people, have an end. */
const NAMED = 50;
const MAX_TEXT = 300;

export function withDocuments(tally: Tally, documents: number): Tally {
  return { ...tally, documents: tally.documents + documents };
}

/**
 * What was found to be other than it was applied. What is left of it is named before what was undone.
 * @param undone documents of which nothing of it is left
 */
export function withDrift(
  tally: Tally,
  { drifted, missing }: Pick<DriftResult, 'drifted' | 'missing'>,
  undone: ReadonlySet<Address>,
): Tally {
  const found = [
    ...drifted.map(({ id, document, changes, who }) => ({
      id,
      document,
      fields: changes.map(({ path }) => path),
      ...told(who),
    })),
    ...missing.map(({ id, document, who }) => ({ id, document, fields: [], ...told(who) })),
  ].map((difference): Difference => (undone.has(difference.document) ? { ...difference, undone: true } : difference));
  const all = [...tally.drifted, ...found];
  return {
    ...tally,
    drifted: [...all.filter((one) => !one.undone), ...all.filter((one) => one.undone)].slice(0, NAMED),
    differences: tally.differences + found.length,
    open: tally.open + found.filter(({ document }) => !undone.has(document)).length,
  };
}

function told(who: Who | undefined): { readonly who?: string } {
  return who?.actor ? { who: `${who.actor}, ${who.event}, ${who.at}` } : {};
}

/** What could not be looked at is named before what something stands in the way of, and that before all that waits. */
export function withLeft(tally: Tally, left: Healing['left']): Tally {
  const cut = left.map((one) => (one.message === undefined ? one : { ...one, message: shortened(one.message) }));
  const reasons = { ...tally.reasons };
  for (const { why } of left) reasons[why] = (reasons[why] ?? 0) + 1;
  return {
    ...tally,
    left: [...tally.left, ...cut].sort((one, other) => rankOf(one) - rankOf(other)).slice(0, NAMED),
    leftAlone: tally.leftAlone + left.length,
    reasons,
  };
}

function rankOf({ why }: Healing['left'][number]): number {
  return NOT_HEALED.indexOf(why);
}

/** Cut between words: of an account or an address no part stays that a redaction would not know any more. */
function shortened(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT).replace(/\S+$/u, '')}…`;
}

/** Documents that an approved plan changes, and that stay as they are. */
export function withBlocked(tally: Tally, blocked: ReadonlyMap<Address, string>): Tally {
  const faults = [...blocked].map(([id, why]) => ({
    id,
    error: shortened(`it was blocked when it was reviewed: ${why}`),
  }));
  return { ...tally, failed: [...tally.failed, ...faults].slice(0, NAMED) };
}

/** What an apply of any kind did. */
export function withApply(tally: Tally, what: 'healed' | 'applied', result: ApplyResult): Tally {
  const { done, failed, skipped, refused, guards } = result;
  const isOver = result.outcome !== 'interrupted';
  const faults = [
    ...failed,
    ...(isOver ? refused : []).map(({ document, differences: [first] }) => ({
      id: document,
      error: `it is not as reviewed: ${first?.message ?? 'it differs'}`,
    })),
    ...guards.filter(({ allowed }) => !allowed).map(({ code, message }) => ({ id: code, error: message })),
    ...skipped
      .filter(({ why }) => why !== 'already done' && why !== 'not in the reviewed plan' && isOver)
      .map(({ id, why }) => ({ id, error: why })),
    ...(result.outcome === 'not-converged' ? [{ id: 'the plan right after', error: 'it is not empty' }] : []),
  ].map(({ id, error }) => ({ id, error: shortened(error) }));
  return {
    ...tally,
    [what]: tally[what] + done.length,
    failed: [...tally.failed, ...faults].slice(0, NAMED),
  };
}
