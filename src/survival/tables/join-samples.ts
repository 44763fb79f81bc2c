import type { ClinicalSample } from './clinical.ts';
import { otherSpelling } from './other-spelling.ts';
import { nameSome, TableError } from './table-error.ts';

export interface SampleTables {
  /** As messages name them. */
  readonly files: { readonly matrix: string; readonly clinical: string };
  /** Ids of the columns, in their order. */
  readonly matrix: readonly string[];
  readonly clinical: readonly ClinicalSample[];
  /** Of `--samples`; undefined: all that meet `--where`. */
  readonly listed?: readonly string[];
  /** What one of the tables lacks is left out, and not an error. */
  readonly allowMissing: boolean;
  /** The tables may list the samples in different orders. */
  readonly anyOrder: boolean;
}

/** The subjects of all rows, in the order of the matrix. */
export interface JoinedSamples {
  readonly times: Float64Array;
  readonly events: Uint8Array;
  readonly ids: readonly string[];
  /** Of each column of the matrix: its place among the subjects, or -1. */
  readonly places: Int32Array;
  readonly counts: SampleCounts;
}

export interface SampleCounts {
  readonly matrix: number;
  readonly clinical: number;
  readonly used: number;
  /** Events among those used. */
  readonly events: number;
  readonly excluded: ExcludedSamples;
  /** Both tables list the samples that are used in one order. */
  readonly sameOrder: boolean;
}

/** Why samples are not used, and how many; a sample counts once, under the first that is so. */
export interface ExcludedSamples {
  /** Columns of the matrix without a line in the clinical table. */
  readonly withoutClinical: number;
  /** Lines of the clinical table without a column in the matrix. */
  readonly withoutValues: number;
  /** In both tables, and neither listed nor met by `--where`. */
  readonly notSelected: number;
  /** Selected, without a time or an event. */
  readonly withoutOutcome: number;
}

/**
 * Joins columns of the matrix and lines of the clinical table by id.
 *
 * @throws TableError for selected samples that a table lacks or lists elsewhere, and where no sample or no event is left
 */
export function joinSamples(tables: SampleTables): JoinedSamples {
  const { files, matrix, clinical, listed, allowMissing, anyOrder } = tables;
  const byId = new Map(clinical.map((sample) => [sample.id, sample]));
  const columns = new Set(matrix);
  const wanted = listed && new Set(listed);
  const isSelected = ({ id, isMet }: ClinicalSample): boolean => isMet && (wanted?.has(id) ?? true);
  if (!allowMissing) {
    refuseMissing(listed ?? [], byId, { name: 'clinical table', file: files.clinical });
    const selected = clinical.filter(isSelected).map(({ id }) => id);
    refuseMissing(selected, columns, { name: 'matrix', file: files.matrix });
  }
  const places = new Int32Array(matrix.length).fill(-1);
  const used: ClinicalSample[] = [];
  let notSelected = 0;
  let withoutOutcome = 0;
  for (const [column, id] of matrix.entries()) {
    const sample = byId.get(id);
    if (!sample) continue;
    if (!isSelected(sample)) notSelected += 1;
    else if (sample.time === undefined || sample.event === undefined) withoutOutcome += 1;
    else {
      places[column] = used.length;
      used.push(sample);
    }
  }
  const events = used.filter(({ event }) => event === 1).length;
  refuseEmpty(used.length, events, files.clinical);
  const unordered = used.filter(({ line }, index) => line < (used[index - 1]?.line ?? 0));
  if (!anyOrder) refuseUnordered(unordered, files.clinical);
  return {
    times: Float64Array.from(used, ({ time = 0 }) => time),
    events: Uint8Array.from(used, ({ event = 0 }) => event),
    ids: used.map(({ id }) => id),
    places,
    counts: {
      matrix: matrix.length,
      clinical: clinical.length,
      used: used.length,
      events,
      excluded: {
        withoutClinical: matrix.filter((id) => !byId.has(id)).length,
        withoutValues: clinical.filter(({ id }) => !columns.has(id)).length,
        notSelected,
        withoutOutcome,
      },
      sameOrder: unordered.length === 0,
    },
  };
}

interface IdSet {
  has(id: string): boolean;
  keys(): Iterable<string>;
}

function refuseMissing(
  wanted: readonly string[],
  there: IdSet,
  { name, file }: { readonly name: string; readonly file: string },
): void {
  const ids = wanted.filter((id) => !there.has(id));
  if (ids.length === 0) return;
  const count = ids.length.toLocaleString('en-US');
  throw new TableError(
    `${count} of the samples ${ids.length === 1 ? 'is' : 'are'} not in the ${name}: ${nameSome(ids)}`,
    {
      file,
      hint: `${otherSpelling(ids, there)}ids are compared letter by letter; --samples FILE or --where selects others, --allow-missing leaves out what a table lacks`,
    },
  );
}

/** Two tables that differ in their order are often not of one export: whoever knows that they are says so. */
function refuseUnordered(samples: readonly ClinicalSample[], file: string): void {
  if (samples.length === 0) return;
  const count = samples.length.toLocaleString('en-US');
  throw new TableError(
    `${count} of the samples ${samples.length === 1 ? 'stands' : 'stand'} in another order than in the matrix: ` +
      nameSome(samples.map(({ id }) => id)),
    {
      file,
      ...(samples[0] && { line: samples[0].line }),
      hint: '--any-order joins the tables by id, in whatever order they list the samples',
    },
  );
}

function refuseEmpty(used: number, events: number, file: string): void {
  if (used === 0) {
    throw new TableError('no sample is left: none that is selected has values, a time and an event', {
      file,
      hint: 'compare the ids of both tables, and look at --where and --samples',
    });
  }
  if (events > 0) return;
  throw new TableError(`0 of ${used.toLocaleString('en-US')} samples have an event; at least 1 is needed`, {
    file,
    hint: 'an event is 1 or TRUE in the column of --event',
  });
}
