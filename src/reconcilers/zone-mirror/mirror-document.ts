import type { Document, Estate, Place } from '../../engine/types.ts';
import type { ZoneMirrorSpec } from './spec.gen.ts';

/** What the functions are told of their document. */
export interface MirrorDocument {
  readonly owner: string;
  readonly name: string;
  readonly place: Place;
  readonly spec: ZoneMirrorSpec;
}

export function mirrorDocument(document: Document<ZoneMirrorSpec>, estate: Estate): MirrorDocument {
  const { name, spec } = document;
  return { owner: estate.owner, name, place: estate.place(spec.account, spec.region), spec };
}
