import { documentAddress } from '../../engine/address.ts';
import type { Desired, Estate, Late, Value } from '../../engine/types.ts';
import { SCHEDULED_INSTANCES, scheduledInstancesId } from '../../resources/scheduled-instances/types.ts';
import type { ScheduledInstancesProperties } from '../../resources/scheduled-instances/types.ts';
import { windowOf } from './cadence.ts';
import { SCHEDULER, schedulerResources } from './functions.ts';
import { homeOf, placesOf } from './places.ts';
import type { InstanceSchedule } from './places.ts';

/** The function with all it needs, and in each place the tags of the instances. */
export function compile(document: InstanceSchedule, estate: Estate): readonly Desired[] {
  return [
    ...placesOf(document, estate).map((place): Desired => ({
      id: scheduledInstancesId(place),
      type: SCHEDULED_INSTANCES,
      place,
      properties: asValues(instancesOf(document)),
      // No tag is written that nobody heeds yet.
      after: [SCHEDULER],
    })),
    ...schedulerResources(document, estate, homeOf(document, estate)),
  ];
}

function instancesOf(document: InstanceSchedule): ScheduledInstancesProperties {
  const { kind, formerly, spec } = document;
  return {
    TagKey: spec.tagKey,
    Schedules: spec.schedules,
    Assign: spec.assign.map(({ select, schedule, override }) => ({
      Tags: select.tags,
      Schedule: schedule,
      Override: override,
    })),
    Documents: [document.name, ...formerly].map((name) => documentAddress({ kind, name })),
    Rules: {
      Mode: spec.mode,
      Window: windowOf(spec),
      HonourDisable: spec.honourDisable,
      RespectManual: spec.respectManual,
    },
  };
}

/** Interfaces have no index signature; what they hold here is data. */
function asValues(properties: object): Late<{ readonly [name: string]: Value }> {
  return properties as Late<{ readonly [name: string]: Value }>;
}
