import type { SettingsSpec } from '../engine/config/settings.gen.ts';
import type { Account, Document, Estate } from '../engine/types.ts';
import type { LeasePlace } from '../resources/lease/open.ts';
import { globalArn } from '../resources/arns.ts';

/** A configuration tree: all that policies are computed from. */
export interface IamTree {
  readonly settings: SettingsSpec;
  /** Documents of all kinds but Settings. */
  readonly documents: readonly Document[];
  readonly estate: Estate;
}

/** Names of the roles of the default account where Settings name none: those that the workflows name. */
const USUAL_ROLES = { planRole: 'trueup-plan', applyRole: 'trueup-apply' } as const;

/** An account, and the roles that trueup has in it. */
export interface EnteredAccount extends Account {
  readonly planRole?: string;
  readonly applyRole?: string;
  readonly isDefault: boolean;
}

/** Every account of Settings by its alias, sorted; the default one has roles even where Settings name none. */
export function accountsOf({ settings }: IamTree): readonly EnteredAccount[] {
  return Object.entries(settings.accounts)
    .map(([alias, account]): EnteredAccount => {
      const isDefault = alias === settings.defaultAccount;
      const place = { account: account.id, region: settings.defaultRegion };
      const role = (which: keyof typeof USUAL_ROLES): string | undefined =>
        account[which] ?? (isDefault ? globalArn('iam', place, `role/${USUAL_ROLES[which]}`) : undefined);
      const [planRole, applyRole] = [role('planRole'), role('applyRole')];
      return {
        alias,
        id: account.id,
        isDefault,
        ...(planRole !== undefined && { planRole }),
        ...(applyRole !== undefined && { applyRole }),
        ...(account.externalId !== undefined && { externalId: account.externalId }),
      };
    })
    .sort((a, b) => (a.alias < b.alias ? -1 : 1));
}

export function defaultAccountOf(tree: IamTree): EnteredAccount {
  const found = accountsOf(tree).find(({ isDefault }) => isDefault);
  if (!found) throw new Error('a valid configuration names its default account');
  return found;
}

/** Whose markers are looked for: today's owner, then those that the estate had. */
export function ownersOf({ estate, settings }: Pick<IamTree, 'estate' | 'settings'>): readonly string[] {
  return [estate.owner, ...settings.formerly];
}

/** Where Settings put the lease of an estate. */
export function leasePlaceOf(tree: IamTree): LeasePlace {
  const { estate, settings } = tree;
  const { bucket, table } = settings.lease;
  return {
    // An estate that changes its owner keeps its lease: applies by the old Settings and by the new exclude each other.
    owner: estate.firstOwner,
    place: { account: defaultAccountOf(tree).id, region: settings.defaultRegion },
    ...(bucket !== undefined && { bucket }),
    ...(table !== undefined && { table }),
    tags: estate.tags,
  };
}
