import { isUtf8 } from 'node:buffer';
import { noNumbers, scanNumbers } from './json-numbers.ts';
import type { Numbers } from './json-numbers.ts';
import { notJson, scanString, SIGN, skipBlanks } from './json-text.ts';
import { badRequest } from './refused-request.ts';
import { checkSubjects, entries, MEMBERS } from './survival-body.ts';
import type { SurvivalBody } from './survival-body.ts';

type Member = (typeof MEMBERS)[number];

/** What has been read of a request. */
interface Read {
  times?: Numbers;
  events?: Numbers;
  values_by_record?: Rows;
}

interface Rows extends Numbers {
  m: number;
  /** Of every row. */
  n: number | undefined;
}

/**
 * A request as JSON (schemas/survival-request.schema.json), from octets to typed arrays.
 * @throws RefusedRequest
 */
export function parseJsonBody(octets: Uint8Array): SurvivalBody {
  const { times, events, values_by_record: rows } = readMembers(octets);
  if (!times || !events || !rows) {
    const missing = [...(times ? [] : ['times']), ...(events ? [] : ['events']), ...(rows ? [] : ['values_by_record'])];
    throw badRequest(`${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing`);
  }
  const list = times.values.subarray(0, times.count);
  checkSubjects(list, events.values.subarray(0, events.count));
  if (rows.n !== undefined && rows.n !== list.length) throw ragged(0, rows.n, 'times', list.length);
  return {
    times: list,
    events: Uint8Array.from(events.values.subarray(0, events.count)),
    m: rows.m,
    matrix: rows.values,
  };
}

function readMembers(octets: Uint8Array): Read {
  if (octets.length === 0) throw badRequest('the body is empty');
  if (octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf) {
    throw badRequest('the body begins with a byte order mark: JSON has none');
  }
  if (!isUtf8(octets)) throw badRequest('the body is not UTF-8');
  const read: Read = {};
  let at = skipBlanks(octets, 0);
  if (octets[at] !== SIGN.openObject) throw badRequest(`the body is not a JSON object with ${MEMBERS.join(', ')}`);
  at = skipBlanks(octets, at + 1);
  for (let position = 1; octets[at] !== SIGN.closeObject; position += 1) {
    const { member, end } = scanName(octets, at, position, read);
    at = skipBlanks(octets, end);
    if (octets[at] !== SIGN.colon) throw notJson(at, '":"', member);
    at = skipBlanks(octets, at + 1);
    if (octets[at] !== SIGN.openArray) throw badRequest(`${member} is not an array`);
    at = skipBlanks(octets, readMember(octets, at, member, read));
    if (octets[at] === SIGN.closeObject) break;
    if (octets[at] !== SIGN.comma) throw notJson(at, '"," or "}"');
    at = skipBlanks(octets, at + 1);
    if (octets[at] === SIGN.closeObject) throw notJson(at, 'a name in quotes');
  }
  at = skipBlanks(octets, at + 1);
  if (at < octets.length) throw badRequest(`the body goes on behind the JSON object, at octet ${at}`);
  return read;
}

/** A name that is not known may be a patient's: it is not repeated. */
function scanName(
  octets: Uint8Array,
  at: number,
  position: number,
  read: Read,
): { readonly member: Member; readonly end: number } {
  const { text, end } = scanString(octets, at, `member ${position}`);
  const member = MEMBERS.find((name) => name === text);
  if (member === undefined)
    throw badRequest(`member ${position} is unknown: a request holds ${MEMBERS.join(', ')} alone`);
  if (read[member]) throw badRequest(`${member} is there twice`);
  return { member, end };
}

function readMember(octets: Uint8Array, at: number, member: Member, read: Read): number {
  if (member === 'values_by_record') {
    const rows: Rows = { ...noNumbers(), m: 0, n: undefined };
    read.values_by_record = rows;
    return readRows(octets, at, rows, read.times?.count);
  }
  const numbers = noNumbers();
  read[member] = numbers;
  return scanNumbers(octets, at, numbers, at, (index) => `${member}[${index}]`);
}

function readRows(octets: Uint8Array, began: number, rows: Rows, subjects: number | undefined): number {
  let at = skipBlanks(octets, began + 1);
  if (octets[at] === SIGN.closeArray) return at + 1;
  for (;;) {
    const row = rows.m;
    if (octets[at] !== SIGN.openArray) throw noRow(octets, at, row);
    const before = rows.count;
    at = scanNumbers(octets, at, rows, began, (index) => `values_by_record[${row}][${index}]`);
    const length = rows.count - before;
    rows.n ??= subjects ?? length;
    if (length !== rows.n) throw ragged(row, length, subjects === undefined ? 'row 0' : 'times', rows.n);
    rows.m += 1;
    at = skipBlanks(octets, at);
    if (octets[at] === SIGN.closeArray) return at + 1;
    if (octets[at] !== SIGN.comma) throw notJson(at, '"," or "]"', `values_by_record[${row}]`);
    at = skipBlanks(octets, at + 1);
  }
}

function noRow(octets: Uint8Array, at: number, row: number): Error {
  const place = `values_by_record[${row}]`;
  return at < octets.length && octets[at] !== SIGN.closeArray
    ? badRequest(`${place} is not an array`)
    : notJson(at, 'an array', place);
}

function ragged(row: number, length: number, other: string, expected: number): Error {
  return badRequest(
    `values_by_record[${row}] has ${entries(length)}, ${other} has ${expected}: every row has all subjects`,
  );
}
