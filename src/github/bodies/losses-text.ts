import { count, plural } from '../../report/format.ts';
import { nameSpan, warningRow } from './page.ts';
import { LEAST_ROOM, fit, sizeOf } from './room.ts';
import type { Loss } from './losses.ts';
import { sizeOfLoss } from './losses.ts';

/** Octets of a row that only counts. */
const LAST_ROW = 100;
/** Where the whole list is. */
const WHOLE = 'the artefact and the summary of the run name all of them';

/**
 * Everything that is deleted, in the longest form that has room: a row each; all names of a document's kind in one row;
 * as many names as fit and the others counted by document and kind, or at last by kind.
 */
export function lossRows(losses: readonly Loss[], room: number): string {
  const rows = losses.flatMap(rowsOf).map(warningRow).join('');
  if (sizeOf(rows) <= room) return rows;
  const short = losses.map(shortRow).join('');
  if (sizeOf(short) <= room) return short;
  return cutRows(losses, room);
}

function rowsOf({ document, kind, names, unnamed }: Loss): readonly string[] {
  const of = `of ${nameSpan(document)}`;
  return [
    ...names.map((name) => `deletes ${typeSpan(kind)} ${nameSpan(name)} ${of}`),
    ...(unnamed > 0 ? [`deletes ${count(unnamed)} ${names.length > 0 ? 'more ' : ''}${typeSpan(kind)} ${of}`] : []),
  ];
}

/** `AWS::Route53::HostedZone` → `HostedZone`. */
function typeSpan(kind: string): string {
  return nameSpan(kind.slice(kind.lastIndexOf(':') + 1));
}

function headOf(loss: Loss): string {
  return `${nameSpan(loss.document)} loses ${count(sizeOfLoss(loss))} ${typeSpan(loss.kind)}`;
}

function shortRow(loss: Loss): string {
  const names = loss.names.map(nameSpan);
  const rest = loss.unnamed > 0 && names.length > 0 ? [`${count(loss.unnamed)} more`] : [];
  const list = [...names, ...rest].join(', ');
  return warningRow(list === '' ? headOf(loss) : `${headOf(loss)}: ${list}`);
}

/** Names first, as long as they fit; what is left is counted in the room that is kept for it. */
function cutRows(losses: readonly Loss[], room: number): string {
  const closing = warningRow(WHOLE);
  let rest = room - countsRoom(room) - sizeOf(closing);
  const rows: string[] = [];
  const left: Loss[] = [];
  for (const loss of losses) {
    const head = headOf(loss);
    const { text, left: unnamed } = fit(
      loss.names,
      rest - sizeOf(warningRow(head)) - 2,
      (name) => `, ${nameSpan(name)}`,
    );
    if (text === '') {
      left.push(loss);
      continue;
    }
    const row = warningRow(`${head}: ${text.slice(2)}`);
    rows.push(row);
    rest -= sizeOf(row);
    const more = unnamed.length + loss.unnamed;
    if (more > 0) left.push({ ...loss, names: [], unnamed: more });
  }
  return `${rows.join('')}${countedRows(left, countsRoom(room))}${closing}`;
}

/** Of the room for losses, what counts may take. */
function countsRoom(room: number): number {
  return Math.max(Math.floor(room / 4), LEAST_ROOM / 2);
}

/** `4,000 HostedZone of ZoneMirror/corp`, the largest first; what has no room is counted by kind. */
function countedRows(losses: readonly Loss[], room: number): string {
  const largest = losses.toSorted((one, other) => sizeOfLoss(other) - sizeOfLoss(one));
  const kindsRoom = LEAST_ROOM / 2;
  const rows = fit(largest, room - kindsRoom, (loss) => {
    return warningRow(`not named: ${count(sizeOfLoss(loss))} ${typeSpan(loss.kind)} of ${nameSpan(loss.document)}`);
  });
  return rows.text + kindRows(rows.left, kindsRoom);
}

interface KindLoss {
  readonly kind: string;
  readonly documents: number;
  readonly size: number;
}

function kindRows(losses: readonly Loss[], room: number): string {
  const kinds = new Map<string, KindLoss>();
  for (const loss of losses) {
    const { documents, size } = kinds.get(loss.kind) ?? { documents: 0, size: 0 };
    kinds.set(loss.kind, { kind: loss.kind, documents: documents + 1, size: size + sizeOfLoss(loss) });
  }
  const largest = [...kinds.values()].toSorted((one, other) => other.size - one.size);
  const { text, left } = fit(largest, room - LAST_ROW, ({ kind, documents, size }) => {
    return warningRow(`not named: ${count(size)} ${typeSpan(kind)} of ${plural(documents, 'document')}`);
  });
  const further = left.reduce((sum, { size }) => sum + size, 0);
  return further === 0 ? text : `${text}${warningRow(`not named: ${count(further)} of other kinds`)}`;
}
