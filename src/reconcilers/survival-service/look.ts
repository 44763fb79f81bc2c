import { documentAddress } from '../../engine/address.ts';
import type { Estate, Finding } from '../../engine/types.ts';
import { alarmTopicFindings } from '../alarm-topic-findings.ts';
import type { Readers } from '../readers.ts';
import { alarmEstate, homeOf } from './places.ts';
import type { SurvivalService } from './places.ts';

/** Whether anybody hears of the alarms. */
export function look(
  document: SurvivalService,
  estate: Estate,
  { topic }: Pick<Readers, 'topic'>,
): Promise<readonly Finding[]> {
  const alarm = {
    document: documentAddress(document),
    place: homeOf(document, estate),
    ...(document.spec.alarms.sns !== undefined && { field: 'spec.alarms.sns' }),
  };
  return alarmTopicFindings(alarm, alarmEstate(document, estate), topic);
}
