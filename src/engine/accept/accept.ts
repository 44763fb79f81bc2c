import { documentAddress } from '../address.ts';
import type { Editable } from '../config/editable.ts';
import { valueAtPointer } from '../config/edit-value.ts';
import type { Address, Change, DriftedResource, DriftResult, Value } from '../types.ts';
import { typeOf } from '../world.ts';
import type { Consequence } from './consequences.ts';
import { searchEdit } from './search.ts';
import type { FieldEdit, Found } from './search.ts';
import type { Goal, Looked } from './trial.ts';

/** One field of a document that says since now what was found. */
export interface AcceptedEdit {
  readonly document: Address;
  /** Relative to the working directory; and the line, 1-based, in which the value stands. */
  readonly file: string;
  readonly line: number;
  /** JSON pointer into the document. */
  readonly path: string;
  /** What it said, or what the schema has where it said nothing; null: nothing. */
  readonly before: Value;
  readonly after: Value;
  /** Lines of the file that went, and that came. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** The changes of the world that are wanted now. */
  readonly settles: readonly Consequence[];
  /** What else the next apply writes because of it. */
  readonly follows: readonly Consequence[];
}

/** A change of the world that no edit of the document can make the wanted one. */
export interface NotAccepted {
  /** Address of the object, or of the document. */
  readonly id: Address;
  /** Name of its property; empty: all of it. */
  readonly path: string;
  /** A clause. */
  readonly why: string;
}

/** `trueup/drift@1` of one document, with what of it was accepted. */
export interface AcceptResult extends DriftResult {
  readonly accepted: readonly AcceptedEdit[];
  readonly notAccepted: readonly NotAccepted[];
}

/** Puts an edit into the text of the file, if the tree stays valid by it. */
export type Write = (edits: readonly FieldEdit[]) => Promise<readonly WrittenEdit[] | { readonly why: string }>;

export type WrittenEdit = Pick<AcceptedEdit, 'line' | 'removed' | 'added'>;

export type Acceptance = Pick<AcceptResult, 'accepted' | 'notAccepted'>;

/** Accepts as many of the changes of one document as can be, one by one, each on top of the ones before. */
export async function acceptDrift(
  looked: Looked,
  start: Editable,
  drifted: readonly DriftedResource[],
  write: Write,
): Promise<Acceptance> {
  const goals = drifted.flatMap(({ id, changes }) =>
    changes.map((change): Goal => ({ id, path: change.path, change })),
  );
  const open = new Set(goals);
  const accepted: AcceptedEdit[] = [];
  const notAccepted: NotAccepted[] = [];
  let editable = start;
  for (const goal of goals) {
    if (!open.delete(goal)) continue;
    const refused = (why: string): number => notAccepted.push({ id: goal.id, path: goal.path, why });
    const found = outOfReach(looked, goal, drifted) ?? (await searchEdit(looked, editable, goal, goals));
    if (typeof found === 'string') {
      refused(found);
      continue;
    }
    const written = await write(found.edits);
    if ('why' in written) {
      refused(written.why);
      continue;
    }
    const met = [goal, ...found.consequences.met.filter((one) => open.delete(one))];
    accepted.push(...found.edits.map((edit, index) => acceptedEdit(editable, found, edit, met, written[index])));
    ({ editable } = found);
  }
  return { accepted, notAccepted };
}

/** What is not even tried. */
function outOfReach({ world }: Looked, { id, change }: Goal, drifted: readonly DriftedResource[]): string | undefined {
  const type = drifted.find((resource) => resource.id === id)?.type ?? '';
  const { source } = typeOf(world, type);
  if (source !== undefined) return `${source} decides it, and no document: correct it there, or heal it`;
  return hasSecret(change) ? 'its values are never shown, so none of them is written into a file' : undefined;
}

function hasSecret({ before, after }: Change): boolean {
  return [before, after].some((value) => JSON.stringify(value).includes('"secret":true'));
}

function acceptedEdit(
  editable: Editable,
  { editable: edited, consequences }: Found,
  { path }: FieldEdit,
  met: readonly Goal[],
  written: WrittenEdit | undefined,
): AcceptedEdit {
  const { document } = editable;
  return {
    document: documentAddress(document),
    file: document.source.file,
    line: written?.line ?? document.source.line,
    path,
    before: plain(editable, path),
    after: plain(edited, path),
    removed: written?.removed ?? [],
    added: written?.added ?? [],
    settles: met.map(({ id, path: property }) => ({ id, path: property })),
    follows: consequences.follows,
  };
}

/** What the document says at a path, defaults included. */
function plain({ document: { spec } }: Editable, path: string): Value {
  const value = valueAtPointer({ spec }, path);
  return value === undefined ? null : (value as Value);
}
