import type { Guard, Plan } from '../engine/types.ts';
import { blockLines } from './block-text.ts';
import { closingLines, exitText, planCount } from './count-text.ts';
import { briefFindingLines } from './finding-text.ts';
import { count, plural } from './format.ts';
import { guardLines } from './guard-text.ts';
import { indent, paragraph, spread } from './layout.ts';
import type { RenderOptions } from './options.ts';
import { modelPlan } from './plan-model.ts';
import type { PlanModel } from './plan-model.ts';
import { roleGrowthLines } from './role-growth-text.ts';
import type { Line, Style, Tone } from './style.ts';

const EMPTY: Line = [];
/** Exit codes of a plan that anybody may apply: nothing to say, and changes with --detailed-exitcode. */
const SUCCESS: ReadonlySet<number> = new Set([0, 2]);

/** The answer first, the evidence under it, the count last. */
export function planLines(plan: Plan, options: RenderOptions, style: Style): readonly Line[] {
  const model = modelPlan(plan);
  const records = options.records ?? false;
  return [
    ...headerLines(plan, model, style),
    ...alertLines(plan, model, style),
    EMPTY,
    ...model.blocks.flatMap((block) => [...blockLines(block, plan, model, { records }, style), EMPTY]),
    ...calmLines(plan, model, style),
    ...guardBlock(plan.guards, options, style),
    [style.say(planCount(plan))],
  ];
}

/** `Estate acme-network · 12 documents, 3 changed · account prod (111122223333)` */
function headerText(plan: Plan, model: PlanModel): string {
  return `${plan.owner} · ${documentsText(model)} · ${accountsText(plan)}`;
}

/** `12 documents, 3 changed, 1 removed` */
export function documentsText({ documents, changed, removed }: PlanModel): string {
  const gone = removed === 0 ? '' : `, ${count(removed)} removed`;
  return `${plural(documents, 'document')}, ${changed === 0 ? 'none' : count(changed)} changed${gone}`;
}

function headerLines(plan: Plan, model: PlanModel, style: Style): readonly Line[] {
  const lead = [style.say('Estate ', 'strong')];
  return paragraph(style, { lead, hang: 2, text: style.text(headerText(plan, model)) });
}

function accountsText({ accounts }: Plan): string {
  const names = Object.entries(accounts).map(([alias, id]) => (alias === id ? id : `${alias} (${id})`));
  return `${names.length === 1 ? 'account' : 'accounts'} ${names.join(', ')}`;
}

/** What a reader has to know who stops after three lines. */
export function alerts(plan: Plan, model: PlanModel): readonly (readonly [mark: string, tone: Tone, text: string])[] {
  const standing = plan.guards.filter(({ allowed }) => !allowed).length;
  const blocked = model.blocks.filter(({ findings }) => findings.some(({ severity }) => severity === 'blocks')).length;
  const unseen = model.unknown > 0 ? plural(model.unknown, 'object') : 'something';
  const all = [
    standing > 0 && (['✗', 'delete', `${plural(standing, 'guard')} in the way, see below`] as const),
    blocked > 0 && (['✗', 'delete', `${plural(blocked, 'document')} blocked`] as const),
    !plan.complete && (['!', 'change', `not complete: ${unseen} could not be looked at`] as const),
    plan.partial && (['!', 'change', 'partial: --only or --exclude left documents out, nothing is pruned'] as const),
  ];
  return all.filter((alert) => alert !== false && alert !== undefined);
}

function alertLines(plan: Plan, model: PlanModel, style: Style): readonly Line[] {
  return alerts(plan, model).flatMap(([mark, tone, text]) =>
    paragraph(style, { lead: [style.say(mark, tone), indent(1)], hang: 2, text: style.text(text) }),
  );
}

function calmLines({ summary }: Plan, model: PlanModel, style: Style): readonly Line[] {
  const lines = [...(model.calm > 0 ? calmLine(model.calm, summary.kept, style) : []), ...noteLines(model, style)];
  return lines.length === 0 ? [] : [...lines, EMPTY];
}

function calmLine(calm: number, kept: number, style: Style): readonly Line[] {
  const are = calm === 1 ? 'document as it' : 'documents as they';
  const sentence = [style.say('= ', 'dim'), style.say(`${count(calm)} ${are} should be.`)];
  return spread(style, sentence, style.say(kept > 0 ? `kept, not ours: ${count(kept)}` : '', 'dim'));
}

/** What is to be known of documents in which nothing changes. */
export function noteLines(model: PlanModel, style: Style): readonly Line[] {
  return [
    ...unsignedLines(model, style),
    ...model.notes.flatMap((finding) => [
      ...briefFindingLines(finding, 2, style),
      ...roleGrowthLines(finding, 4, style),
    ]),
  ];
}

/** A transfer without a signature is said in every plan, changed or not. */
function unsignedLines({ unsigned }: PlanModel, style: Style): readonly Line[] {
  if (unsigned.length === 0) return [];
  const names = unsigned.map((address) => style.name(address)).join(', ');
  const text = `tsig: none, the transfer is not signed: ${names}`;
  return paragraph(style, { lead: [indent(2), style.say('! ', 'change')], hang: 4, text });
}

function guardBlock(guards: readonly Guard[], { exitCode }: RenderOptions, style: Style): readonly Line[] {
  const isStanding = guards.some(({ allowed }) => !allowed);
  const isRefused = isStanding || (exitCode !== undefined && !SUCCESS.has(exitCode));
  const lines = [
    ...guardLines(guards, style),
    ...(isRefused ? closingLines(style, 'Nothing was changed.', exitText(exitCode)) : []),
  ];
  return lines.length === 0 ? [] : [...lines, EMPTY];
}
