import type { Orphan, OrphansResult } from '../engine/types.ts';
import { nameOf } from './action-text.ts';
import { closingLines, effortText, exitText } from './count-text.ts';
import { findingLines } from './finding-text.ts';
import { foldLong } from './fold.ts';
import { count, plural } from './format.ts';
import { aligned, indent, paragraph } from './layout.ts';
import type { RenderOptions } from './options.ts';
import { verbSymbol } from './plan-model.ts';
import type { Line, Span, Style } from './style.ts';

const EMPTY: Line = [];

const FATES: Readonly<Record<Orphan['action'], string>> = {
  delete: 'the next apply deletes it',
  release: 'the next apply lets it go',
  none: 'it stays',
};

/** What no document declares, and what becomes of it. */
export function orphansLines(result: OrphansResult, options: RenderOptions, style: Style): readonly Line[] {
  const loud = result.findings.filter(({ severity }) => severity !== 'info');
  const sections = [
    result.complete ? [] : [[style.say('! ', 'change'), style.say('not complete: something could not be looked at')]],
    orphanRows(result.orphans, style),
    loud.flatMap((finding) => findingLines(finding, 0, style, finding.document)),
  ];
  return [
    ...sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, EMPTY]),
    ...closingLines(style, countText(result, options), exitText(options.exitCode)),
  ];
}

/** `Orphans: 10, 8 to delete, 1 to release, 1 stays. 31 calls, 4.2 s.` */
function countText({ orphans, calls, complete }: OrphansResult, { elapsed }: RenderOptions): string {
  const number = (action: Orphan['action']): number => orphans.filter((orphan) => orphan.action === action).length;
  const parts = [
    ...(['delete', 'release'] as const)
      .filter((verb) => number(verb) > 0)
      .map((verb) => `${count(number(verb))} to ${verb}`),
    ...(number('none') > 0 ? [`${count(number('none'))} to stay`] : []),
  ];
  const found = orphans.length === 0 ? (complete ? 'none' : 'none seen') : [count(orphans.length), ...parts].join(', ');
  return `Orphans: ${found}. ${effortText(calls, elapsed)}.`;
}

/** The section of another report. */
export function orphanSection(orphans: readonly Orphan[], style: Style): readonly Line[] {
  if (orphans.length === 0) return [];
  const carry = orphans.length === 1 ? 'carries our mark and is' : 'carry our mark and are';
  const title = [style.say('! ', 'change'), style.say(`${plural(orphans.length, 'object')} ${carry} declared nowhere`)];
  return [title, ...orphanRows(orphans, style)];
}

function orphanRows(orphans: readonly Orphan[], style: Style): readonly Line[] {
  const rows = aligned(orphans.map((orphan): Line => [...nameOf(orphan, style), { text: '' }]));
  return orphans.flatMap((orphan, index) => {
    const { id, account, region, action, why } = orphan;
    const lead = [indent(2), symbolOf(action, style), indent(1), ...(rows[index] ?? [])];
    const fate = why === undefined ? FATES[action] : `${FATES[action]}: ${why}`;
    const text = `${style.name(id)} in ${style.text(`${account} ${region}`)}: ${foldLong(fate, style)}`;
    return paragraph(style, { lead, hang: 6, text });
  });
}

function symbolOf(action: Orphan['action'], style: Style): Span {
  if (action === 'none') return style.say('=', 'dim');
  const [symbol, tone] = verbSymbol(action);
  return style.say(symbol, tone);
}
