import type {
  DisableAlarmActionsInput,
  EnableAlarmActionsInput,
  SetAlarmStateInput,
  StateValue,
} from '@aws-sdk/client-cloudwatch';
import { serviceError } from '../errors.ts';
import { rowKey } from '../row-key.ts';
import type { CallContext } from '../service.ts';
import { alarms } from './alarm-model.ts';
import { checkNames } from './alarms.ts';
import { validationError } from './errors.ts';
import { noteTransition } from './history.ts';

const STATES: readonly string[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'] satisfies StateValue[];
/** API model: StateReason. */
const MAX_REASON = 1023;

/** Until the alarm is judged again. */
export function setAlarmState(input: SetAlarmStateInput, context: CallContext): object {
  const { data, now } = context;
  const alarm = data.get(alarms, rowKey(input.AlarmName ?? '', context));
  if (alarm === undefined) {
    throw serviceError('ResourceNotFound', `Alarm ${input.AlarmName} does not exist.`, { status: 404 });
  }
  const { StateValue: value, StateReason: reason = '', StateReasonData: reasonData } = input;
  if (value === undefined || !STATES.includes(value)) {
    throw validationError(`The parameter StateValue must be one of ${STATES.join(', ')}.`);
  }
  if (reason.length > MAX_REASON) throw validationError(`StateReason must have at most ${MAX_REASON} characters.`);
  if (reasonData !== undefined) checkJson(reasonData);
  const before = alarm.state;
  const transitioned = before.value === value ? before.transitioned : now;
  const state = { value, reason, updated: now, transitioned, ...(reasonData !== undefined && { reasonData }) };
  data.put(alarms, rowKey(alarm.name, context), { ...alarm, state });
  if (before.value !== value) noteTransition({ ...alarm, state }, before, data);
  return {};
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw serviceError('InvalidFormatFault', 'StateReasonData was not syntactically valid JSON.');
  }
}

export function enableAlarmActions(input: EnableAlarmActionsInput, context: CallContext): object {
  return switchActions(input.AlarmNames ?? [], true, context);
}

export function disableAlarmActions(input: DisableAlarmActionsInput, context: CallContext): object {
  return switchActions(input.AlarmNames ?? [], false, context);
}

/** Names of alarms that do not exist are passed over. */
function switchActions(names: readonly string[], enabled: boolean, context: CallContext): object {
  checkNames(names);
  for (const name of names) {
    const key = rowKey(name, context);
    const alarm = context.data.get(alarms, key);
    if (alarm === undefined) continue;
    context.data.put(alarms, key, { ...alarm, definition: { ...alarm.definition, ActionsEnabled: enabled } });
  }
  return {};
}
