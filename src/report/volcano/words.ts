import { SIGNIFICANT_Q } from '../../survival/run-result.ts';
import type { SurvivalStatus } from '../../survival/types.ts';
import { count, plural } from '../format.ts';
import type { Axis } from './axes.ts';
import { hazardText, powerText, textWidth } from './figures.ts';
import type { Place } from './frame.ts';
import type { Sorted } from './points.ts';

const UNDRAWN: Readonly<Record<Exclude<SurvivalStatus, 'ok' | 'few_events'> | 'no_p', string>> = {
  diverged: 'diverged',
  not_converged: 'not converged',
  constant: 'constant',
  no_events: 'without events',
  invalid: 'invalid',
  no_p: 'without a p',
};
const UNDRAWN_ORDER = ['diverged', 'not_converged', 'constant', 'no_events', 'invalid', 'no_p'] as const;

/** Points beyond the axes. A point may be beyond both. */
export interface Beyond {
  readonly all: number;
  readonly across: number;
  readonly up: number;
}

export interface Facts {
  readonly count: number;
  readonly sorted: Sorted;
  readonly hazard: Axis;
  readonly p: Axis;
  readonly beyond: Beyond;
  /** Rows whose names were to stand there, and those whose names found no room. */
  readonly named: number;
  readonly unplaced: number;
}

/** What the drawing shows and what it does not, a sentence a line. */
export function sentences(facts: Facts): readonly string[] {
  return [drawnText(facts), ...thresholdText(facts), ...labelText(facts), ...fewText(facts), ...edgeText(facts)];
}

function drawnText({ count: rows, sorted }: Facts): string {
  const undrawn = UNDRAWN_ORDER.flatMap((reason) => {
    const number = sorted.undrawn.get(reason) ?? 0;
    return number === 0 ? [] : [`${count(number)} ${UNDRAWN[reason]}`];
  });
  const missing = Array.from(sorted.undrawn.values()).reduce((sum, number) => sum + number, 0);
  const total = `${plural(rows, 'row')}, ${count(rows - missing)} drawn.`;
  return undrawn.length === 0 ? total : `${total} Not drawn: ${undrawn.join(', ')}.`;
}

function thresholdText({ sorted: { rows, threshold } }: Facts): readonly string[] {
  const hits = rows.up.length + rows.down.length;
  if (threshold !== undefined) {
    return [
      `q ≤ ${SIGNIFICANT_Q} (Benjamini and Hochberg): ${plural(hits, 'row')}, p up to ${powerText(threshold)}, at the dashed line.`,
    ];
  }
  return [`No row has q ≤ ${SIGNIFICANT_Q} (Benjamini and Hochberg).`];
}

function fewText({ sorted: { rows } }: Facts): readonly string[] {
  if (rows.few.length === 0) return [];
  return [`Hollow: too few events for the p to be trusted; these rows have no q and are never hits.`];
}

function edgeText({ beyond, hazard, p }: Facts): readonly string[] {
  const { across, up } = beyond;
  const parts = [
    ...(across === 0 ? [] : [`${plural(across, 'row')} with a hazard ratio ${rangeText(hazard)}`]),
    ...(up === 0 ? [] : [`${plural(up, 'row')} with p below ${powerText(-p.limit)}`]),
  ];
  return parts.length === 0 ? [] : [`Beyond the axes, as arrow heads at the edge: ${parts.join('; ')}.`];
}

function rangeText({ limit }: Axis): string {
  const ratio = hazardText(limit * Math.LN2);
  return `above ${ratio} or below 1/${ratio}`;
}

function labelText({ named, unplaced, sorted: { rows } }: Facts): readonly string[] {
  if (named === 0) return [];
  const missing = unplaced === 0 ? '' : ` ${plural(unplaced, 'name')} found no room.`;
  const hits = rows.up.length + rows.down.length;
  const smallest = named === 1 ? 'the smallest p' : `the ${count(named)} smallest p`;
  const which = hits === 0 ? `${smallest} of status ok` : named < hits ? `${smallest} of these` : 'all of these';
  return [`Named: ${which}.${missing}`];
}

/** What a name says beside itself: the figures that its place does not show. */
export function beyondText(place: Place, coef: number, log10P: number): string {
  const parts = [
    ...(place.across === 0 ? [] : [`HR ${hazardText(coef)}`]),
    ...(place.up === 0 ? [] : [`p ${powerText(log10P)}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** `hazard ratio 1.4, p 0.0059, q 0.012` */
export function figuresText(coef: number, log10P: number, q: number): string {
  const shown = Number.isNaN(q) ? '' : `, q ${powerText(Math.log10(q))}`;
  return `hazard ratio ${hazardText(coef)}, p ${powerText(log10P)}${shown}`;
}

/** Sentences as lines that are no wider than so many pixels; a new sentence does not begin a new line. */
export function wrap(texts: readonly string[], size: number, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of texts.join(' ').split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size) > room) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}
