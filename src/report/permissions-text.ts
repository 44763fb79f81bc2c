import { codeSpan } from './markdown.ts';
import { indent, paragraph } from './layout.ts';
import { groupedGrants } from './permissions.ts';
import type { PermissionsData } from './permissions.ts';
import type { Line, Style } from './style.ts';

const INDENT = 4;

/** Every permission that a role gains or loses, whole: what is cut in the middle is not reviewed (threats T63). */
export function permissionsLines({ role, gains, losses }: PermissionsData, style: Style): readonly Line[] {
  const title = paragraph(style, { lead: [indent(INDENT)], hang: INDENT, text: style.text(`permissions of ${role}`) });
  return [
    ...title,
    ...groupedGrants(gains).flatMap((text) => paragraph(style, entry('+', 'add', text))),
    ...groupedGrants(losses).flatMap((text) => paragraph(style, entry('-', 'delete', text))),
  ];

  function entry(symbol: string, tone: 'add' | 'delete', text: string) {
    const lead = [indent(INDENT + 2), style.say(symbol, tone), indent(1)];
    return { lead, hang: INDENT + 4, text: style.text(text) };
  }
}

/** The same for a page, outside of what it folds. */
export function permissionsMarkdown(all: readonly PermissionsData[]): string {
  if (all.length === 0) return '';
  const rows = all.flatMap(({ role, gains, losses }) => [
    ...groupedGrants(gains).map((text) => `- ${codeSpan(role)} gains ${codeSpan(text)}\n`),
    ...groupedGrants(losses).map((text) => `- ${codeSpan(role)} loses ${codeSpan(text)}\n`),
  ]);
  return `**Permissions change**\n\n${rows.join('')}`;
}
