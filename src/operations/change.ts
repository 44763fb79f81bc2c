import { documentAddress } from '../engine/address.ts';
import type { Before } from '../engine/inventory.ts';
import { documentSeal } from '../engine/seal.ts';
import type { Address, Document, Estate } from '../engine/types.ts';
import { KINDS } from '../reconcilers/registry.ts';
import type { Project } from './project.ts';

/** What a change of the configuration touches. */
export interface EstateChange {
  /** Documents of today to plan. */
  readonly documents: readonly Document[];
  /** What the base had of them, and of those that are gone. */
  readonly before: Before | undefined;
  /** Documents that it drops, where the base is not at hand. */
  readonly gone?: ReadonlySet<Address>;
}

/**
 * The documents that a change touches: those that compile to something else, also for a setting or a document that they
 * use, and all that stand in a file that was edited. An edit that says nothing new, such as a comment, is how a person
 * asks for a plan of a document.
 */
export function changeOf({ documents, estate, base }: Project): EstateChange {
  if (!base) return { documents, before: undefined };
  const before = sealsOf(base.documents, base.estate);
  const now = sealsOf(documents, estate);
  const isTouched = (document: Document): boolean => {
    const address = documentAddress(document);
    return base.touched.has(document.source.file) || before.get(address) !== now.get(address);
  };
  const touched = documents.filter(isTouched);
  const kept = new Set(documents.filter((document) => !isTouched(document)).map(documentAddress));
  return {
    documents: touched,
    before: {
      documents: base.documents.filter((document) => !kept.has(documentAddress(document))),
      estate: base.estate,
    },
  };
}

/** What the review of each document would be bound to. */
export function sealsOf(documents: readonly Document[], estate: Estate): ReadonlyMap<Address, string> {
  const kinds = new Map(KINDS.map(({ kind }) => [kind.kind, kind]));
  return new Map(
    documents.flatMap((document) => {
      const kind = kinds.get(document.kind);
      return kind ? [[documentAddress(document), documentSeal(document, estate, kind)] as const] : [];
    }),
  );
}
