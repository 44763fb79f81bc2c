import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Diagnostic, Document, ValidateResult } from '../types.ts';
import { problemIn, type Candidate, type Located } from './candidate.ts';
import type { ConfigCode } from './codes.ts';
import { accountProblems, formerNameProblems, identityProblems, SETTINGS } from './check-estate.ts';
import { pauseProblems } from './check-pause.ts';
import { settingsProblems } from './check-settings.ts';
import { diagnose, merged, type Listing } from './diagnostics.ts';
import { examineFile, type ExaminedFile } from './examine-file.ts';
import type { Problem } from './problem.ts';
import { schemaSetOf } from './schema-set.ts';
import { createSchemaWalk, type SchemaWalk } from './schema-walk.ts';
import type { SettingsSpec } from './settings.gen.ts';
import type { SourceText } from './source-text.ts';
import { toDocument } from './to-document.ts';
import { readTree, shownPath, type ConfigFile, type ConfigTree, type Refusal } from './tree.ts';

export interface LoadConfigOptions {
  /** Names of files in messages are relative to it. */
  readonly cwd: string;
  /** Milliseconds since the epoch: pauses are held against it; undefined: they are not. */
  readonly now?: number;
  /** What is in the directory, where it was read already or comes from elsewhere. */
  readonly tree?: ConfigTree;
  /** Whole-document schemas by kind, `Settings` among them. */
  readonly schemas: ReadonlyMap<string, object>;
  /** Schemas whose `$defs` those refer to. */
  readonly common: readonly object[];
  /** What kinds find wrong with a tree in which every document is valid by itself. */
  readonly judge?: (documents: readonly Document[], settings: Document<SettingsSpec>) => readonly Judgement[];
}

/** Something wrong with one document of a tree, found by the rules of its kind. */
export interface Judgement {
  /** A document of the tree; Settings too. */
  readonly about: Document;
  readonly code: ConfigCode;
  /** JSON pointer into it. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
  /** Only said: the tree stays valid. */
  readonly warning?: true;
}

export interface LoadedConfig {
  readonly result: ValidateResult;
  /** All but Settings, by file and place; none when anything is wrong: a part of a tree is never used. */
  readonly documents: readonly Document[];
  /** Undefined when anything is wrong. */
  readonly settings?: Document<SettingsSpec>;
  /** Settings of a tree that is wrong elsewhere, where they are the only ones and valid by themselves. */
  readonly settingsAlone?: Document<SettingsSpec>;
  /** The files that were read, relative to the working directory. */
  readonly files: readonly string[];
  /** SHA-256 over the names and bytes of the files, 64 hex digits. */
  readonly digest: string;
}

function isSettings(document: Document): document is Document<SettingsSpec> {
  return document.kind === SETTINGS;
}

function digestOf(files: readonly ConfigFile[]): string {
  const hash = createHash('sha256');
  for (const { name, bytes } of files) hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex');
}

/** The name of a file, or of the directory, as messages show it. */
type Show = (name?: string) => string;

function treeDiagnostic(show: Show, { code, name, message, hint }: Refusal): Diagnostic {
  const file = name === undefined ? null : show(name);
  return { code, message, file, line: 0, column: 0, path: '', ...(hint !== undefined && { hint }) };
}

function noSettings(show: Show): Diagnostic {
  return {
    code: 'TU1018',
    message: `there is no Settings document below ${show()}`,
    file: null,
    line: 0,
    column: 0,
    path: '',
    hint: 'add a document of the kind Settings, or name another directory with --config',
  };
}

function crossProblems(
  candidates: readonly Candidate[],
  settings: Candidate | undefined,
  walk: SchemaWalk,
  now: number | undefined,
): Located[] {
  return [
    ...identityProblems(candidates),
    ...formerNameProblems(candidates),
    ...(now === undefined ? [] : candidates.flatMap((candidate) => pauseProblems(candidate, now))),
    ...(settings ? accountProblems(candidates, settings, walk) : []),
    ...(settings?.isValid ? settingsProblems(settings) : []),
  ];
}

/** Judged only once nothing else is wrong: kinds understand valid documents. */
function judged(
  candidates: readonly Candidate[],
  walk: SchemaWalk,
  judge: LoadConfigOptions['judge'],
): readonly Located[] {
  const byDocument = new Map(candidates.map((candidate) => [toDocument(candidate, walk), candidate]));
  const documents = [...byDocument.keys()];
  const settings = documents.find(isSettings);
  if (!judge || !settings) return [];
  return judge(
    documents.filter((document) => document !== settings),
    settings,
  ).flatMap(({ about, ...fault }) => {
    const candidate = byDocument.get(about);
    return candidate ? [problemIn(candidate, fault)] : [];
  });
}

function hasErrors(splits: readonly Split[]): boolean {
  return splits.some(({ errors }) => errors.diagnostics.length > 0);
}

interface Split {
  readonly errors: Listing;
  readonly warnings: Listing;
}

function diagnoseFile({ source, problems, omitted, secrets }: ExaminedFile, cross: readonly Problem[]): Split {
  const all = [...problems, ...cross];
  const errors = diagnose(
    source,
    all.filter(({ warning }) => !warning),
    secrets,
  );
  const warnings = diagnose(
    source,
    all.filter(({ warning }) => warning),
    secrets,
  );
  return { errors: { ...errors, omitted: errors.omitted + omitted }, warnings };
}

function bySource(located: readonly Located[]): ReadonlyMap<SourceText, readonly Problem[]> {
  const problems = new Map<SourceText, Problem[]>();
  for (const { source, problem } of located) {
    const own = problems.get(source);
    if (own) own.push(problem);
    else problems.set(source, [problem]);
  }
  return problems;
}

/** What of a tree that is not valid as a whole still says how strict its guards are. */
function settingsAlone(candidates: readonly Candidate[], walk: SchemaWalk): Document<SettingsSpec> | undefined {
  const [settings, ...others] = candidates.filter(({ kind }) => kind === SETTINGS);
  if (!settings?.isValid || others.length > 0 || settingsProblems(settings).length > 0) return undefined;
  const document = toDocument(settings, walk);
  return isSettings(document) ? document : undefined;
}

/**
 * Reads a tree of configuration, holds it against the schemas and against itself, and fills in defaults. Knows no kind:
 * schemas are handed in. Reads the files below `directory` and nothing else. Never throws for what is in them.
 */
export async function loadConfig(directory: string, options: LoadConfigOptions): Promise<LoadedConfig> {
  const { now } = options;
  const set = schemaSetOf(options.schemas, options.common);
  const walk = createSchemaWalk(set);
  const tree = options.tree ?? (await readTree(directory));
  const examined = tree.files.map(({ name, bytes }) => examineFile(show(name), bytes, set));
  const candidates = examined.flatMap((file) => file.candidates);
  const settings = candidates.find(({ kind }) => kind === SETTINGS);
  const cross = crossProblems(candidates, settings, walk, now);
  let splits = diagnosed(cross);
  const isWhole = tree.refusals.length === 0 && examined.every((file) => file.isWhole);
  if (isWhole && !hasErrors(splits)) splits = diagnosed([...cross, ...judged(candidates, walk, options.judge)]);
  const ofTree = tree.refusals.map((refusal) => treeDiagnostic(show, refusal));
  if (!settings && isWhole) ofTree.push(noSettings(show));
  const errors = merged([{ diagnostics: ofTree, omitted: 0 }, ...splits.map((split) => split.errors)], 'errors');
  const warnings = merged(
    splits.map((split) => split.warnings),
    'warnings',
  );
  const ok = errors.length === 0;
  const documents = ok ? candidates.map((candidate) => toDocument(candidate, walk)) : [];
  const estate = documents.find(isSettings);
  const alone = ok ? undefined : settingsAlone(candidates, walk);
  return {
    result: {
      format: 'trueup/validate@1',
      ok,
      documents: candidates.length,
      files: tree.files.length,
      errors,
      warnings,
    },
    documents: documents.filter((document) => !isSettings(document)),
    ...(estate && { settings: estate }),
    ...(alone && { settingsAlone: alone }),
    files: examined.map(({ source }) => source.file),
    digest: digestOf(tree.files),
  };

  function show(name = ''): string {
    const path = shownPath(options.cwd, join(directory, name));
    return tree.revision === undefined ? path : `${tree.revision}:${path}`;
  }

  function diagnosed(located: readonly Located[]): Split[] {
    const found = bySource(located);
    return examined.map((file) => diagnoseFile(file, found.get(file.source) ?? []));
  }
}
