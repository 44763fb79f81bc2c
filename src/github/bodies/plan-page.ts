import type { Plan } from '../../engine/types.ts';
import { blockLines } from '../../report/block-text.ts';
import { effortText, summaryText } from '../../report/count-text.ts';
import { count, plural, shortDigest } from '../../report/format.ts';
import { codeSpan } from '../../report/markdown.ts';
import { modelPlan } from '../../report/plan-model.ts';
import type { PlanModel } from '../../report/plan-model.ts';
import { noteLines } from '../../report/plan-text.ts';
import { detailsSection } from './details.ts';
import type { PlanCommentFacts } from './facts.ts';
import { guardRows, guardSection } from './guards-text.ts';
import { lossRows } from './losses-text.ts';
import { lossesOf } from './losses.ts';
import { PAGE, dotted, fenced, link, nameSpan, runLink, shortSha, warningBlock } from './page.ts';
import { share, sizeOf } from './room.ts';
import { documentTable } from './table.ts';
import { alertRows } from './warnings.ts';

/** A plan, in at most `room` octets: what is least important is cut first. */
export function planPage(whole: Plan, facts: PlanCommentFacts, room: number): string {
  // Where nothing was to be looked at, that is said once, and not as something that is missing.
  const plan = facts.offline ? { ...whole, complete: true } : whole;
  const model = modelPlan(plan);
  const title = facts.offline ? 'trueup plan, offline: nothing was looked at' : `trueup plan: ${headline(plan)}`;
  const head = `### ${title}\n${factsLine(plan, facts)}\n\n`;
  const closing = closingLines(plan, model, facts);
  const details = model.blocks.map((block) => ({
    address: block.address,
    lines: blockLines(block, plan, model, { records: false }, PAGE),
  }));
  // In the order of importance, which is not that of the page.
  const [guards = '', losses = '', alerts = '', overrides = '', table = '', evidence = '', calm = ''] = share(
    [
      (left) => guardRows(plan, Math.floor(left / 3)),
      (left) => lossRows(lossesOf(plan, model), left),
      (left) => alertRows(plan, model, left),
      (left) => guardSection(plan, left),
      (left) => documentTable(model.blocks, left),
      (left) => detailsSection(details, left),
      (left) => calmSection(model, left),
    ],
    room - sizeOf(head) - sizeOf(closing) - sizeOf(warningBlock(' ')),
  );
  const warning = warningBlock(guards + losses + alerts);
  return `${head}${warning}${table}${evidence}${overrides}${calm}${closing}`;
}

const OFFLINE =
  'What merging would do is not known yet: a maintainer can ask for a plan of this commit with the label `trueup:plan`.\n';

function headline({ summary, actions }: Plan): string {
  return actions.length === 0 ? 'nothing to change' : summaryText(summary);
}

/** `4f2a9c1e · head 9f3c2ab · 2 accounts · 46 calls · run` */
function factsLine(plan: Plan, facts: PlanCommentFacts): string {
  const { head, run } = facts;
  return dotted([
    facts.offline ? `git: ${headline(plan)}` : codeSpan(shortDigest(plan.digest)),
    `head ${shortSha(head)}`,
    plural(Object.keys(plan.accounts).length, 'account'),
    effortText(plan.calls, undefined),
    run ? runLink(run) : '',
  ]);
}

function closingLines(plan: Plan, model: PlanModel, facts: PlanCommentFacts): string {
  const { into, offline } = facts;
  const elsewhere = offline ? '' : elsewhereLine(facts);
  if (into !== undefined) {
    return `This pull request goes into ${nameSpan(into)}: merging it there applies nothing.\n${elsewhere}`;
  }
  return offline ? OFFLINE : `${nextLine(plan, model)}\n${elsewhere}`;
}

/** What merging does. A plan that did not end well seals nothing, and nothing is applied on its ground. */
function nextLine(plan: Plan, model: PlanModel): string {
  if (plan.guards.some(({ allowed }) => !allowed)) {
    return 'Merging changes nothing: apply refuses while a guard is in the way.';
  }
  const blocked = model.blocks.filter(({ findings }) => findings.some(({ severity }) => severity === 'blocks')).length;
  if (blocked > 0) return `${plural(blocked, 'document')} blocked: merging applies nothing of this plan.`;
  if (!plan.complete) {
    return 'Not everything could be looked at: merging applies nothing of this plan. Run the job again, or push.';
  }
  if (plan.actions.length === 0) return 'Merging changes nothing.';
  return 'Merging applies exactly this. If the world moves first, apply refuses and says what differs.';
}

function elsewhereLine({ elsewhere }: PlanCommentFacts): string {
  if (!elsewhere || elsewhere.objects === 0) return '';
  const are = elsewhere.objects === 1 ? 'is' : 'are';
  const what = link(plural(elsewhere.objects, 'drifted object'), elsewhere.url);
  return `${what} elsewhere ${are} not part of this plan.\n`;
}

function calmSection(model: PlanModel, room: number): string {
  const { calm } = model;
  const are = calm === 1 ? 'document as it' : 'documents as they';
  const sentence = calm === 0 ? '' : `${count(calm)} ${are} should be.\n\n`;
  const whole = `${sentence}${fenced(noteLines(model, PAGE))}`;
  return sizeOf(whole) <= room ? whole : sentence;
}
