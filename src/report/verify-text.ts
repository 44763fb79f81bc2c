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
  const failed = result.checks.filter(({ ok }) => !ok).length;
  const words = failed === 0 ? 'all well' : `${failed} failed`;
  return [
    ...documents.flatMap((document) => documentLines(document, result, style)),
    ...closingLines(style, `Verify: ${plural(result.checks.length, 'check')}, ${words}.`, exitText(options.exitCode)),
  ];
}

function documentLines(document: string, { checks }: VerifyResult, style: Style): readonly Line[] {
  const own = checks.filter((check) => check.document === document);
  const lines = own.flatMap(({ name, ok, detail }) => {
    const mark = ok ? style.say('= ', 'dim') : style.say('- ', 'delete');
    return paragraph(style, {
      lead: [indent(2), mark, style.say(`${name}  `)],
      hang: HANG,
      text: foldLong(detail, style),
    });
  });
  return [[style.say(document, 'strong')], ...lines, []];
}
