import settingsSchema from '../../schemas/settings.schema.json' with { type: 'json' };
import commonSchema from '../../schemas/common.schema.json' with { type: 'json' };
import { documentAddress } from '../engine/address.ts';
import { estateOf } from '../engine/config/estate.ts';
import { loadConfig as load } from '../engine/config/load.ts';
import type { Judgement } from '../engine/config/load.ts';
import type { SettingsSpec } from '../engine/config/settings.gen.ts';
import type { Account, Document, Estate, ValidateResult } from '../engine/types.ts';
import { readCheckout } from '../git/repository.ts';
import { KINDS } from '../reconcilers/registry.ts';
import { installedHandlers } from './handlers.ts';

/** A configuration tree that is valid: what every verb but `validate` starts from. */
export interface Project {
  readonly directory: string;
  readonly settings: SettingsSpec;
  /** Documents of all kinds but Settings. */
  readonly documents: readonly Document[];
  readonly estate: Estate;
  /** By twelve digits. */
  readonly accounts: ReadonlyMap<string, Account>;
  readonly defaultAccount: Account;
  readonly config: { readonly commit: string | null; readonly dirty: boolean; readonly digest: string };
}

export interface LoadedProject {
  readonly result: ValidateResult;
  /** Undefined when anything is wrong. */
  readonly project: Project | undefined;
}

export interface LoadOptions {
  /** Default: the working directory. File names in messages are relative to it. */
  readonly cwd?: string;
  /** Milliseconds since the epoch; default: now. */
  readonly now?: number;
}

/** The schemas by kind, and the definitions that they share. */
export function schemas(): ReadonlyMap<string, object> {
  return new Map<string, object>([
    ['Settings', settingsSchema],
    ...KINDS.map(({ kind, schema }) => [kind.kind, schema] as const),
  ]);
}

/** What kinds find wrong with documents that are valid by themselves. */
function judge(documents: readonly Document[], settings: Document<SettingsSpec>): readonly Judgement[] {
  const { estate } = estateOf(settings, documents, installedHandlers().code);
  const kinds = new Map(KINDS.map(({ kind }) => [kind.kind, kind]));
  const faults = documents.flatMap((document) =>
    (kinds.get(document.kind)?.faults?.(document, estate) ?? []).map((fault): Judgement => ({
      about: document,
      ...fault,
    })),
  );
  const maker = documents.find(({ kind }) => kinds.get(kind)?.makesRoles);
  if (!maker || estate.permissionsBoundary !== undefined) return faults;
  const message = `spec.permissionsBoundary is missing, and ${documentAddress(maker)} makes a role`;
  const hint = 'permissionsBoundary: trueup-boundary';
  return [...faults, { about: settings, code: 'TU1027', path: '/spec', message, hint }];
}

/** Reads, checks and understands a configuration tree; touches nothing else. */
export async function loadConfig(directory: string, options: LoadOptions = {}): Promise<LoadedProject> {
  const loaded = await load(directory, {
    cwd: options.cwd ?? process.cwd(),
    now: options.now ?? Date.now(),
    schemas: schemas(),
    common: [commonSchema],
    judge,
  });
  const { result, settings } = loaded;
  if (!result.ok || !settings) return { result, project: undefined };
  const { estate, accounts } = estateOf(settings, loaded.documents, installedHandlers().code);
  const defaultAccount = [...accounts.values()].find(({ alias }) => alias === settings.spec.defaultAccount);
  if (!defaultAccount) throw new Error('a valid configuration names its default account');
  const checkout = await readCheckout(directory);
  return {
    result,
    project: {
      directory,
      settings: settings.spec,
      documents: loaded.documents.filter(({ kind }) => kind !== 'Settings'),
      estate,
      accounts,
      defaultAccount,
      config: { ...checkout, digest: loaded.digest },
    },
  };
}
