import { documentAddress } from '../address.ts';
import type { Account, Document, Estate, HandlerCode } from '../types.ts';
import { ConfigError } from './config-error.ts';
import type { SettingsAccount, SettingsSpec } from './settings.gen.ts';
import { didYouMean } from './suggest.ts';

function accountOf(alias: string, { id, planRole, applyRole, externalId }: SettingsAccount): Account {
  return {
    alias,
    id,
    ...(planRole !== undefined && { planRole }),
    ...(applyRole !== undefined && { applyRole }),
    ...(externalId !== undefined && { externalId }),
  };
}

/** The estate as kinds see it, and its accounts by their twelve digits. */
export function estateOf(
  { spec }: Document<SettingsSpec>,
  documents: readonly Document[],
  handler: (name: string) => HandlerCode,
): { readonly estate: Estate; readonly accounts: ReadonlyMap<string, Account> } {
  const byAlias = new Map(Object.entries(spec.accounts).map(([alias, account]) => [alias, accountOf(alias, account)]));
  const accounts = new Map([...byAlias.values()].map((account) => [account.id, account]));
  const byAddress = new Map(documents.map((document) => [documentAddress(document), document]));
  const { bucket, table } = spec.lease;
  const estate: Estate = {
    owner: spec.owner,
    firstOwner: spec.formerly[0] ?? spec.owner,
    ...(spec.permissionsBoundary !== undefined && { permissionsBoundary: spec.permissionsBoundary }),
    ...(spec.notify?.sns !== undefined && { alarmTopic: spec.notify.sns }),
    tags: spec.tags,
    accounts: [...byAlias.values()].sort((a, b) => (a.alias < b.alias ? -1 : 1)),
    lease: { ...(bucket !== undefined && { bucket }), ...(table !== undefined && { table }) },
    place(account = spec.defaultAccount, region = spec.defaultRegion) {
      const found = byAlias.get(account) ?? accounts.get(account);
      if (found) return { account: found.id, region };
      throw new ConfigError(
        'TU1020',
        `the account ${account} is not declared in Settings`,
        didYouMean(account, byAlias.keys()),
      );
    },
    document: (address) => byAddress.get(address),
    documents: (kind) =>
      [...byAddress]
        .filter(([, document]) => document.kind === kind)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, document]) => document),
    handler,
  };
  return { estate, accounts };
}
