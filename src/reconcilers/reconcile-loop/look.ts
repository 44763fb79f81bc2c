import { documentAddress } from '../../engine/address.ts';
import type { Estate, Finding } from '../../engine/types.ts';
import { alarmTopicFindings } from '../alarm-topic-findings.ts';
import type { Readers } from '../readers.ts';
import { homeOf } from './loop-document.ts';
import type { ReconcileLoop } from './loop-document.ts';

/** Whether anybody hears of the function's alarms. */
export async function look(document: ReconcileLoop, estate: Estate, readers: Readers): Promise<readonly Finding[]> {
  return alarmTopicFindings({ document: documentAddress(document), place: homeOf(estate) }, estate, readers.topic);
}
