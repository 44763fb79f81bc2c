import { childPointer, dottedPath } from '../config/pointer.ts';
import type { Editable, Step } from '../config/editable.ts';
import type { Field } from '../config/schema-walk.ts';
import { consequencesOf } from './consequences.ts';
import type { Consequences } from './consequences.ts';
import { listGuess } from './list-spellings.ts';
import { guesses } from './spellings.ts';
import type { Pair } from './spellings.ts';
import { tryDocument } from './trial.ts';
import type { Goal, Looked, Trial } from './trial.ts';

/** An edit of one field, or of the items of one list. */
export interface FieldEdit {
  readonly path: string;
  readonly steps: readonly Step[];
}

/** A document in which a goal is met. */
export interface Found {
  readonly editable: Editable;
  readonly edits: readonly FieldEdit[];
  readonly consequences: Consequences;
}

/** Fields that one property may take together; a bound against searching in vain. */
const MOST_EDITS = 20;
/** Items that could say more are many, and none of them is the likelier one. */
const BELOW_LIST = /\/[0-9]+\//;
const UNDECIDED = 'no field of the document decides it';

/**
 * Finds the edit of a document after which it wants what was found: by trial, so that no kind has to tell how what it
 * compiles comes about. Each step brings the property closer and does nothing that was not asked for.
 *
 * @returns a clause where there is no such edit, or several.
 */
export async function searchEdit(
  looked: Looked,
  start: Editable,
  goal: Goal,
  goals: readonly Goal[],
): Promise<Found | string> {
  const before = tryDocument(looked, start.document);
  if (!before) return UNDECIDED;
  const edits: FieldEdit[] = [];
  let editable = start;
  let open = await before.open(goal);
  while (open && open.length > 0 && edits.length < MOST_EDITS) {
    const closer = await closest(looked, editable, { goal, goals, before, open });
    if (typeof closer === 'string') return closer;
    edits.push(closer.edit);
    ({ editable, open } = closer);
  }
  const after = tryDocument(looked, editable.document);
  if (!after || edits.length === 0 || open?.length !== 0) return UNDECIDED;
  const consequences = await consequencesOf(looked, start.document, { before, after, goal, goals });
  return consequences.fault ?? { editable, edits, consequences };
}

interface Closer {
  readonly edit: FieldEdit;
  readonly editable: Editable;
  readonly open: readonly Pair[];
  readonly isWritten: boolean;
  readonly follows: number;
}

async function closest(
  looked: Looked,
  editable: Editable,
  {
    goal,
    goals,
    before,
    open,
  }: { readonly goal: Goal; readonly goals: readonly Goal[]; readonly before: Trial; readonly open: readonly Pair[] },
): Promise<Closer | string> {
  const found = new Map<string, Closer>();
  let refusal: string | undefined;
  for (const edit of candidates(editable, open)) {
    if (found.has(edit.path)) continue;
    const edited = editable.with(edit.steps);
    const after = edited && tryDocument(looked, edited.document);
    const left = await after?.open(goal);
    if (!edited || !after || !left || left.length >= open.length) continue;
    const { fault, follows } = await consequencesOf(looked, editable.document, { before, after, goal, goals });
    if (fault === undefined) {
      const isWritten = editable.isWritten(edit.path);
      found.set(edit.path, { edit, editable: edited, open: left, isWritten, follows: follows.length });
    } else refusal ??= `${dottedPath(edit.path)} decides it, and another value there ${fault}`;
  }
  const ranked = [...found.values()].sort((a, b) => rank(a) - rank(b));
  const [best, second] = ranked;
  if (!best) return refusal ?? UNDECIDED;
  if (!second || rank(second) > rank(best)) return best;
  const fields = ranked.filter((one) => rank(one) === rank(best)).map(({ edit }) => dottedPath(edit.path));
  return `several fields could decide it: ${fields.join(', ')}`;
}

/** What is written before what is not; what brings it closest; what moves the least beside. */
function rank({ isWritten, open, follows }: Closer): number {
  return open.length * 1e6 + follows * 2 + (isWritten ? 0 : 1);
}

function* candidates(editable: Editable, open: readonly Pair[]): Generator<FieldEdit> {
  for (const field of editable.fields()) {
    if (field.value === undefined && BELOW_LIST.test(field.path)) continue;
    for (const pair of open) yield* editsOf(field, pair, editable.isWritten(field.path));
  }
}

function editsOf({ path, value: field }: Field, pair: Pair, isWritten: boolean): readonly FieldEdit[] {
  const { wanted, found } = pair;
  if (!Array.isArray(field)) return guesses(field, pair).map((value) => ({ path, steps: [{ path, value }] }));
  const steps =
    isWritten && Array.isArray(wanted) && Array.isArray(found) ? listGuess(field, wanted, found) : undefined;
  if (!steps) return [];
  return [{ path, steps: steps.map(({ index, value }) => ({ path: childPointer(path, index), value })) }];
}
