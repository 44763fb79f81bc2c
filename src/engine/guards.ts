import type { Action, Document, Guard, GuardTrip } from './types.ts';
import { documentAddress } from './address.ts';
import { actionsOf } from './by-document.ts';
import { kindOf } from './world.ts';
import type { World } from './world.ts';

/** A reviewed line of `spec.overrides` in Settings: it names one plan and dies with it. */
export interface Override {
  readonly digest: string;
  readonly allow: readonly string[];
  readonly reason: string;
  readonly ref?: string;
  /** ISO 8601 date: the first day on which it no longer holds. */
  readonly until: string;
}

/** Every guard that stands in the way of these actions, in document order. */
export function guardTrips(
  world: World,
  documents: readonly Document[],
  actions: readonly Action[],
): readonly GuardTrip[] {
  return documents.flatMap((document) => {
    const address = documentAddress(document);
    return kindOf(world, document).guards?.(document, actionsOf(actions, address)) ?? [];
  });
}

/** How long an override that somebody is about to write should hold. */
const OVERRIDE_DAYS = 7;
const DAY = 86_400_000;

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** Binds trips to the digest of the plan they stand in, and looks for the reviewed line that allows it. */
export function bindGuards(
  trips: readonly GuardTrip[],
  digest: string,
  overrides: readonly Override[],
  now: number,
): readonly Guard[] {
  return trips.map((trip) => ({
    ...trip,
    allow: `- { digest: ${digest}, allow: [${trip.code}], reason: "…", until: ${dayOf(now + OVERRIDE_DAYS * DAY)} }`,
    allowed:
      trip.allowedBy !== undefined ||
      overrides.some(
        (override) => override.digest === digest && override.allow.includes(trip.code) && dayOf(now) < override.until,
      ),
  }));
}
