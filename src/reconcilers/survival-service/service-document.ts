import { documentAddress } from '../../engine/address.ts';
import type { SurvivalService } from './places.ts';

/** What the function is told, in `TRUEUP_DOCUMENT` (src/runtime/survival-service reads it). */
export interface ServiceDocument {
  /** Address: the dimension of its metrics. */
  readonly document: string;
  readonly minEvents: number;
}

export function serviceDocument(document: SurvivalService): ServiceDocument {
  return { document: documentAddress(document), minEvents: document.spec.minEvents };
}
