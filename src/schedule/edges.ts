import { DAY, MINUTE, fallsOn } from './civil.ts';
import type { DstMark, Schedule, ScheduleAction } from './types.ts';
import { localDay, momentOf, zoneOf } from './zone.ts';

/** A moment at which a schedule starts or stops. */
export interface Edge {
  readonly action: ScheduleAction;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly dst?: DstMark;
  readonly because?: 'except' | 'override';
}

/** Why an edge does nothing: its date is in `except`, an override wants the contrary, or start and stop coincide. */
export type Suppression = 'except' | 'override' | 'clash';

export interface Edges {
  /** What counts, by time; at most one at a moment. */
  readonly edges: readonly Edge[];
  /** What does nothing, by time. */
  readonly suppressed: readonly (Edge & { readonly by: Suppression })[];
}

/** From and to, both included, in milliseconds since the epoch. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The edges of a schedule between two instants, both included. A disabled schedule has some too. */
export function edgesIn(schedule: Schedule, interval: Interval): Edges {
  const all = rawEdges(schedule, interval);
  if (all.length === 0) return { edges: [], suppressed: [] };
  const suppressed: (Edge & { readonly by: Suppression })[] = [];
  const left: Edge[] = [];
  for (const edge of all) {
    const by = suppressionOf(schedule, edge);
    if (by === undefined) left.push(edge);
    else suppressed.push({ ...edge, by });
  }
  const edges: Edge[] = [];
  for (const edge of left) {
    const other = left.find(({ at, action }) => at === edge.at && action !== edge.action);
    if (other) suppressed.push({ ...edge, by: 'clash' });
    else if (edges.at(-1)?.at !== edge.at) edges.push(edge);
  }
  return { edges, suppressed: suppressed.sort(byTime) };
}

function suppressionOf({ except, override, timezone }: Schedule, edge: Edge): Suppression | undefined {
  if (edge.action === 'start' && except.length > 0 && except.includes(localDay(zoneOf(timezone), edge.at))) {
    return 'except';
  }
  if (override === undefined || edge.at >= override.until) return undefined;
  return (edge.action === 'start') === (override.state === 'on') ? undefined : 'override';
}

/** Before exceptions and overrides, by time. */
function rawEdges({ timezone, rules }: Schedule, { from, to }: Interval): Edge[] {
  const zone = zoneOf(timezone);
  const found: Edge[] = [];
  // A gap postpones by up to a day, and clocks that are put back over midnight show an earlier date.
  const last = localDay(zone, to) + 1;
  for (let day = localDay(zone, from) - 1; day <= last; day += 1) {
    for (const { action, days, minute, nextDay } of rules) {
      if (!fallsOn(nextDay ? day - 1 : day, days)) continue;
      const { at, dst } = momentOf(zone, day * DAY + minute * MINUTE);
      if (at >= from && at <= to) found.push(dst === undefined ? { action, at } : { action, at, dst });
    }
  }
  return found.length > 1 ? found.sort(byTime) : found;
}

function byTime(left: Edge, right: Edge): number {
  return left.at - right.at;
}
