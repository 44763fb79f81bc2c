/** What a fault of a whole problem is in. */
export type SurvivalField = 'times' | 'events' | 'values' | 'minEvents';

/** A fault for which nothing is computed. Its message names field, row and index (from 0) and quotes no value. */
export class SurvivalError extends Error {
  override readonly name = 'SurvivalError';
  readonly field: SurvivalField;
  readonly row: number | undefined;
  readonly index: number | undefined;

  constructor(field: SurvivalField, message: string, place: { readonly row?: number; readonly index?: number } = {}) {
    super(message);
    this.field = field;
    this.row = place.row;
    this.index = place.index;
  }
}
