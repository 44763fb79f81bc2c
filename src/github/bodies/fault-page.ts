import type { ValidateResult } from '../../engine/types.ts';
import { errorLines } from '../../report/error-text.ts';
import { plural } from '../../report/format.ts';
import type { ErrorReport } from '../../report/options.ts';
import type { Line } from '../../report/style.ts';
import { validateLines } from '../../report/validate-text.ts';
import type { CommentFacts } from './facts.ts';
import { PAGE, dotted, fenced, fitLines, runLink, shortSha } from './page.ts';
import { sizeOf } from './room.ts';

/** Octets of the sentence that says how much is missing. */
const LAST_ROW = 100;
const OPTIONS = { format: 'markdown', color: false, unicode: true, width: PAGE.width } as const;

/** A configuration that is not valid: every fault with its place, as many as have room. */
export function invalidPage(result: ValidateResult, facts: CommentFacts, room: number): string {
  const head = `### trueup plan: ${plural(result.errors.length, 'error')} in the configuration\n${factsLine(facts)}\n\n`;
  const closing = 'No plan was made. Plan again: push to the branch.\n';
  return `${head}${evidence(validateLines(result, OPTIONS, PAGE), room - sizeOf(head) - sizeOf(closing))}${closing}`;
}

/** No plan could be made, for a reason that is not in the configuration. */
export function errorPage(error: ErrorReport, facts: CommentFacts, room: number): string {
  const head = `### trueup plan: no plan could be made\n${factsLine(facts)}\n\n`;
  const closing = facts.merged
    ? 'It was merged, and nothing of it was applied.\n'
    : 'Nothing is known of what merging would do.\n';
  return `${head}${evidence(errorLines(error, OPTIONS, PAGE), room - sizeOf(head) - sizeOf(closing))}${closing}`;
}

/** Lines in a fence, as many as have room, and how many have none. */
export function evidence(lines: readonly Line[], room: number): string {
  const shown = fitLines(lines, room - LAST_ROW);
  const more = shown.left > 0 ? `${plural(shown.left, 'line')} more: see the log of the run.\n\n` : '';
  return `${fenced(shown.lines)}${more}`;
}

function factsLine({ head, run }: CommentFacts): string {
  return dotted([`head ${shortSha(head)}`, run ? runLink(run) : '']);
}
