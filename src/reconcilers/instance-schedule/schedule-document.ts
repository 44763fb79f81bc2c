import type { Account, Estate, Place } from '../../engine/types.ts';
import { roleArn, rolePath } from '../../resources/role-arns.ts';
import type { DeclaredSchedule } from '../../schedule/types.ts';
import { nameOf } from '../function/names.ts';
import { windowOf } from './cadence.ts';
import { accountsOf, homeOf, regionsOf } from './places.ts';
import type { InstanceSchedule } from './places.ts';
import type { InstanceScheduleSpec } from './spec.gen.ts';

/** What the function is told of its document. */
export interface ScheduleDocument {
  readonly owner: string;
  readonly name: string;
  /** Where the function lives. */
  readonly place: Place;
  /** Instances are looked for in each of these regions of each of these accounts. */
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** The accounts but its own, with the role that it assumes there. */
  readonly members: readonly Member[];
  readonly tagKey: string;
  /** `rate(…)` or `cron(…)`. */
  readonly every: string;
  /** Whole minutes. */
  readonly window: number;
  readonly schedules: Readonly<Record<string, DeclaredSchedule>>;
  readonly rules: Pick<InstanceScheduleSpec, 'mode' | 'hibernate' | 'maxActions' | 'honourDisable' | 'respectManual'>;
}

export type Member = Required<Pick<Account, 'id' | 'applyRole' | 'externalId'>>;

/** Logical ids of the role, and of its policy, that the function assumes in another account. */
export function memberIds(account: string): { readonly role: string; readonly policy: string } {
  return { role: `Member${account}Role`, policy: `Member${account}Policy` };
}

/** Who may assume a member's role must say this: nobody is made to use it for somebody else (threats T65). */
export function externalIdOf({ kind, name, formerly }: InstanceSchedule, estate: Estate): string {
  return `${estate.firstOwner}/${kind}/${formerly[0] ?? name}`;
}

export function membersOf(document: InstanceSchedule, estate: Estate): readonly Member[] {
  const home = homeOf(document, estate);
  return accountsOf(document, estate)
    .filter((id) => id !== home.account)
    .map((id) => ({
      id,
      applyRole: roleArn(
        { ...home, account: id },
        rolePath(estate.firstOwner),
        nameOf(document, estate, memberIds(id).role),
      ),
      externalId: externalIdOf(document, estate),
    }));
}

export function scheduleDocument(document: InstanceSchedule, estate: Estate): ScheduleDocument {
  const { name, spec } = document;
  const { mode, hibernate, maxActions, honourDisable, respectManual } = spec;
  return {
    owner: estate.owner,
    name,
    place: homeOf(document, estate),
    accounts: accountsOf(document, estate),
    regions: regionsOf(document, estate),
    members: membersOf(document, estate),
    tagKey: spec.tagKey,
    every: spec.every,
    window: windowOf(spec),
    schedules: spec.schedules,
    rules: { mode, hibernate, maxActions, honourDisable, respectManual },
  };
}
