import { count } from '../../report/format.ts';
import { happening } from '../../report/plan-markdown.ts';
import type { Block } from '../../report/plan-model.ts';
import { nameCell } from './page.ts';
import { LEAST_ROOM, fit, sizeOf } from './room.ts';

const HEAD = '| | document | what happens |\n|---|---|---|\n';
/** Octets of a row that only counts. */
const LAST_ROW = 100;

/** A row for each document; those that have no room are counted by kind and by what happens to them. */
export function documentTable(blocks: readonly Block[], room: number): string {
  if (blocks.length === 0) return '';
  const whole = fit(blocks, room - sizeOf(HEAD) - 1, rowOf);
  if (whole.left.length === 0) return `${HEAD}${whole.text}\n`;
  const { text, left } = fit(blocks, room - LEAST_ROOM, rowOf);
  return `${HEAD}${text}${countRows(left, LEAST_ROOM - sizeOf(HEAD) - 1)}\n`;
}

function rowOf(block: Block): string {
  return `| \`${block.symbol}\` | ${nameCell(block.address)} | ${happening(block)} |\n`;
}

/** `| ~ | 4,700 more of ZoneMirror | |` */
function countRows(blocks: readonly Block[], room: number): string {
  const groups = new Map<string, { readonly symbol: string; readonly kind: string; readonly number: number }>();
  for (const { symbol, address } of blocks) {
    const kind = address.slice(0, Math.max(address.indexOf('/'), 0));
    const key = `${symbol} ${kind}`;
    groups.set(key, { symbol, kind, number: (groups.get(key)?.number ?? 0) + 1 });
  }
  const { text, left } = fit([...groups.values()], room - LAST_ROW, ({ symbol, kind, number }) => {
    return `| \`${symbol}\` | ${count(number)} more of ${nameCell(kind)} | not listed here |\n`;
  });
  const further = left.reduce((sum, { number }) => sum + number, 0);
  return further === 0 ? text : `${text}| | ${count(further)} more of other kinds | not listed here |\n`;
}
