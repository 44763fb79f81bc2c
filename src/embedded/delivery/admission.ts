import { placeOfArn } from '../lambda/function-name.ts';
import { functionKey, functions } from '../lambda/model.ts';
import { admits as functionAdmits } from '../lambda/resource-policy.ts';
import { topicAdmits } from '../sns/policy.ts';
import { queueAdmits } from '../sqs/deliver.ts';
import type { Transaction } from '../store/database.ts';
import type { Sender } from './pending.ts';

/** Is there such a topic, queue or function, and does its policy let the sender hand it a message? */
export function admits(target: string, sender: Sender, data: Transaction, now: number): boolean {
  const [, , service = ''] = target.split(':');
  if (service === 'sns') return topicAdmits(target, sender, data);
  if (service === 'lambda') {
    const place = placeOfArn(target);
    if (place === undefined || data.get(functions, functionKey(place)) === undefined) return false;
    return functionAdmits(place, { target, ...sender }, data);
  }
  return queueAdmits(target, sender, data, now);
}
