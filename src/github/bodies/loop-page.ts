import type { Address } from '../../engine/types.ts';
import { byDocument } from '../../report/by-document.ts';
import { commandLines } from '../../report/drift-text.ts';
import { foldLong, foldName } from '../../report/fold.ts';
import { count, instant, plural } from '../../report/format.ts';
import { indent, paragraph } from '../../report/layout.ts';
import { leftText } from '../../report/left-text.ts';
import { openDifferences, unseenCount, waitingCount } from '../../report/loop-found.ts';
import type { LoopDifference, LoopFound, LoopLeft } from '../../report/loop-found.ts';
import type { Line } from '../../report/style.ts';
import { shortActor } from '../../report/who-text.ts';
import { detailsSection } from './details.ts';
import {
  PAGE,
  dotted,
  fenced,
  fitLines,
  nameCell,
  nameSpan,
  sentenceCell,
  timeText,
  warningBlock,
  warningRow,
} from './page.ts';
import { fit, share, sizeOf } from './room.ts';

export interface IssueDifference extends LoopDifference {
  /** Who it was, as far as it can be told; `at` in ISO 8601. */
  readonly who?: { readonly actor: string; readonly event: string; readonly at: string };
}

export interface LoopPageFacts {
  /** Of Settings. */
  readonly owner: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

type Found = LoopFound & { readonly drifted: readonly IssueDifference[] };

/** What a loop does by itself, so that whoever reads knows what is left to people. */
const MODES: Readonly<Record<string, string>> = {
  report: 'it says what differs, and undoes nothing',
  heal: 'it undoes drift by itself, and leaves what is named here',
  apply: 'it undoes drift and brings what was approved by itself, and leaves what is named here',
};

const DRIFT_HEAD = '| | document | what differs | who and when |\n|---|---|---|---|\n';
const LEFT_HEAD = '| | document | why the loop leaves it |\n|---|---|---|\n';
/** Records follow a zone's primary: no document could say them (docs/kinds/zone-mirror.md). */
const RECORDS = 'ResourceRecordSets';
/** Columns of a name in front of a sentence. */
const NAME_ROOM = 60;
/** Octets of a line that only counts. */
const LAST_ROW = 100;

/** Not everything could be looked at or written. */
export function isPartial({ outcome }: Pick<LoopFound, 'outcome'>): boolean {
  return outcome === 'partial';
}

/** `trueup drift: 2 objects, 1 document left alone (ReconcileLoop/main)` */
export function loopHeadline(found: Found): string {
  const left = waitingCount(found);
  const parts = [
    ...(found.open > 0 ? [plural(found.open, 'object')] : []),
    ...(left > 0 ? [`${plural(left, 'document')} left alone`] : []),
  ];
  return `trueup drift: ${parts.join(', ')} (${foldName(found.document, NAME_ROOM, PAGE)})`;
}

/** What a run of a loop left, in at most `room` octets. */
export function loopPage(found: Found, facts: LoopPageFacts, room: number): string {
  const blocks = [...byDocument(openDifferences(found))].sort(([one], [other]) => (one < other ? -1 : 1));
  const head = `${headOf(found, facts)}${partialBlock(found, facts)}`;
  const details = blocks.map(([address, differences]) => ({ address, lines: detailLines(address, differences) }));
  const [drift = '', left = '', failures = '', evidence = ''] = share(
    [
      (space) => driftTable(blocks, found, space),
      (space) => leftTable(found, space),
      (space) => failureLines(found, space),
      (space) => detailsSection(details, space),
    ],
    room - sizeOf(head),
  );
  return `${head}${drift}${evidence}${left}${failures}`;
}

function headOf(found: Found, { owner }: LoopPageFacts): string {
  const mode = MODES[found.mode];
  const said = mode === undefined ? '' : `mode ${found.mode}: ${mode}`;
  return `### Drift that a loop has found\n${dotted([nameSpan(owner), nameSpan(found.document), said])}\n\n`;
}

function partialBlock(found: Found, { at }: LoopPageFacts): string {
  if (!isPartial(found)) return '';
  const text = `not everything could be looked at or written (${timeText(at)}): what is not named here may have drifted too`;
  return warningBlock(warningRow(text));
}

type Block = readonly [document: Address, differences: readonly IssueDifference[]];

function driftTable(blocks: readonly Block[], found: Found, room: number): string {
  if (blocks.length === 0 && found.open === 0) return '';
  const { text, left } = fit(blocks, room - sizeOf(DRIFT_HEAD) - LAST_ROW, driftRow);
  const named = blocks.filter((block) => !left.includes(block)).reduce((sum, [, own]) => sum + own.length, 0);
  const rest = found.open - named;
  const more = rest > 0 ? `| | ${plural(rest, 'more object')} | trueup drift names all | |\n` : '';
  return `${DRIFT_HEAD}${text}${more}\n`;
}

function driftRow([document, differences]: Block): string {
  const gone = differences.filter(({ fields }) => fields.length === 0).length;
  const changed = differences.length - gone;
  const what = [
    ...(changed > 0 ? [`${plural(changed, 'object')} changed outside git`] : []),
    ...(gone > 0 ? [`${plural(gone, 'object')} gone`] : []),
  ].join(', ');
  return `| \`${changed === 0 ? '-' : '~'}\` | ${nameCell(document)} | ${what} | ${whoCell(differences)} |\n`;
}

/** The latest of those that are known. */
function whoCell(differences: readonly IssueDifference[]): string {
  const [latest, ...others] = differences
    .flatMap(({ who }) => who ?? [])
    .toSorted((one, other) => (one.at < other.at ? 1 : -1));
  if (!latest) return '';
  const more = others.length > 0 ? ` and ${count(others.length)} more` : '';
  return `${nameCell(instant(latest.at))} by ${nameCell(shortActor(latest.actor))} (${nameCell(latest.event)})${more}`;
}

function detailLines(document: Address, differences: readonly IssueDifference[]): readonly Line[] {
  const mayBeAccepted = differences.some(({ fields }) => fields.some((field) => field !== RECORDS));
  return [
    ...differences.flatMap(({ id, fields, who }) => [
      ...entry(fields.length === 0 ? '-' : '~', id, fields.length === 0 ? 'is gone' : fields.join(', ')),
      ...(who === undefined
        ? []
        : paragraph(PAGE, {
            lead: [indent(4)],
            hang: 6,
            text: foldLong(`${instant(who.at)} by ${shortActor(who.actor)} (${who.event})`, PAGE),
          })),
    ]),
    ...commandLines('heal:', `trueup apply --only ${document}`, PAGE),
    ...(mayBeAccepted ? commandLines('accept:', `trueup drift --accept ${document}`, PAGE) : []),
  ];
}

function leftTable(found: Found, room: number): string {
  const leftAlone = waitingCount(found) + unseenCount(found);
  if (leftAlone === 0) return '';
  const rows = [...found.left].sort((one, other) => (one.document < other.document ? -1 : 1));
  const { text, left } = fit(rows, room - sizeOf(LEFT_HEAD) - LAST_ROW, (row) => {
    return `| \`=\` | ${nameCell(row.document)} | ${leftCell(row)} |\n`;
  });
  const rest = leftAlone - (rows.length - left.length);
  const more = rest > 0 ? `| | ${plural(rest, 'more document')} | trueup plan names all |\n` : '';
  return `${LEFT_HEAD}${text}${more}\n`;
}

/** In the program's own words, with the word by which it is known; then what a finding says of it. */
function leftCell({ why, message }: LoopLeft): string {
  const text = leftText(why);
  const reason = text === undefined ? nameCell(why) : `${nameCell(why)}: ${text}`;
  return message === undefined ? reason : `${reason} · ${sentenceCell(message)}`;
}

function failureLines({ failed }: Found, room: number): string {
  const lines = failed.flatMap(({ id, error }) => entry('!', id, error));
  const { lines: shown, left } = fitLines(lines, room - LAST_ROW);
  return `${fenced(shown)}${left > 0 ? `${plural(left, 'line')} more in the log of the loop\n\n` : ''}`;
}

function entry(symbol: string, id: Address, text: string): readonly Line[] {
  const lead = [PAGE.say(symbol), indent(1), { text: foldName(id, NAME_ROOM, PAGE) }, indent(2)];
  return paragraph(PAGE, { lead, hang: 4, text: foldLong(text, PAGE) });
}
