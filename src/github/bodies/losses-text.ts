import { count, plural } from '../../report/format.ts';
import { RECORD, sizeOfLoss } from './losses.ts';
import type { Loss } from './losses.ts';
import { nameSpan, warningRow } from './page.ts';
import { LEAST_ROOM, fit, sizeOf } from './room.ts';

/** Where the whole list is. */
const WHOLE = 'the artefact and the summary of the run name all of them';
/** Of the room that losses have, the part that counts may take. */
const COUNTS_SHARE = 0.25;
/** Octets of a row that only counts. */
const LAST_ROW = 100;
/** Octets of the rows that count by kind. */
const KINDS_ROOM = LEAST_ROOM / 2;
const SEPARATOR = ', ';

/**
 * Everything that is deleted, in the longest form that has room: a row for each; a row for each document and kind; as many
 * names as fit and the others counted by document and kind, at last by kind.
 */
export function lossRows(losses: readonly Loss[], room: number): string {
  const rows = losses.flatMap(rowsOf).map(warningRow).join('');
  if (sizeOf(rows) <= room) return rows;
  const short = groupsOf(losses).map(shortRow).join('');
  return sizeOf(short) <= room ? short : cutRows(losses, room);
}

function rowsOf({ document, kind, names, unnamed }: Loss): readonly string[] {
  const of = `of ${nameSpan(document)}`;
  const more = names.length > 0 ? 'more ' : '';
  return [
    ...names.map((name) => `deletes ${kindText(kind, 1)} ${nameSpan(name)} ${of}`),
    ...(unnamed > 0 ? [`deletes ${count(unnamed)} ${more}${kindText(kind, unnamed)} ${of}`] : []),
  ];
}

/** `AWS::Route53::HostedZone` → `HostedZone`. Records have a word of the program. */
function kindText(kind: string, number: number): string {
  if (kind === RECORD) return number === 1 ? 'record' : 'records';
  return nameSpan(kind.slice(kind.lastIndexOf(':') + 1));
}

/** What is named in one row: what one document loses of a kind, or what many lose one of. */
interface Group {
  readonly head: string;
  readonly items: readonly Item[];
  /** Without a name, of one document. */
  readonly unnamed: number;
}

interface Item {
  readonly text: string;
  /** The loss of which it is one. */
  readonly loss: Loss;
}

function groupsOf(losses: readonly Loss[]): readonly Group[] {
  const singles = new Map<string, Loss[]>();
  const groups: Group[] = [];
  for (const loss of losses) {
    if (sizeOfLoss(loss) === 1 && loss.names.length === 1) {
      const list = singles.get(loss.kind);
      if (list) list.push(loss);
      else singles.set(loss.kind, [loss]);
      continue;
    }
    const number = sizeOfLoss(loss);
    groups.push({
      head: `deletes ${count(number)} ${kindText(loss.kind, number)} of ${nameSpan(loss.document)}`,
      items: loss.names.map((name) => ({ text: nameSpan(name), loss })),
      unnamed: loss.unnamed,
    });
  }
  const ofKinds = [...singles].map(([kind, list]) => ({
    head: `deletes ${count(list.length)} ${kindText(kind, list.length)}`,
    items: list.map((loss) => ({ text: `${nameSpan(loss.names[0] ?? '')} of ${nameSpan(loss.document)}`, loss })),
    unnamed: 0,
  }));
  return [...groups, ...ofKinds];
}

function shortRow({ head, items, unnamed }: Group): string {
  const names = items.map(({ text }) => text);
  const more = unnamed > 0 && names.length > 0 ? [`${count(unnamed)} more`] : [];
  const list = [...names, ...more].join(SEPARATOR);
  return warningRow(list === '' ? head : `${head}: ${list}`);
}

/** Names first, as long as they fit; what is left is counted in the room that is kept for it. */
function cutRows(losses: readonly Loss[], room: number): string {
  const closing = warningRow(WHOLE);
  const countsRoom = KINDS_ROOM + Math.min(Math.floor(room * COUNTS_SHARE), longestCounts(losses));
  let rest = room - countsRoom - sizeOf(closing);
  const rows: string[] = [];
  const named = new Map<Loss, number>();
  for (const { head, items } of groupsOf(losses)) {
    const frame = sizeOf(warningRow(`${head}: `)) - SEPARATOR.length;
    const { text, left } = fit(items, rest - frame, (item) => `${SEPARATOR}${item.text}`);
    if (text === '') continue;
    const row = warningRow(`${head}: ${text.slice(SEPARATOR.length)}`);
    rows.push(row);
    rest -= sizeOf(row);
    const without = new Set(left);
    for (const item of items) if (!without.has(item)) named.set(item.loss, (named.get(item.loss) ?? 0) + 1);
  }
  const left = losses.flatMap((loss): readonly Unnamed[] => {
    const number = sizeOfLoss(loss) - (named.get(loss) ?? 0);
    return number === 0 ? [] : [{ ...loss, number }];
  });
  return `${rows.join('')}${countedRows(left, countsRoom)}${closing}`;
}

interface Unnamed {
  readonly document: string;
  readonly kind: string;
  /** How many have no name in what is shown. */
  readonly number: number;
}

/** `not named: 4,000 records of ZoneMirror/corp`, the largest first; single ones and what has no room by kind. */
function countedRows(unnamed: readonly Unnamed[], room: number): string {
  const many = unnamed.filter(({ number }) => number > 1).toSorted((one, other) => other.number - one.number);
  const rows = fit(many, room - KINDS_ROOM, countedRow);
  const single = unnamed.filter(({ number }) => number === 1);
  return rows.text + kindRows([...rows.left, ...single], KINDS_ROOM);
}

function countedRow({ document, kind, number }: Unnamed): string {
  return warningRow(`not named: ${count(number)} ${kindText(kind, number)} of ${nameSpan(document)}`);
}

/** Octets of the counts if nothing of what is many had a name. */
function longestCounts(losses: readonly Loss[]): number {
  return losses
    .map((loss) => ({ ...loss, number: sizeOfLoss(loss) }))
    .filter(({ number }) => number > 1)
    .reduce((sum, loss) => sum + sizeOf(countedRow(loss)), 0);
}

function kindRows(unnamed: readonly Unnamed[], room: number): string {
  const kinds = new Map<string, { kind: string; documents: number; number: number }>();
  for (const { kind, number } of unnamed) {
    const known = kinds.get(kind) ?? { kind, documents: 0, number: 0 };
    kinds.set(kind, { kind, documents: known.documents + 1, number: known.number + number });
  }
  const largest = [...kinds.values()].toSorted((one, other) => other.number - one.number);
  const { text, left } = fit(largest, room - LAST_ROW, ({ kind, documents, number }) => {
    return warningRow(`not named: ${count(number)} ${kindText(kind, number)} of ${plural(documents, 'document')}`);
  });
  const further = left.reduce((sum, { number }) => sum + number, 0);
  return further === 0 ? text : `${text}${warningRow(`not named: ${count(further)} of other kinds`)}`;
}
