import type { Estate } from '../../engine/types.ts';
import { alarmTopicAsks } from '../alarm-topic-findings.ts';
import type { Ask } from '../readers.ts';
import { homeOf } from './loop-document.ts';

/** What `look` asks of IAM. */
export function asks(estate: Estate): readonly Ask[] {
  return alarmTopicAsks(homeOf(estate), estate);
}
