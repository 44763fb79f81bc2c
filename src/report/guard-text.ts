import type { Guard } from '../engine/types.ts';
import { foldLong, foldName } from './fold.ts';
import { hintLines } from './finding-text.ts';
import { indent, paragraph } from './layout.ts';
import type { Line, Style } from './style.ts';

/** Columns that a guard's code may take. */
const CODE_ROOM = 32;
/** Between the fields of a flow mapping YAML allows a line break. */
const FIELD = /(?<=,) (?=[a-z]+:)/u;

/** Guards in the way with the line that would let exactly this plan pass; allowed ones in one line each. */
export function guardLines(guards: readonly Guard[], style: Style): readonly Line[] {
  return guards.flatMap((guard, index) => {
    if (guard.allowed) return allowedLines(guard, style);
    // One line of YAML allows all of one code: it stands once, below the last of them; so does a hint that they share.
    const next = guards.slice(index + 1).find((other) => !other.allowed && other.allow === guard.allow);
    return [
      ...standingLines(guard, style),
      ...(next && next.hint === guard.hint ? [] : hintLines(guard.hint, 2, style)),
      ...(next ? [] : overrideLines(guard, style)),
    ];
  });
}

function standingLines(guard: Guard, style: Style): readonly Line[] {
  return paragraph(style, {
    lead: [style.say('✗ ', 'delete'), style.say(`guard ${foldName(guard.code, CODE_ROOM, style)}: `, 'strong')],
    hang: 2,
    text: sentence(guard, style),
  });
}

function overrideLines(guard: Guard, style: Style): readonly Line[] {
  return [
    ...paragraph(style, {
      lead: [indent(2)],
      hang: 2,
      text: 'to allow exactly this plan, put this into Settings under spec.overrides and have it reviewed:',
    }),
    ...yamlLines(guard.allow, style),
  ];
}

function allowedLines(guard: Guard, style: Style): readonly Line[] {
  const text = `guard ${guard.code} is allowed by ${guard.allowedBy ?? 'a reviewed override'}: ${guard.message}`;
  return paragraph(style, { lead: [style.say('= ', 'dim')], hang: 2, text: foldLong(text, style), tone: 'dim' });
}

function sentence({ document, message }: Guard, style: Style): string {
  const text = foldLong(message, style);
  return document === undefined || message.includes(document) ? text : `${style.name(document)}: ${text}`;
}

/** The line as YAML that can be copied; broken only where YAML lets it. */
function yamlLines(allow: string, style: Style): readonly Line[] {
  const item = style.text(allow.startsWith('- ') ? allow : `- ${allow}`);
  const rows: string[] = [];
  for (const field of item.split(FIELD)) {
    const last = rows.at(-1);
    const longer = last === undefined ? field : `${last} ${field}`;
    if (last !== undefined && longer.length + 4 <= style.width) rows[rows.length - 1] = longer;
    else rows.push(last === undefined ? field : `    ${field}`);
  }
  return rows.map((row) => [indent(2), { text: row }]);
}
