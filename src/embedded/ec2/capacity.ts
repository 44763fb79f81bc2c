import { EmbeddedError, serviceError } from '../errors.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { table } from '../store/database.ts';
import type { Capacity } from './instance.ts';
import { INSTANCE } from './instance-model.ts';
import type { StoredInstance } from './instance-model.ts';
import { stateName } from './instance-states.ts';
import { rowsOf } from './kind.ts';
import { zonesOf } from './zones.ts';

/** How many instances of a type may be on in a zone; no row: as many as anybody wants. */
const limits = table<number>('ec2/capacity');

type Kin = Pick<StoredInstance, 'type' | 'zone'>;

const ON: readonly string[] = ['pending', 'running', 'stopping', 'shutting-down'];

/** @throws EmbeddedError TU4015 for anything but whole numbers from 0, or a zone of another region. */
export function setCapacity({ type, zone, instances }: Capacity, context: CallContext): void {
  const zones = zonesOf(context.region).flatMap(({ ZoneName = '' }) => ZoneName);
  if (zone !== undefined && !zones.includes(zone)) {
    throw new EmbeddedError('TU4015', `${zone} is no zone of ${context.region}.`, `There are ${zones.join(', ')}.`);
  }
  if (instances !== undefined && (!Number.isSafeInteger(instances) || instances < 0)) {
    throw new EmbeddedError(
      'TU4015',
      `There cannot be room for ${String(instances)} instances.`,
      'Give a whole number from 0, or none for as many as anybody wants.',
    );
  }
  for (const name of zone === undefined ? zones : [zone]) {
    const key = limitKey({ type, zone: name }, context);
    if (instances === undefined) context.data.delete(limits, key);
    else context.data.put(limits, key, instances);
  }
}

/** How many more instances of a type a zone has room for; Infinity: nobody said. */
export function roomFor(kin: Kin, context: CallContext): number {
  const limit = context.data.get(limits, limitKey(kin, context));
  if (limit === undefined) return Infinity;
  const on = rowsOf(INSTANCE, context).filter(
    ({ type, zone, transition }) =>
      type === kin.type && zone === kin.zone && ON.includes(stateName(transition, context.now)),
  );
  return Math.max(0, limit - on.length);
}

/** @throws InsufficientInstanceCapacity where one zone has no room for all of its own that are to start. */
export function requireCapacity(starting: readonly Kin[], context: CallContext): void {
  const wanted = new Map<string, Kin[]>();
  for (const kin of starting) {
    const key = limitKey(kin, context);
    const kindred = wanted.get(key);
    if (kindred === undefined) wanted.set(key, [kin]);
    else kindred.push(kin);
  }
  for (const [kin, ...others] of wanted.values()) {
    if (kin !== undefined && roomFor(kin, context) < 1 + others.length) throw insufficientCapacity(kin);
  }
}

/** A fault of the server, which clients try again. */
export function insufficientCapacity({ type, zone }: Kin): Error {
  return serviceError(
    'InsufficientInstanceCapacity',
    `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}).`,
    { status: 500 },
  );
}

function limitKey({ type, zone }: { readonly type: string; readonly zone: string }, context: CallContext): string {
  return rowKey(`${type} ${zone}`, context);
}
