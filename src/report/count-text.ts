import type { Calls, Plan, Summary } from '../engine/types.ts';
import { count, duration, plural, shortDigest } from './format.ts';
import { spread } from './layout.ts';
import type { Line, Style } from './style.ts';

/** `Plan: 6 to create, 2 to update, 0 to delete, 41 unchanged. Digest 4f2a9c1e.` Never broken, however wide. */
export function planCount({ summary, digest }: Plan): string {
  return `Plan: ${summaryText(summary)}, ${count(summary.unchanged)} unchanged. Digest ${shortDigest(digest)}.`;
}

/** `6 to create, 2 to update, 0 to delete`; the rarer verbs only where there are any. */
export function summaryText(summary: Summary): string {
  const rare = (['replace', 'adopt', 'release'] as const).filter((verb) => summary[verb] > 0);
  return (['create', 'update', ...rare, 'delete'] as const)
    .map((verb) => `${count(summary[verb])} to ${verb}`)
    .join(', ');
}

/** `31 calls, 4.2 s` */
export function effortText(calls: Calls, elapsed: number | undefined): string {
  const total = Object.values(calls).reduce((sum, { reads, writes }) => sum + reads + writes, 0);
  return elapsed === undefined ? plural(total, 'call') : `${plural(total, 'call')}, ${duration(elapsed)}`;
}

/** The count closes every report; the exit code stands at its margin, or above it where there is no room. */
export function closingLines(style: Style, text: string, exit: string | undefined): readonly Line[] {
  const sentence = style.say(text);
  if (exit === undefined) return [[sentence]];
  return spread(style, [sentence], style.say(exit, 'dim')).toReversed();
}

export function exitText(exitCode: number | undefined): string | undefined {
  return exitCode === undefined || exitCode === 0 ? undefined : `exit ${exitCode}`;
}
