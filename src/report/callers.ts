import type { Effect } from '../engine/types.ts';
import { indent, paragraph } from './layout.ts';
import { codeSpan } from './markdown.ts';
import type { Line, Style } from './style.ts';

/** The data of the effect `api.callers`: who may call a route from now on, and who no longer, one line each. */
export interface CallersData {
  /** `POST /survival`. */
  readonly route: string;
  readonly gains: readonly string[];
  readonly losses: readonly string[];
}

const CALLERS_CODE = 'api.callers';
const INDENT = 4;

export function callersOf({ code, data }: Effect): CallersData | undefined {
  return code === CALLERS_CODE && isCallersData(data) ? data : undefined;
}

/** Whole, as permissions are: what is cut in the middle is not reviewed (threats T63). */
export function callersLines({ route, gains, losses }: CallersData, style: Style): readonly Line[] {
  return [
    ...paragraph(style, { lead: [indent(INDENT)], hang: INDENT, text: style.text(`who may call ${route}`) }),
    ...gains.flatMap((text) => entry('+', 'add', text)),
    ...losses.flatMap((text) => entry('-', 'delete', text)),
  ];

  function entry(symbol: string, tone: 'add' | 'delete', text: string): readonly Line[] {
    const lead = [indent(INDENT + 2), style.say(symbol, tone), indent(1)];
    return paragraph(style, { lead, hang: INDENT + 4, text: style.text(text) });
  }
}

/** The same for a page, outside of what it folds: the documents of a kind have the same route, so each line names its own. */
export function callersMarkdown(effects: readonly Effect[]): string {
  const rows = effects.flatMap((effect) => {
    const callers = callersOf(effect);
    if (callers === undefined) return [];
    const what = `${codeSpan(callers.route)} of ${codeSpan(effect.document)}`;
    return [
      ...callers.gains.map((text) => `- ${what} may be called by ${codeSpan(text)}\n`),
      ...callers.losses.map((text) => `- ${what} can no longer be called by ${codeSpan(text)}\n`),
    ];
  });
  if (rows.length === 0) return '';
  return `**Who may call changes**\n\n${rows.join('')}`;
}

function isCallersData(data: object): data is CallersData {
  const isWhole = 'route' in data && 'gains' in data && 'losses' in data;
  return isWhole && typeof data.route === 'string' && isTexts(data.gains) && isTexts(data.losses);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
