import type { SurvivalRunResult, TopRow } from '../survival/run-result.ts';
import { SIGNIFICANT_Q } from '../survival/run-result.ts';
import type { SurvivalStatus } from '../survival/types.ts';
import { closingLines, exitText } from './count-text.ts';
import { foldKey } from './fold.ts';
import { count, duration, plural } from './format.ts';
import { aligned, indent, paragraph } from './layout.ts';
import type { RenderOptions } from './options.ts';
import type { Line, Style } from './style.ts';

/** Columns of a gene's name. */
const ROOM_FOR_GENE = 24;
const BAR_CELLS = 20;
const MEANING: Readonly<Record<Exclude<SurvivalStatus, 'ok'>, string>> = {
  few_events: 'too few events for the robust standard error; no q',
  constant: 'no variation among those at risk',
  no_events: 'every event lacks a value',
  diverged: 'the likelihood has no maximum; p is left out',
  not_converged: 'not settled in 20 steps; p is left out',
  invalid: 'a value is no number; column error names the sample',
};

/** Samples and rows, the smallest p, what was written and what comes next. */
export function survivalRunLines(result: SurvivalRunResult, options: RenderOptions, style: Style): readonly Line[] {
  return [
    [style.say(result.document ?? 'survival run, here', 'strong')],
    ...sampleLines(result, style),
    ...rowLines(result, style),
    ...topLines(result, style),
    [],
    ...writtenLines(result, style),
    [],
    ...closingLines(style, closing(result, style), exitText(options.exitCode)),
  ];
}

function sampleLines({ samples }: SurvivalRunResult, style: Style): readonly Line[] {
  const { matrix, clinical, used, events, excluded, sameOrder } = samples;
  const without: readonly (readonly [number, string])[] = [
    [excluded.notSelected, 'not selected'],
    [excluded.withoutOutcome, 'without a time or an event'],
    [excluded.withoutClinical, 'not in the clinical table'],
    [excluded.withoutValues, 'not in the matrix'],
  ];
  const left = without.flatMap(([number, why]) => (number > 0 ? [`${count(number)} ${why}`] : []));
  return [
    [
      indent(2),
      style.say(
        `samples: ${count(matrix)} in the matrix, ${count(clinical)} in the clinical table, ${count(used)} used, ${plural(events, 'event')}`,
      ),
    ],
    ...(left.length > 0
      ? paragraph(style, { lead: [indent(4)], hang: 4, text: style.text(`left out: ${left.join(', ')}`), tone: 'dim' })
      : []),
    ...(sameOrder ? [] : [[indent(4), style.say('the tables list them in different orders', 'dim')]]),
  ];
}

function rowLines({ rows, statuses, outcome }: SurvivalRunResult, style: Style): readonly Line[] {
  const done = outcome === 'done' ? '' : ' done';
  const others = (Object.keys(MEANING) as (keyof typeof MEANING)[]).filter((status) => statuses[status] > 0);
  return [
    [indent(2), style.say(`rows: ${count(rows)}${done}, ${count(statuses.ok)} ok`)],
    ...aligned(
      others.map((status) => [
        style.say(status, 'change'),
        style.say(count(statuses[status])),
        style.say(MEANING[status], 'dim'),
      ]),
    ).map((line): Line => [indent(4), ...line]),
  ];
}

function topLines({ top }: SurvivalRunResult, style: Style): readonly Line[] {
  if (top.length === 0) return [];
  const head = ['gene', 'hazard', '95 % interval', 'p', 'q'].map((name) => style.say(name, 'dim'));
  return [[], ...aligned([head, ...top.map((row) => topCells(row, style))]).map((line): Line => [indent(2), ...line])];
}

function topCells({ gene, hazard, ci95, pval, qval }: TopRow, style: Style): Line {
  const [low, high] = ci95;
  return [
    { text: foldKey(gene, ROOM_FOR_GENE, style) },
    style.say(short(hazard)),
    style.say(`${short(low)} to ${short(high)}`),
    style.say(short(pval)),
    style.say(short(qval)),
  ];
}

/** Three digits are enough to look at; the table has all. */
function short(value: number | null): string {
  if (value === null) return '-';
  const isPlain = value === 0 || (Math.abs(value) >= 0.001 && Math.abs(value) < 10_000);
  return isPlain ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}

function writtenLines({ out, plot, partial, retries }: SurvivalRunResult, style: Style): readonly Line[] {
  const again = retries > 0 ? [[indent(2), style.say(`${plural(retries, 'request')} sent again`, 'dim')]] : [];
  if (partial !== null) {
    return [
      ...again,
      [indent(2), style.say(`what is done: ${partial}`)],
      [indent(2), style.say('go on:  the same command')],
    ];
  }
  return [
    ...again,
    [indent(2), style.say(`results: ${out}`)],
    ...(plot === null ? [] : [[indent(2), style.say(`plot:    ${plot}`)]]),
  ];
}

function closing({ outcome, rows, chunks, significant, seconds }: SurvivalRunResult, { unicode }: Style): string {
  const took = duration(seconds * 1000);
  if (outcome === 'interrupted') return `Survival: interrupted after ${plural(rows, 'row')}, ${took}.`;
  const resumed = chunks.resumed > 0 ? `, ${plural(chunks.resumed, 'chunk')} of an earlier run` : '';
  return `Survival: ${plural(rows, 'row')}, ${count(significant)} with q ${unicode ? '≤' : '<='} ${SIGNIFICANT_Q}, ${took}${resumed}.`;
}

interface ProgressCounts {
  readonly rows: number;
  /** From 0 to 1. */
  readonly share: number;
  readonly retries: number;
}

/** `[########............] 41 %  8,192 rows`: lines of progress are ASCII. */
export function survivalProgressText({ rows, share, retries }: ProgressCounts): string {
  const filled = Math.min(BAR_CELLS, Math.floor(share * BAR_CELLS));
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_CELLS - filled)}]`;
  const again = retries > 0 ? `  ${plural(retries, 'request')} sent again` : '';
  return `${bar} ${Math.floor(share * 100)} %  ${plural(rows, 'row')}${again}`;
}
