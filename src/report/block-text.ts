import type { Action, Pause, Plan } from '../engine/types.ts';
import { actionLines } from './action-text.ts';
import { effectLines } from './effect-text.ts';
import { findingLines } from './finding-text.ts';
import { fold, foldLong, foldName } from './fold.ts';
import { functionDocumentOf, functionDocuments } from './function-documents.ts';
import { functionDocumentsLines } from './function-documents-text.ts';
import { indent, paragraph, spread } from './layout.ts';
import { permissionsByRole, permissionsOf } from './permissions.ts';
import { permissionsLines } from './permissions-text.ts';
import { symbolTone } from './plan-model.ts';
import type { Block, PlanModel } from './plan-model.ts';
import { recordsOf } from './records.ts';
import type { Line, Style } from './style.ts';

const INDENT = 4;
/** In place of a file. */
const GONE = 'no longer declared';

/** One document: what changes in the world, then the resources, then what is to be known. */
export function blockLines(
  block: Block,
  plan: Plan,
  model: PlanModel,
  options: { readonly records: boolean },
  style: Style,
): readonly Line[] {
  const room = style.width - 2;
  const address = style.say(foldName(block.address, room, style), 'strong');
  const title = [style.say(block.symbol, symbolTone(block.symbol)), indent(1), address];
  const hasFigures = block.effects.some((effect) => recordsOf(effect) !== undefined);
  return [
    ...spread(style, title, style.say(block.place === undefined ? GONE : fold(block.place, room, style), 'dim')),
    ...(block.summary ? note(block.summary, style) : []),
    ...(block.paused ? note(pauseText(block.paused), style) : []),
    ...block.effects
      .filter((effect) => !permissionsOf(effect) && !functionDocumentOf(effect))
      .flatMap((effect) => effectLines(effect, options, style)),
    ...functionDocumentsLines(functionDocuments(block.effects), style),
    ...permissionsByRole(block.effects).flatMap((permissions) => permissionsLines(permissions, style)),
    ...actionLines(block.actions, { placeOf, hasFigures, isGone: block.place === undefined }, style),
    ...block.findings.flatMap((finding) => findingLines(finding, INDENT, style)),
  ];

  function placeOf({ account, region }: Action): string | undefined {
    if (!model.isSpread) return undefined;
    const alias = Object.keys(plan.accounts).find((name) => plan.accounts[name] === account);
    return `in ${alias ?? account} ${region}`;
  }
}

function note(text: string, style: Style): readonly Line[] {
  return paragraph(style, { lead: [indent(INDENT)], hang: INDENT, text: foldLong(text, style), tone: 'dim' });
}

function pauseText({ until, reason, ref }: Pause): string {
  return `paused until ${until}: ${reason}${ref === undefined ? '' : ` (${ref})`}`;
}
