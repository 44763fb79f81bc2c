import type { Estate } from '../../engine/types.ts';
import { invokePermissions } from '../../resources/invoke.ts';
import { alarmTopicAsks } from '../alarm-topic-findings.ts';
import { nameOf } from '../function/names.ts';
import { asksIn } from '../readers.ts';
import type { Ask } from '../readers.ts';
import { SERVICE, alarmEstate, homeOf } from './places.ts';
import type { SurvivalService } from './places.ts';

/** What `look` and `verify` ask of IAM. */
export function asks(document: SurvivalService, estate: Estate): readonly Ask[] {
  const place = homeOf(document, estate);
  return [
    ...asksIn(place, invokePermissions(place, nameOf(document, estate, SERVICE))),
    ...alarmTopicAsks(place, alarmEstate(document, estate)),
  ];
}
