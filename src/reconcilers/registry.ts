import zoneMirrorSchema from '../../schemas/zone-mirror.schema.json' with { type: 'json' };
import type { Kind } from '../engine/types.ts';
import { zoneMirror } from './zone-mirror/index.ts';

/** A kind and the schema of its documents. */
export interface RegisteredKind {
  readonly kind: Kind;
  readonly schema: object;
}

/** One line a kind: all that trueup knows of its kinds is here. */
export const KINDS: readonly RegisteredKind[] = [{ kind: zoneMirror, schema: zoneMirrorSchema }];
