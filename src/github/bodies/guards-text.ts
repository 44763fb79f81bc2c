import type { Guard, Plan } from '../../engine/types.ts';
import { count } from '../../report/format.ts';
import { guardLines } from '../../report/guard-text.ts';
import { PAGE, fenced, nameSpan, sentenceSpan, warningRow } from './page.ts';
import { LEAST_ROOM, fit, sizeOf } from './room.ts';

/** Every guard that stands in the way in a row; where they do not fit, the others are counted by code. */
export function guardRows({ guards }: Plan, room: number): string {
  const standing = guards.filter(({ allowed }) => !allowed);
  const rows = standing.map(guardRow).join('');
  if (sizeOf(rows) <= room) return rows;
  const { text, left } = fit(standing, room - LEAST_ROOM / 2, shortRow);
  return text + countRows(left, LEAST_ROOM / 2);
}

function guardRow({ code, document, message }: Guard): string {
  const isNamed = document === undefined || message.includes(document);
  return warningRow(`guard ${nameSpan(code)}: ${isNamed ? '' : `${nameSpan(document)} `}${sentenceSpan(message)}`);
}

function shortRow({ code, document, about }: Guard): string {
  const subject = document ?? about;
  return warningRow(`guard ${nameSpan(code)}${subject === undefined ? '' : ` of ${nameSpan(subject)}`}`);
}

function countRows(guards: readonly Guard[], room: number): string {
  const numbers = new Map<string, number>();
  for (const { code } of guards) numbers.set(code, (numbers.get(code) ?? 0) + 1);
  const { text, left } = fit([...numbers], room - LAST_ROW, ([code, number]) => {
    return warningRow(`${count(number)} more of guard ${nameSpan(code)}`);
  });
  const further = left.reduce((sum, [, number]) => sum + number, 0);
  return further === 0 ? text : `${text}${warningRow(`${count(further)} more of other guards`)}`;
}

/** Octets of a row that only counts. */
const LAST_ROW = 100;

/** Guards with the line that lets exactly this plan pass; where they do not fit, one of each line. */
export function guardSection({ guards }: Plan, room: number): string {
  if (guards.length === 0) return '';
  const isStanding = guards.some(({ allowed }) => !allowed);
  const title = isStanding ? '**A guard is in the way. Nothing is changed.**\n\n' : '**Guards that are allowed**\n\n';
  const whole = `${title}${fenced(guardLines(guards, PAGE))}`;
  if (sizeOf(whole) <= room) return whole;
  const lines = new Map(guards.filter(({ allowed }) => !allowed).map((guard) => [guard.allow, guard]));
  const short = `${title}${fenced(guardLines([...lines.values()], PAGE))}`;
  return sizeOf(short) <= room ? short : title;
}
