import { documentAddress } from '../../engine/address.ts';
import type { Address, Place } from '../../engine/types.ts';
import type { ScheduleDocument } from '../../reconcilers/instance-schedule/schedule-document.ts';
import type { JudgeOptions } from '../../resources/scheduled-instances/judge.ts';
import { readFunctionDocument } from '../function-document.ts';

/** What the function is, read from its environment once. */
export interface Configuration extends ScheduleDocument {
  readonly address: Address;
  readonly places: readonly Place[];
}

export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const document = readFunctionDocument(environment) as ScheduleDocument;
  const { name, accounts, regions } = document;
  return {
    ...document,
    address: documentAddress({ kind: 'InstanceSchedule', name }),
    places: accounts.flatMap((account) => regions.map((region) => ({ account, region }))),
  };
}

/** How tags are read and decided. */
export function judgeOptionsOf({ tagKey, schedules, window, rules }: Configuration): JudgeOptions {
  return {
    tagKey,
    schedules,
    window,
    mode: rules.mode,
    honourDisable: rules.honourDisable,
    respectManual: rules.respectManual,
  };
}
