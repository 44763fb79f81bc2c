import type { Kind } from '../../engine/types.ts';
import { check } from './check.ts';
import { compile } from './compile.ts';
import { effects } from './effects.ts';
import { faults } from './faults.ts';
import { guards } from './guards.ts';
import type { InstanceSchedule } from './places.ts';
import type { InstanceScheduleSpec } from './spec.gen.ts';

/** EC2 instances, started and stopped by the clock (docs/kinds/instance-schedule.md). */
export const instanceSchedule: Kind<InstanceScheduleSpec> = {
  kind: 'InstanceSchedule',
  makesRoles: true,
  faults,
  compile,
  check,
  effects,
  guards,
  summary,
};

function summary({ spec }: InstanceSchedule): string {
  const names = Object.keys(spec.schedules);
  const schedules = names.length === 0 ? '' : `; schedules ${names.join(', ')}`;
  return `instances with the tag ${spec.tagKey}, ${spec.every}, mode ${spec.mode}${schedules}`;
}
