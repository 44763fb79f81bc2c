import type {
  DescribeTimeToLiveInput,
  DescribeTimeToLiveOutput,
  UpdateTimeToLiveInput,
  UpdateTimeToLiveOutput,
} from '@aws-sdk/client-dynamodb';
import { rowKey } from '../row-key.ts';
import type { CallContext, Clockwork } from '../service.ts';
import { table } from '../store/database.ts';
import { constraint, validation } from './errors.ts';
import { isExpired } from './live-items.ts';
import { itemsOf, ownTable, tables } from './model.ts';

/** UpdateTimeToLive: "The change can take up to one hour to fully process. Any additional … calls … result in a ValidationException". */
const PAUSE_MS = 3600_000;
const MAX_NAME = 255;

/** It works at once; AWS takes up to an hour, and takes no other change meanwhile. */
export function updateTimeToLive(input: UpdateTimeToLiveInput, context: CallContext): UpdateTimeToLiveOutput {
  const found = ownTable(input.TableName, context);
  const { AttributeName: attribute = '', Enabled: isEnabled } = input.TimeToLiveSpecification ?? {};
  if (isEnabled === undefined) throw constraint('timeToLiveSpecification.enabled', undefined, 'not be null');
  if (attribute === '' || attribute.length > MAX_NAME) {
    throw constraint('timeToLiveSpecification.attributeName', attribute, `have length 1 to ${MAX_NAME}`);
  }
  const { timeToLive: before } = found;
  if ((before?.isEnabled ?? false) === isEnabled) {
    throw validation(`TimeToLive is already ${isEnabled ? 'enabled' : 'disabled'}`);
  }
  if (before !== undefined && context.now < before.changed + PAUSE_MS) {
    throw validation('Time to live has been modified multiple times within a fixed interval');
  }
  if (before !== undefined && !isEnabled && before.attribute !== attribute) {
    throw validation(`TimeToLive is active on a different AttributeName: current AttributeName is ${before.attribute}`);
  }
  const changed = { ...found, timeToLive: { attribute, isEnabled, changed: context.now } };
  context.data.put(tables, rowKey(found.name, context), changed);
  return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: isEnabled } };
}

export function describeTimeToLive(input: DescribeTimeToLiveInput, context: CallContext): DescribeTimeToLiveOutput {
  const { timeToLive } = ownTable(input.TableName, context);
  return {
    TimeToLiveDescription: timeToLive?.isEnabled
      ? { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive.attribute }
      : { TimeToLiveStatus: 'DISABLED' },
  };
}

const swept = table<number>('dynamodb/swept');
const ALL = 'expired';
const SWEEP_MS = 6 * 3600_000;

/** Nobody sees what has expired; now and then it makes room. */
export const clockwork: Clockwork = {
  due: () => undefined,
  strike: () => [],
  settle(now, data) {
    if (now < (data.get(swept, ALL) ?? 0) + SWEEP_MS) return;
    data.put(swept, ALL, now);
    for (const [, found] of data.entries(tables)) {
      if (found.timeToLive?.isEnabled !== true) continue;
      const items = itemsOf(found);
      for (const [row, item] of data.entries(items)) if (isExpired(found, item, now)) data.delete(items, row);
    }
  },
};
