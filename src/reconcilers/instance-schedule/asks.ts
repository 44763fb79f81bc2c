import type { Estate } from '../../engine/types.ts';
import { alarmTopicAsks } from '../alarm-topic-findings.ts';
import type { Ask } from '../readers.ts';
import { homeOf } from './places.ts';
import type { InstanceSchedule } from './places.ts';

/** What `look` asks of IAM. Instances are listed for the tags already, in the same places. */
export function asks(document: InstanceSchedule, estate: Estate): readonly Ask[] {
  return alarmTopicAsks(homeOf(document, estate), estate);
}
