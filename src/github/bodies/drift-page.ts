import type { DriftResult } from '../../engine/types.ts';
import { blockLines, blocksOf, titleOf, unjudged } from '../../report/drift-text.ts';
import type { DriftBlock } from '../../report/drift-text.ts';
import { shortActor } from '../../report/who-text.ts';
import { findingLines } from '../../report/finding-text.ts';
import { count, instant, plural } from '../../report/format.ts';
import { orphanSection } from '../../report/orphans-text.ts';
import type { Line } from '../../report/style.ts';
import { detailsSection } from './details.ts';
import type { RunFacts } from './facts.ts';
import {
  PAGE,
  dotted,
  fenced,
  fitLines,
  nameCell,
  nameSpan,
  runLink,
  timeText,
  warningBlock,
  warningRow,
} from './page.ts';
import { LEAST_ROOM, fit, share, sizeOf } from './room.ts';

/** One look at the world. */
export interface LookFacts {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly run?: RunFacts;
}

const OPTIONS = { format: 'markdown', color: false, unicode: true, width: PAGE.width } as const;
const HEAD = '| | document | what differs | who and when |\n|---|---|---|---|\n';
/** Octets of a line that only counts. */
const LAST_ROW = 100;

/** What drifted, in at most `room` octets. Of the run it says something only where not everything could be looked at. */
export function driftPage(result: DriftResult, look: LookFacts, room: number): string {
  const blocks = blocksOf(result);
  const head = `### ${driftHeadline(result)}\n${factsLine(result)}\n\n${unseenBlock(result, look)}`;
  const details = blocks.map((block) => ({ address: block.document, lines: blockLines(block, OPTIONS, PAGE) }));
  const loud = result.findings.filter(({ severity }) => severity !== 'info');
  const [table = '', orphans = '', findings = '', evidence = ''] = share(
    [
      (left) => driftTable(blocks, left),
      (left) => linesSection(orphanSection(result.orphans, PAGE), left),
      (left) =>
        linesSection(
          loud.flatMap((finding) => findingLines(finding, 0, PAGE, finding.document)),
          left,
        ),
      (left) => detailsSection(details, left),
    ],
    room - sizeOf(head),
  );
  return `${head}${table}${evidence}${orphans}${findings}`;
}

/** `1 document of 12 drifted, 2 objects`: the program's words and figures only. */
export function driftHeadline(result: DriftResult): string {
  const documents = blocksOf(result).length;
  const objects = result.drifted.length + result.missing.length;
  const orphans = result.orphans.length > 0 ? `, ${plural(result.orphans.length, 'orphan')}` : '';
  const of = `${plural(documents, 'document')} of ${count(result.documents)} drifted`;
  return `trueup drift: ${of}, ${plural(objects, 'object')}${orphans}`;
}

function factsLine(result: DriftResult): string {
  const open = unjudged(result);
  return dotted([nameSpan(result.owner), open === 0 ? '' : `${plural(open, 'document')} not judged`]);
}

function unseenBlock({ complete }: DriftResult, { at, run }: LookFacts): string {
  if (complete) return '';
  const when = dotted([timeText(at), run ? runLink(run) : '']);
  return warningBlock(
    warningRow(`could not look at everything (${when}): what is not named here may have drifted too`),
  );
}

function driftTable(blocks: readonly DriftBlock[], room: number): string {
  if (blocks.length === 0) return '';
  const whole = fit(blocks, room - sizeOf(HEAD) - 1, rowOf);
  if (whole.left.length === 0) return `${HEAD}${whole.text}\n`;
  const { text, left } = fit(blocks, room - LEAST_ROOM, rowOf);
  return `${HEAD}${text}${countRows(left, LEAST_ROOM - sizeOf(HEAD) - 1)}\n`;
}

function rowOf(block: DriftBlock): string {
  const symbol = block.drifted.length === 0 ? '-' : '~';
  return `| \`${symbol}\` | ${nameCell(block.document)} | ${titleOf(block)} | ${whoCell(block)} |\n`;
}

/** The latest of those that are known. */
function whoCell({ drifted, missing }: DriftBlock): string {
  const all = [...drifted, ...missing].flatMap(({ who }) => who ?? []);
  const known = all
    .flatMap((who) => (who.at === null ? [] : who))
    .toSorted((one, other) => (one.at < other.at ? 1 : -1));
  const [latest] = known;
  if (!latest) return all.length > 0 ? 'not visible yet' : '';
  const { at, actor, event, confidence } = latest;
  const more = known.length > 1 ? ` and ${count(known.length - 1)} more` : '';
  return `${nameCell(instant(at))} by ${nameCell(shortActor(actor))} (${nameCell(event)}, ${confidence})${more}`;
}

function countRows(blocks: readonly DriftBlock[], room: number): string {
  const kinds = new Map<string, number>();
  for (const { document } of blocks) {
    const kind = document.slice(0, Math.max(document.indexOf('/'), 0));
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const { text, left } = fit([...kinds], room - LAST_ROW, ([kind, number]) => {
    return `| | ${count(number)} more of ${nameCell(kind)} | not listed here | |\n`;
  });
  const further = left.reduce((sum, [, number]) => sum + number, 0);
  return further === 0 ? text : `${text}| | ${count(further)} more of other kinds | not listed here | |\n`;
}

function linesSection(lines: readonly Line[], room: number): string {
  const shown = fitLines(lines, room - LAST_ROW);
  return `${fenced(shown.lines)}${shown.left > 0 ? `${plural(shown.left, 'line')} more: trueup drift\n\n` : ''}`;
}
