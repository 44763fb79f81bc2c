import type { VerifyResult } from '../engine/types.ts';
import { closingLines, exitText } from './count-text.ts';
import { foldLong } from './fold.ts';
import { plural } from './format.ts';
import { indent, paragraph } from './layout.ts';
import type { RenderOptions } from './options.ts';
import type { Line, Style } from './style.ts';

/** Columns in front of what a check says. */
const HANG = 4;

/** What runs really answers, a block a document; what is wrong is marked, and the count is last. */
export function verifyLines(result: VerifyResult, options: RenderOptions, style: Style): readonly Line[] {
  const documents = [...new Set(result.checks.map(({ document }) => document))];
  return [
    ...documents.flatMap((document) => documentLines(document, result, style)),
    ...closingLines(
      style,
      `Verify: ${plural(result.checks.length, 'check')}, ${countText(result)}.`,
      exitText(options.exitCode),
    ),
  ];
}

function countText({ checks }: VerifyResult): string {
  const unknown = checks.filter((check) => check.unknown).length;
  const failed = checks.filter(({ ok }) => !ok).length - unknown;
  const words = [...(failed > 0 ? [`${failed} failed`] : []), ...(unknown > 0 ? [`${unknown} unknown`] : [])];
  return words.length === 0 ? 'all well' : words.join(', ');
}

function documentLines(document: string, { checks }: VerifyResult, style: Style): readonly Line[] {
  const own = checks.filter((check) => check.document === document);
  const lines = own.flatMap(({ name, ok, detail, unknown }) => {
    const mark = ok ? style.say('= ', 'dim') : style.say(unknown ? '? ' : '- ', 'delete');
    return paragraph(style, {
      lead: [indent(2), mark, style.say(`${name}  `)],
      hang: HANG,
      text: foldLong(detail, style),
    });
  });
  return [[style.say(document, 'strong')], ...lines, []];
}
