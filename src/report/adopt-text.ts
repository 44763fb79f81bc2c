import type { Adoptable, AdoptResult } from '../engine/adoption.ts';
import type { Action } from '../engine/types.ts';
import { actionLines } from './action-text.ts';
import { closingLines, exitText } from './count-text.ts';
import { findingLines } from './finding-text.ts';
import { fold, foldLong, foldName } from './fold.ts';
import { count, plural } from './format.ts';
import { indent, paragraph, spread } from './layout.ts';
import type { RenderOptions } from './options.ts';
import { verbSymbol } from './plan-model.ts';
import type { Line, Style } from './style.ts';

const INDENT = 4;
const EMPTY: Line = [];
const INCOMPLETE = 'not complete: something could not be looked at';

/** What would be taken over, what would change then, the line of YAML, and what to type. */
export function adoptLines(result: AdoptResult, options: RenderOptions, style: Style): readonly Line[] {
  const { complete, objects, withheld, findings } = result;
  return [
    ...titleLines(result, style),
    ...(complete ? [] : [[indent(INDENT), style.say('! ', 'change'), style.say(INCOMPLETE)]]),
    ...note(meaningOf(result), style),
    ...actionLines(
      objects.map((object) => actionOf(object, result.document)),
      { placeOf, hasFigures: false, isGone: false },
      style,
    ),
    ...(withheld.length === 0 || objects.length === 0 ? [] : note(withheldText(withheld), style)),
    ...findings.flatMap((finding) => findingLines(finding, INDENT, style)),
    ...(objects.length === 0 ? [] : [EMPTY, ...nextLines(result, style)]),
    EMPTY,
    ...closingLines(style, countText(result), exitText(options.exitCode)),
  ];

  function placeOf({ id, account, region }: Action): string {
    const owner = objects.find((object) => object.id === id)?.owner ?? null;
    return `in ${account} ${region}, ${owner === null ? 'marked by nobody' : `marked by ${owner}`}`;
  }
}

function titleLines({ document, file, line, objects }: AdoptResult, style: Style): readonly Line[] {
  const [symbol, tone] = objects.length === 0 ? (['=', 'dim'] as const) : verbSymbol('adopt');
  const address = style.say(foldName(document, style.width - 2, style), 'strong');
  const place = style.say(fold(`${file}:${line}`, style.width - 2, style), 'dim');
  return spread(style, [style.say(symbol, tone), indent(1), address], place);
}

function actionOf({ id, type, resource, account, region, changes }: Adoptable, document: string): Action {
  const none = { dependsOn: [], basis: '', bound: {} };
  return { ...none, id, document, type, resource, account, region, action: 'adopt', reason: 'declared', changes };
}

function meaningOf({ complete, objects, findings }: AdoptResult): string {
  const isClear = complete && findings.length === 0;
  if (objects.length === 0) return isClear ? 'what is there under its names is its own' : 'nothing can be taken over';
  const isChanged = objects.some(({ changes }) => changes.length > 0);
  return isChanged ? 'the takeover writes our mark; the apply after it makes these changes' : 'all is as declared';
}

function withheldText(withheld: readonly string[]): string {
  const names = withheld.map((address) => address.slice(address.lastIndexOf('/') + 1)).join(', ');
  return `what hangs on it is not looked at before it is ours: ${names}`;
}

function note(text: string, style: Style): readonly Line[] {
  return paragraph(style, { lead: [indent(INDENT)], hang: INDENT, text: foldLong(text, style), tone: 'dim' });
}

function nextLines({ document, file, declared, written, objects }: AdoptResult, style: Style): readonly Line[] {
  if (written) return say(`${style.name(file)} says adopt: true now; next:  trueup plan`);
  if (declared) return say(`${style.name(file)} says adopt: true already; next:  trueup plan`);
  if (objects.every(({ owner }) => owner !== null)) {
    return say('Settings name that owner in spec.formerly: no line is needed; next:  trueup plan');
  }
  return [
    ...say(`to take it over, in ${style.name(file)}:`),
    [indent(INDENT), style.say('metadata:')],
    [indent(INDENT), style.say('  adopt: true')],
    ...say(`or have that line written:  trueup adopt ${style.name(document)} --write`),
  ];

  function say(text: string): readonly Line[] {
    return paragraph(style, { lead: [], hang: 2, text });
  }
}

function countText({ objects, findings }: AdoptResult): string {
  const blocked = findings.filter(({ severity }) => severity === 'blocks').length;
  const found = objects.length === 0 ? 'nothing' : plural(objects.length, 'object');
  return `Adopt: ${found} to take over${blocked === 0 ? '' : `, ${count(blocked)} in the way`}.`;
}
