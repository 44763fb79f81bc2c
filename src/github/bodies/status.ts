import type { ApplyResult, Outcome } from '../../engine/types.ts';
import { appliedCount, troubleSections } from '../../report/apply-text.ts';
import { summaryText } from '../../report/count-text.ts';
import { count, plural } from '../../report/format.ts';
import type { Line } from '../../report/style.ts';
import type { PlanStatus } from './facts.ts';
import { PAGE, dotted, fenced, fitLines, nameSpan, runLink, timeText } from './page.ts';
import { fit, sizeOf } from './room.ts';

/** Octets that every comment keeps free for what becomes of its plan. */
export const STATUS_ROOM = 8_000;

/** No value can write this line: what strangers named is never at the beginning of one. */
const STATUS_LINE = '<!-- trueup:status -->';
const STATUS_START = /\n<!-- trueup:status -->\r?\n/u;

/** What happened, and why it was not all that was to happen. */
const OUTCOMES: Readonly<Record<Outcome, readonly [verb: string, why: string]>> = {
  applied: ['applied', ''],
  nothing: ['nothing was to do', ''],
  stale: ['refused', ', the world is not as reviewed'],
  refused: ['refused', ', a guard is in the way'],
  partial: ['applied in part', ''],
  interrupted: ['interrupted', ''],
  'not-converged': ['applied', ', but the world does not stay as it was written'],
};

/** An earlier body with another ending: what became of its plan since. */
export function withStatus(body: string, status: PlanStatus): string {
  const start = body.search(STATUS_START);
  const kept = start < 0 ? `${body.trimEnd()}\n` : body.slice(0, start + 1);
  return `${kept}${statusSection(status)}`;
}

/** Does it say what became of its plan? */
export function hasStatus(body: string): boolean {
  return body.includes(`\n${STATUS_LINE}\n`);
}

/** The end of a comment, in at most `STATUS_ROOM` octets. It begins with a line that readers do not see. */
export function statusSection(status: PlanStatus): string {
  const text = status.kind === 'applied' ? appliedSection(status) : outOfDateSection(status);
  return `${STATUS_LINE}\n\n${text}`;
}

function outOfDateSection({ pull, documents, merged }: Extract<PlanStatus, { kind: 'out-of-date' }>): string {
  const head = `${merged ? 'not applied by itself' : 'out of date'}: #${pull} changed `;
  const tail = merged ? ' after it; see there.\n' : ' since. Plan again: push to the branch.\n';
  const { text, left } = fit(documents, STATUS_ROOM / 2, (address) => `, ${nameSpan(address)}`);
  const more = left.length > 0 ? ` and ${count(left.length)} more` : '';
  return `${head}${text.slice(2)}${more}${tail}`;
}

/** `applied 2026-11-23 10:44 UTC: 8 of 8, re-plan empty`, with what went wrong in a fence. */
function appliedSection({ at, result, plan, run }: Extract<PlanStatus, { kind: 'applied' }>): string {
  const figures = [appliedCount(result, plan), replanText(result)].filter((part) => part !== '').join(', ');
  const [verb, why] = OUTCOMES[result.outcome];
  const outcome = `${verb} ${timeText(at)}${why}: ${figures}`;
  const head = `${dotted([outcome, run ? runLink(run) : ''])}\n`;
  if (result.outcome === 'applied') return head;
  const { lines, left } = fitLines(troubleLines(result), STATUS_ROOM - sizeOf(head) - LAST_ROW);
  const more = left > 0 ? `${plural(left, 'line')} more in the summary of the run.\n` : '';
  return `${head}\n${fenced(lines)}${more}`;
}

/** Octets of the first line, and of one that only counts. */
const LAST_ROW = 200;

function troubleLines(result: ApplyResult): readonly Line[] {
  return troubleSections(result, PAGE)
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : [[], ...lines]));
}

function replanText({ replan }: ApplyResult): string {
  if (replan === null) return '';
  const { create, update, replace, delete: deletes, adopt, release } = replan.summary;
  const left = create + update + replace + deletes + adopt + release;
  if (left > 0) return `re-plan not empty: ${summaryText(replan.summary)}`;
  return replan.complete ? 're-plan empty' : 're-plan not complete';
}
