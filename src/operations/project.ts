import settingsSchema from '../../schemas/settings.schema.json' with { type: 'json' };
import commonSchema from '../../schemas/common.schema.json' with { type: 'json' };
import { documentAddress } from '../engine/address.ts';
import { estateOf } from '../engine/config/estate.ts';
import { loadConfig as load } from '../engine/config/load.ts';
import type { Judgement, LoadConfigOptions, LoadedConfig } from '../engine/config/load.ts';
import type { SettingsSpec } from '../engine/config/settings.gen.ts';
import { join } from 'node:path';
import { readTree, shownPath } from '../engine/config/tree.ts';
import type { ConfigTree } from '../engine/config/tree.ts';
import type { Account, Document, DocumentFault, Estate, ValidateResult } from '../engine/types.ts';
import { readCheckout, shortId } from './base.ts';
import type { Checkout } from './base.ts';
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
  /** What the configuration was before; undefined: nothing, or nothing that could be read (`baseFault`). */
  readonly base?: Base;
  /** Why there is no base though git has one, or only its Settings. A sentence. */
  readonly baseFault?: string;
}

/** A configuration tree at an earlier commit: guards hold by the stricter of its Settings and today's. */
export interface Base {
  /** Full id. */
  readonly commit: string;
  readonly settings: SettingsSpec;
  /** Documents of all kinds but Settings; none where its Settings alone are valid. */
  readonly documents: readonly Document[];
  readonly estate: Estate;
  /** Somebody named it: it is not just the commit before. */
  readonly explicit: boolean;
  /** Files of today, as documents name them, that were not there or had other contents. */
  readonly touched: ReadonlySet<string>;
}

export interface LoadedProject {
  readonly result: ValidateResult;
  /** Undefined when anything is wrong. */
  readonly project: Project | undefined;
  /** Of a tree that is wrong elsewhere: its Settings, where they are valid by themselves. */
  readonly settings?: SettingsSpec;
}

export interface LoadOptions {
  /** Default: the working directory. File names in messages are relative to it. */
  readonly cwd?: string;
  /** Milliseconds since the epoch; default: now. */
  readonly now?: number;
  /** A commit by any of git's names; default: HEAD where the directory holds something else, or else its first parent. */
  readonly base?: string;
  /** What makes the tree refused for one verb, beside what always does: faults of a document, Settings too. */
  readonly faults?: (document: Document) => readonly DocumentFault[];
  /** What was read elsewhere than from disk and git, both what is wanted and what was before. */
  readonly remote?: { readonly tree: ConfigTree; readonly checkout: Checkout };
}

/** The schemas by kind: one map, so that what was compiled of it is kept. */
export const SCHEMAS: ReadonlyMap<string, object> = new Map<string, object>([
  ['Settings', settingsSchema],
  ...KINDS.map(({ kind, schema }) => [kind.kind, schema] as const),
]);

/** Definitions that those share. */
export const COMMON_SCHEMAS: readonly object[] = [commonSchema];

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

/**
 * Reads, checks and understands a configuration tree, and what it was before; touches nothing else. A base that was
 * named and is not valid is what the result is about.
 * @throws RevisionError for a base that is no commit.
 */
export async function loadConfig(directory: string, options: LoadOptions = {}): Promise<LoadedProject> {
  const shared = sharedOptions(options.cwd);
  const tree = options.remote?.tree ?? (await readTree(directory));
  const loaded = await load(directory, { ...shared, ...judgeWith(options), now: options.now ?? Date.now(), tree });
  const { result, settings, documents } = loaded;
  if (!result.ok || !settings) {
    const { settingsAlone: alone } = loaded;
    return { result, project: undefined, ...(alone && { settings: alone.spec }) };
  }
  const { estate, accounts } = estateOf(settings, documents, installedHandlers().code);
  const defaultAccount = [...accounts.values()].find(({ alias }) => alias === settings.spec.defaultAccount);
  if (!defaultAccount) throw new Error('a valid configuration names its default account');
  const checkout = options.remote?.checkout ?? (await readCheckout(directory, tree, options.base));
  const before = await loadBase(directory, checkout, loaded, shared);
  if (before && !before.result.ok && options.base !== undefined) return { result: before.result, project: undefined };
  const isNamed = options.base !== undefined || options.remote !== undefined;
  const touched = new Set(touchedFiles(tree, checkout).map((name) => shownPath(shared.cwd, join(directory, name))));
  return {
    result,
    project: {
      directory,
      settings: settings.spec,
      documents,
      estate,
      accounts,
      defaultAccount,
      config: { commit: checkout.commit, dirty: checkout.dirty, digest: loaded.digest },
      ...baseOf(checkout, before, { explicit: isNamed, touched }),
    },
  };
}

/** A tree of some commit, as documents in their estate; undefined: it is not valid. Pauses are not held against the clock. */
export async function loadTree(
  directory: string,
  cwd: string,
  tree: ConfigTree,
): Promise<Pick<Project, 'documents' | 'estate' | 'settings'> | undefined> {
  const { settings, documents } = await load(directory, { ...sharedOptions(cwd), tree });
  if (!settings) return undefined;
  const { estate } = estateOf(settings, documents, installedHandlers().code);
  return { documents, estate, settings: settings.spec };
}

/** The kinds' judgement, and the verb's. */
function judgeWith({ faults }: LoadOptions): Pick<LoadConfigOptions, 'judge'> {
  if (faults === undefined) return {};
  return {
    judge: (documents, settings) => [
      ...judge(documents, settings),
      ...[settings, ...documents].flatMap((about) => faults(about).map((fault) => ({ about, ...fault }))),
    ],
  };
}

function sharedOptions(cwd = process.cwd()): LoadConfigOptions {
  return { cwd, schemas: SCHEMAS, common: COMMON_SCHEMAS, judge };
}

/** What is wrong with a tree, such as one that is not on disk yet. @param now milliseconds since the epoch */
export async function checkTree(
  directory: string,
  tree: ConfigTree,
  { cwd, now }: { readonly cwd: string; readonly now: number },
): Promise<ValidateResult> {
  return (await load(directory, { ...sharedOptions(cwd), now, tree })).result;
}

/** Pauses of what was are not held against the clock: one that has ended since was valid then. */
async function loadBase(
  directory: string,
  { base }: Checkout,
  today: LoadedConfig,
  shared: LoadConfigOptions,
): Promise<LoadedConfig | undefined> {
  if (base?.isSame) return today;
  return base && load(directory, { ...shared, tree: base.tree });
}

function touchedFiles({ files }: ConfigTree, { base }: Checkout): readonly string[] {
  if (base?.isSame) return [];
  const before = new Map(base?.tree.files.map(({ name, bytes }) => [name, bytes]));
  return files.filter(({ name, bytes }) => !isSame(before.get(name), bytes)).map(({ name }) => name);
}

function isSame(before: Uint8Array | undefined, bytes: Uint8Array): boolean {
  return before !== undefined && Buffer.compare(before, bytes) === 0;
}

function baseOf(
  { base, fault }: Checkout,
  before: LoadedConfig | undefined,
  rest: Pick<Base, 'explicit' | 'touched'>,
): Pick<Project, 'base' | 'baseFault'> {
  if (!base || !before) return fault === undefined ? {} : { baseFault: fault };
  // Of a tree that is not valid as a whole no document is compiled; its Settings say how strict guards were all the same.
  const { settings = before.settingsAlone, documents, result } = before;
  const broken = result.ok ? {} : { baseFault: faultText(base.commit, result) };
  if (!settings) return broken;
  const { estate } = estateOf(settings, documents, installedHandlers().code);
  return { base: { commit: base.commit, settings: settings.spec, documents, estate, ...rest }, ...broken };
}

function faultText(commit: string, { errors: [first] }: ValidateResult): string {
  const place = first?.file ? `${first.file}:${first.line}: ` : '';
  const what = first ? ` (${first.code} ${place}${first.message})` : '';
  return `The configuration at ${shortId(commit)} is not valid for this version of trueup${what}.`;
}
