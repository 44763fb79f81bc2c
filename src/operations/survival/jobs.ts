import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { STATUSES } from '../../survival/columns.ts';
import { allocateColumns, createRowFitter, readRow } from '../../survival/fit-rows.ts';
import type { FitColumns, RowFitter } from '../../survival/fit-rows.ts';
import { encodeBinaryBody } from '../../survival/service/binary-body.ts';
import { prepareSubjects } from '../../survival/subjects.ts';
import { parseRows } from '../../survival/tables/parse-rows.ts';
import type { ParsedRows, RowFault, RowLayout } from '../../survival/tables/parse-rows.ts';
import { tabulate } from '../../survival/tables/result-rows.ts';
import type { ResultRows } from '../../survival/tables/result-rows.ts';
import type { SurvivalStatistics } from '../../survival/types.ts';

/** What a thread is told once. */
export interface JobSetup {
  readonly times: Float64Array;
  readonly events: Uint8Array;
  /** Of the subjects, for words about a row that has no number; they leave this computer in no request. */
  readonly ids: readonly string[];
  readonly layout: RowLayout;
  /** Undefined: nothing is computed here. */
  readonly minEvents: number | undefined;
}

/** Lines of a matrix. */
interface Lines {
  readonly octets: Uint8Array<ArrayBuffer>;
  readonly rows: number;
  readonly firstRow: number;
}

export type Job =
  | ({ readonly kind: 'digest' } & Lines)
  | ({ readonly kind: 'fit' } & Lines)
  | ({ readonly kind: 'encode' } & Lines)
  | { readonly kind: 'tabulate'; readonly kept: KeptRows; readonly answer: Uint8Array<ArrayBuffer> };

/** What stays here while the service computes. */
export interface KeptRows {
  readonly digest: string;
  readonly rows: number;
  readonly names: Uint8Array<ArrayBuffer>;
  readonly invalid: readonly InvalidRow[];
}

export interface EncodedRows {
  readonly kept: KeptRows;
  /** What the service is sent. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly isGzip: boolean;
}

interface InvalidRow extends RowFault {
  /** Subjects with a number, and events among them. */
  readonly n: number;
  readonly events: number;
}

export interface ComputedRows extends ResultRows {
  readonly digest: string;
}

export interface JobResults {
  readonly digest: string;
  readonly fit: ComputedRows;
  readonly encode: EncodedRows;
  readonly tabulate: ComputedRows;
}

/** The answer of the service is not what it documents. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
}

/** gzip's fastest: numbers of measurements hardly get smaller by more. */
const GZIP_LEVEL = 1;

export function createJobs(setup: JobSetup): <Kind extends Job['kind']>(job: Job & { kind: Kind }) => JobResults[Kind] {
  let fitter: RowFitter | undefined;
  let columns: FitColumns | undefined;
  let room = 0;

  function fit(lines: Lines): ComputedRows {
    const parsed = parse(lines);
    fitter ??= createRowFitter(
      prepareSubjects(setup.times, setup.events),
      setup.minEvents === undefined ? {} : { minEvents: setup.minEvents },
    );
    if (columns === undefined || room < parsed.rows) {
      columns = allocateColumns(parsed.rows);
      room = parsed.rows;
    }
    const invalid = invalidRows(parsed);
    const { length } = setup.times;
    for (let row = 0; row < parsed.rows; row += 1) {
      if (!invalid.has(row)) fitter.fit(parsed.values, row * length, columns, row);
    }
    const fitted = columns;
    const statisticsOf = (row: number): SurvivalStatistics =>
      invalidStatistics(invalid.get(row)) ?? readRow(fitted, row);
    return { ...tabulate(parsed.names, parsed.rows, statisticsOf), digest: digestOf(lines.octets) };
  }

  function encode(lines: Lines): EncodedRows {
    const parsed = parse(lines);
    const { times, events } = setup;
    const { length } = times;
    const values = Array.from({ length: parsed.rows }, (_, row) =>
      parsed.values.subarray(row * length, (row + 1) * length),
    );
    const plain = encodeBinaryBody({ times, events, values, valueOctets: 8 });
    const zipped = gzipSync(plain, { level: GZIP_LEVEL });
    const isGzip = zipped.length < plain.length;
    return {
      kept: {
        digest: digestOf(lines.octets),
        rows: parsed.rows,
        names: parsed.names,
        invalid: [...invalidRows(parsed).values()],
      },
      body: ownCopy(isGzip ? zipped : plain),
      isGzip,
    };
  }

  function tabulateAnswer(kept: KeptRows, answer: Uint8Array): ComputedRows {
    const list = statisticsIn(answer, kept.rows);
    const invalid = new Map(kept.invalid.map((one) => [one.row, one]));
    const statisticsOf = (row: number): SurvivalStatistics =>
      invalidStatistics(invalid.get(row)) ?? (list[row] as SurvivalStatistics);
    return { ...tabulate(kept.names, kept.rows, statisticsOf), digest: kept.digest };
  }

  function parse({ octets, rows, firstRow }: Lines): ParsedRows {
    return parseRows(octets, rows, firstRow, setup.layout);
  }

  function invalidRows({ faults, values }: ParsedRows): ReadonlyMap<number, InvalidRow> {
    const { length } = setup.times;
    return new Map(
      faults.map((fault): [number, InvalidRow] => {
        const cells = values.subarray(fault.row * length, (fault.row + 1) * length);
        const hasNumber = (_: number, subject: number): boolean => Number.isFinite(cells[subject]);
        const events = setup.events.filter((event, subject) => event === 1 && hasNumber(event, subject)).length;
        return [fault.row, { ...fault, n: cells.filter(hasNumber).length, events }];
      }),
    );
  }

  /** The service counts indices; whoever reads the table knows its samples by their ids. */
  function invalidStatistics(row: InvalidRow | undefined): SurvivalStatistics | undefined {
    if (!row) return undefined;
    return {
      hazard: null,
      pval: null,
      log10_pval: null,
      coef: null,
      se: null,
      robust_se: null,
      z: null,
      ci95: [null, null],
      n: row.n,
      events: row.events,
      iterations: 0,
      status: 'invalid',
      error: `the value of ${setup.ids[row.subject] ?? ''} is not a finite number`,
    };
  }

  const jobs: { readonly [Kind in Job['kind']]: (job: Job & { kind: Kind }) => JobResults[Kind] } = {
    digest: ({ octets }) => digestOf(octets),
    fit,
    encode,
    tabulate: ({ kept, answer }) => tabulateAnswer(kept, answer),
  };
  return (job) => jobs[job.kind](job);
}

function digestOf(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}

function ownCopy(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(octets.length);
  copy.set(octets);
  return copy;
}

function statisticsIn(answer: Uint8Array, rows: number): readonly SurvivalStatistics[] {
  let list: unknown;
  try {
    ({ statistics_list: list } = JSON.parse(Buffer.from(answer).toString('utf8')) as { statistics_list?: unknown });
  } catch {
    throw new AnswerError('its answer is not JSON');
  }
  if (!Array.isArray(list)) throw new AnswerError('its answer has no statistics_list');
  if (list.length !== rows) throw new AnswerError(`it answered ${list.length} rows to ${rows}`);
  const wrong = list.findIndex((one) => !isStatistics(one));
  if (wrong !== -1) throw new AnswerError(`row ${wrong} of its answer has other fields than are documented`);
  return list as readonly SurvivalStatistics[];
}

const FIGURES = ['hazard', 'pval', 'log10_pval', 'coef', 'se', 'robust_se', 'z'] as const;
const COUNTS = ['n', 'events', 'iterations'] as const;

/** A word in a cell, or a line feed in an error, would tear the table of results apart. */
function isStatistics(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const found = value as Readonly<Record<string, unknown>>;
  const { ci95, status, error } = found;
  return (
    FIGURES.every((name) => isFigure(found[name])) &&
    COUNTS.every((name) => Number.isSafeInteger(found[name])) &&
    Array.isArray(ci95) &&
    ci95.length === 2 &&
    ci95.every(isFigure) &&
    STATUSES.some((known) => known === status) &&
    (error === undefined || (typeof error === 'string' && !/[\t\r\n]/.test(error)))
  );
}

function isFigure(value: unknown): boolean {
  return value === null || typeof value === 'number';
}
