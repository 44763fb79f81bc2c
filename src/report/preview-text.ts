import type { Period, Timeline } from '../schedule/timeline.ts';
import { closingLines, exitText } from './count-text.ts';
import { spansOf } from './day-cells.ts';
import { fold } from './fold.ts';
import { duration, instant, plural } from './format.ts';
import { indent } from './layout.ts';
import type { RenderOptions } from './options.ts';
import type { Line, Style } from './style.ts';
import { dayLines, legend } from './week-text.ts';

/** What a schedule does in some days: a line a day, and the sum last. */
export function previewLines(period: Period, options: PreviewOptions, style: Style): readonly Line[] {
  const [timeline] = period.timelines;
  if (!timeline) return [];
  const from = `${instant(period.from)} to ${instant(period.to)}`;
  const name = { text: fold(timeline.id, style.width, style), tone: 'strong' } as const;
  const head: readonly Line[] = [[name], [indent(2), style.say(`${from}   ${legend(style)}`, 'dim')], []];
  const days = options.disabled ? [] : [...dayLines(timeline, period, style), []];
  const sum = options.disabled ? 'Schedule: switched off by disable, nothing happens.' : sumOf(timeline, period);
  return [...head, ...days, ...closingLines(style, sum, exitText(options.exitCode))];
}

export interface PreviewOptions extends RenderOptions {
  /** Switched off by its owner. */
  readonly disabled: boolean;
}

function sumOf(timeline: Timeline, { from, to }: Period): string {
  const { transitions } = timeline;
  const starts = transitions.filter(({ action }) => action === 'start').length;
  const counts = `${plural(starts, 'start')}, ${plural(transitions.length - starts, 'stop')}`;
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const spans = spansOf(timeline, begin, end);
  if (spans.some(({ state }) => state === 'unknown')) {
    const [first] = transitions;
    return `Schedule: ${counts}. Nothing tells the state${first ? ` before ${instant(first.at)}` : ''}.`;
  }
  const on = spans.filter(({ state }) => state === 'on').reduce((sum, span) => sum + span.end - span.start, 0);
  return `Schedule: ${counts}; on for ${on === 0 ? '0 h' : duration(on)} of ${duration(end - begin)}.`;
}
