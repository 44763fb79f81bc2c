import type { Effect, Plan, Verb } from '../engine/types.ts';
import { blockLines } from './block-text.ts';
import { callersMarkdown } from './callers.ts';
import { effortText, planCount, summaryText } from './count-text.ts';
import { count, plural, shortDigest } from './format.ts';
import { guardLines } from './guard-text.ts';
import { cellSpan, codeSpan, fence, htmlText } from './markdown.ts';
import type { RenderOptions } from './options.ts';
import { modelPlan } from './plan-model.ts';
import type { Block, PlanModel } from './plan-model.ts';
import { alerts, documentsText, noteLines } from './plan-text.ts';
import { permissionsByRole } from './permissions.ts';
import { permissionsMarkdown } from './permissions-text.ts';
import { recordsOf } from './records.ts';
import type { Style } from './style.ts';
import { timelinesOf } from './timelines.ts';
import { stopTexts } from './timelines-text.ts';

/** The plan as a page: what happens in a table, the evidence folded, callers, permissions and guards never. `style` has no colour. */
export function planMarkdown(plan: Plan, options: RenderOptions, style: Style): string {
  const model = modelPlan(plan);
  const records = options.records ?? false;
  const parts = [
    `### trueup plan: ${summaryText(plan.summary)}\n`,
    `${factsText(plan, model)}\n`,
    warningText(plan, model),
    tableText(model.blocks),
    callersMarkdown(model.blocks.flatMap(({ effects }) => effects)),
    permissionsMarkdown(model.blocks.flatMap(({ effects }) => permissionsByRole(effects))),
    ...model.blocks.map((block) => details(block, style.paint(blockLines(block, plan, model, { records }, style)))),
    guardText(plan, style),
    calmText(model, style),
    `${planCount(plan)}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function factsText(plan: Plan, model: PlanModel): string {
  const accounts = plural(Object.keys(plan.accounts).length, 'account');
  return `${codeSpan(shortDigest(plan.digest))} · ${codeSpan(plan.owner)} · ${documentsText(model)} · ${accounts} · ${effortText(plan.calls, undefined)}`;
}

function warningText(plan: Plan, model: PlanModel): string {
  const findings = [...plan.findings, ...model.blocks.flatMap((block) => block.findings)];
  const loud = findings.filter(({ severity }) => severity !== 'info');
  const rows = [
    ...alerts(plan, model).map(([, , text]) => text),
    ...model.blocks.flatMap(({ address, effects }) =>
      effects.flatMap(stopsOf).map((text) => `${codeSpan(address)} ${codeSpan(text)}`),
    ),
    ...loud.map(({ document, message }) => `${document === '' ? '' : `${codeSpan(document)} `}${codeSpan(message)}`),
  ];
  return rows.length === 0 ? '' : `> [!WARNING]\n${rows.map((row) => `> - ${row}\n`).join('')}`;
}

function tableText(blocks: readonly Block[]): string {
  if (blocks.length === 0) return '';
  const rows = blocks.map(
    (block) => `| ${codeSpan(block.symbol)} | ${cellSpan(block.address)} | ${happening(block)} |\n`,
  );
  return `| | document | what happens |\n|---|---|---|\n${rows.join('')}`;
}

/** Instances that an apply, or the day after it, stops. */
export function stopsOf(effect: Effect): readonly string[] {
  const timelines = timelinesOf(effect);
  if (!timelines) return [];
  const active = timelines.instances.filter(({ idle }) => idle === undefined);
  return stopTexts(timelines, active).map(([head]) => head);
}

/** Figures and words of the program only: nothing in it needs a span. */
export function happening({ actions, effects, paused }: Block): string {
  const records = effects.flatMap((effect) => recordsOf(effect) ?? []);
  const timelines = effects.flatMap((effect) => timelinesOf(effect) ?? []);
  const verbs = [...new Set(actions.map(({ action }) => action))];
  const parts = [
    ...records.map(
      ({ add, change, remove }) => `${plural(add, 'record')} added, ${count(change)} changed, ${count(remove)} removed`,
    ),
    ...timelines.map(({ instances }) => `${plural(instances.length, 'instance')} with a schedule`),
    ...verbs.map((verb: Verb) => `${count(actions.filter(({ action }) => action === verb).length)} to ${verb}`),
    ...(paused ? ['paused'] : []),
  ];
  return parts.join(' · ') || 'nothing is changed';
}

function details({ address }: Block, body: string): string {
  return `<details>\n<summary><code>${htmlText(address)}</code></summary>\n\n${fence(body)}\n</details>\n`;
}

function guardText({ guards }: Plan, style: Style): string {
  if (guards.length === 0) return '';
  const isStanding = guards.some(({ allowed }) => !allowed);
  const title = isStanding ? '**A guard is in the way. Nothing is changed.**' : '**Guards that are allowed**';
  return `${title}\n\n${fence(style.paint(guardLines(guards, style)))}`;
}

function calmText(model: PlanModel, style: Style): string {
  const lines = noteLines(model, style);
  const calm =
    model.calm > 0 ? `${plural(model.calm, 'document')} as ${model.calm === 1 ? 'it' : 'they'} should be.\n` : '';
  return lines.length === 0 ? calm : `${calm}\n${fence(style.paint(lines))}`;
}
