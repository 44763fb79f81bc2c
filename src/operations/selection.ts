import { AwsError } from '../aws/errors.ts';
import { documentAddress } from '../engine/address.ts';
import type { Document } from '../engine/types.ts';

export interface Selection {
  /** Globs over `kind/name`; none: every document. */
  readonly only?: readonly string[];
  readonly exclude?: readonly string[];
}

/** `*` is any run of characters; everything else stands for itself. Linear in text × stars. */
function matchesGlob(glob: string, text: string): boolean {
  const [first = '', ...rest] = glob.split('*');
  if (!text.startsWith(first)) return false;
  if (rest.length === 0) return text === first;
  let at = first.length;
  const last = rest.pop() ?? '';
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** Is the command about a part of the estate? */
export function isNarrowed({ only = [], exclude = [] }: Selection): boolean {
  return only.length + exclude.length > 0;
}

/**
 * The documents that a command is about.
 * @throws SelectionError when patterns were given and nothing is left: a typing error must not look like success.
 */
export function select(documents: readonly Document[], selection: Selection): readonly Document[] {
  const selected = pick(documents, selection);
  if (isNarrowed(selection) && selected.length === 0 && documents.length > 0)
    throw new SelectionError(documents.map(documentAddress));
  return selected;
}

/**
 * The document with this address.
 * @throws AwsError TU2022 where there is none.
 */
export function documentNamed(documents: readonly Document[], address: string): Document {
  const found = documents.find((document) => documentAddress(document) === address);
  if (found) return found;
  const known = documents.map(documentAddress).join(', ') || 'none';
  throw new AwsError('TU2022', `there is no document ${address}`, { hint: `documents: ${known}` });
}

export class SelectionError extends Error {
  override readonly name = 'SelectionError';
  readonly known: readonly string[];

  constructor(known: readonly string[]) {
    super('--only and --exclude leave no document');
    this.known = known;
  }
}

function pick(documents: readonly Document[], selection: Selection): readonly Document[] {
  const { only = [], exclude = [] } = selection;
  return documents.filter((document) => {
    const address = documentAddress(document);
    if (exclude.some((glob) => matchesGlob(glob, address))) return false;
    return only.length === 0 || only.some((glob) => matchesGlob(glob, address));
  });
}
