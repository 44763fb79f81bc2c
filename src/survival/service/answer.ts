import { allocateColumns, createRowFitter, readRow } from '../fit-rows.ts';
import type { FitColumns } from '../fit-rows.ts';
import { prepareSubjects } from '../subjects.ts';
import type { SurvivalStatus } from '../types.ts';
import { decodeBinaryBody } from './binary-body.ts';
import { deliveredLength, encodingOf, fitting, formatOf, octetsOf } from './delivered-body.ts';
import type { BodyEncoding, BodyFormat, ServiceRequest } from './delivered-body.ts';
import { parseJsonBody } from './json-body.ts';
import { largestAnswer, largestRows, SERVICE_LIMITS } from './limits.ts';
import type { ServiceLimits } from './limits.ts';
import { RefusedRequest } from './refused-request.ts';
import { answerText } from './statistics-text.ts';
import type { SurvivalBody } from './survival-body.ts';

export interface ServiceOptions {
  /** Rows with fewer are `few_events`. */
  readonly minEvents: number;
  /** Stands in refusals, so that whoever asks can name it. */
  readonly requestId: string;
  /** Default: those of a function. */
  readonly limits?: ServiceLimits;
}

/** What may be logged of a request: nothing that it says (threats T117, T150). */
export interface ServiceFacts {
  /** Octets as delivered. */
  readonly octets: number;
  /** Octets as read, in no base64 and no gzip. */
  readonly read?: number;
  readonly format: BodyFormat | 'other';
  readonly encoding: BodyEncoding | 'other';
  readonly n?: number;
  readonly m?: number;
  readonly parseMs?: number;
  readonly fitMs?: number;
  /** Rows by status. */
  readonly statuses?: Readonly<Partial<Record<SurvivalStatus, number>>>;
  /** Of a mistake of ours: its class, and not its message, which may hold what it was about. */
  readonly fault?: string;
}

export interface ServiceAnswer {
  readonly status: 200 | 400 | 413 | 415 | 500;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly facts: ServiceFacts;
}

/** No cache may keep what is about patients. */
const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' } as const;

/** Classes of mistakes that are named. */
const FAULTS: readonly string[] = ['RangeError', 'TypeError', 'SyntaxError', 'SurvivalError'];

type Facts = { -readonly [K in keyof ServiceFacts]: ServiceFacts[K] };

/** What the service answers, whatever it is asked: a fault of ours is a 500. */
export function answerSurvival(request: ServiceRequest, options: ServiceOptions): ServiceAnswer {
  const facts: Facts = { octets: deliveredLength(request), format: 'other', encoding: 'other' };
  try {
    return { status: 200, headers: HEADERS, body: answered(request, options, facts), facts };
  } catch (error) {
    if (error instanceof RefusedRequest) {
      return { status: error.status, headers: HEADERS, body: refusalText(error.status, error.message, options), facts };
    }
    facts.fault = FAULTS.find((name) => error instanceof Error && error.name === name) ?? 'Error';
    return { status: 500, headers: HEADERS, body: refusalText(500, 'the service failed', options), facts };
  }
}

/** The body of every answer but 200. */
export function refusalText(code: number, message: string, { requestId }: Pick<ServiceOptions, 'requestId'>): string {
  return JSON.stringify({ code, message, 'request-id': requestId });
}

function answered(
  request: ServiceRequest,
  { minEvents, limits = SERVICE_LIMITS }: ServiceOptions,
  facts: Facts,
): string {
  facts.format = formatOf(request.contentType);
  facts.encoding = encodingOf(request.contentEncoding);
  const began = performance.now();
  const octets = octetsOf(request, facts.format, facts.encoding, limits);
  facts.read = octets.length;
  const body = facts.format === 'json' ? parseJsonBody(octets) : decodeBinaryBody(octets);
  const parsed = performance.now();
  facts.parseMs = parsed - began;
  facts.n = body.times.length;
  facts.m = body.m;
  if (body.m > largestAnswer(limits)) throw tooLargeAnswer(request, body, facts, limits);
  const columns = fitRows(body, minEvents);
  const list = Array.from({ length: body.m }, (_, row) => readRow(columns, row));
  facts.fitMs = performance.now() - parsed;
  facts.statuses = countStatuses(list);
  return answerText(list);
}

function fitRows({ times, events, m, matrix }: SurvivalBody, minEvents: number): FitColumns {
  const columns = allocateColumns(m);
  const fitter = createRowFitter(prepareSubjects(times, events), { minEvents });
  for (let row = 0; row < m; row += 1) fitter.fit(matrix, row * times.length, columns, row);
  return columns;
}

function countStatuses(
  list: readonly { readonly status: SurvivalStatus }[],
): Readonly<Partial<Record<SurvivalStatus, number>>> {
  const counts: Partial<Record<SurvivalStatus, number>> = {};
  for (const { status } of list) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function tooLargeAnswer(
  { isBase64 = false }: ServiceRequest,
  { times, m }: SurvivalBody,
  { format, encoding }: Facts,
  limits: ServiceLimits,
): RefusedRequest {
  const n = times.length;
  const values = format === 'json' ? 'json' : 4;
  // It has been read: what it was inflated from fits.
  const growth = encoding === 'gzip' ? Number.POSITIVE_INFINITY : 1;
  const rows = largestRows({ n, values, isBase64, growth }, limits);
  return new RefusedRequest(
    413,
    `the answer of ${m} rows may have more than ${limits.answer} octets: ${fitting(rows, n)}`,
  );
}
