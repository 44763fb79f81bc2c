import { validateAnnotations } from '../github/annotations.ts';
import { EmbeddedError } from '../embedded/index.ts';
import type { EmbeddedAccount } from '../embedded/index.ts';
import type { Endpoint } from '../operations/endpoint.ts';
import { loadConfig } from '../operations/project.ts';
import type { LoadedProject, LoadOptions, Project } from '../operations/project.ts';
import type { ValidateResult } from '../engine/types.ts';
import type { Reporter } from '../operations/reporter.ts';
import { renderValidate } from '../report/render.ts';
import { openEndpoint, parseEndpoint, readClock, refuseTrackedAccount } from './endpoint.ts';
import { serveExampleZones } from './example-primary.ts';
import { EXIT } from './exit-codes.ts';
import { makeUpBuckets } from './made-up-buckets.ts';
import { makeUpLoops } from './made-up-loop.ts';
import { makeUpNetworks } from './made-up-network.ts';
import { createOutput } from './output.ts';
import type { Output, OutputFlags } from './output.ts';
import { createReporter } from './reporter.ts';

/** Flags that every verb with a configuration takes. */
export interface SharedFlags extends OutputFlags {
  readonly config: string;
  readonly endpoint?: string;
  readonly only?: readonly string[];
  readonly exclude?: readonly string[];
  readonly out?: string;
  readonly concurrency?: number;
  /** `plan` and `apply` only. */
  readonly base?: string;
}

/** A valid configuration at an open endpoint. */
export interface Session {
  readonly project: Project;
  readonly endpoint: Endpoint;
  readonly output: Output;
  readonly reporter: Reporter;
}

/**
 * Loads the configuration, opens the endpoint, runs the verb and closes what was opened. An invalid configuration is
 * printed and ends with 65 before anything is opened.
 */
export async function withSession(
  flags: SharedFlags,
  verb: (session: Session) => Promise<number>,
  source: Source = {},
): Promise<number> {
  const output = createOutput(flags);
  const flag = parseEndpoint(flags.endpoint);
  const project = await loadProject(flags, output, {
    ...source,
    ...(flag.kind === 'embedded' && { now: readClock() }),
  });
  if (!project) return EXIT.invalid;
  await refuseTrackedAccount(flag);
  const endpoint = openEndpoint(flag, project.defaultAccount.id);
  const account = endpoint.kind === 'embedded' ? endpoint.account : undefined;
  const stopServing = account && (await serveExampleZones(project, account, (text) => output.note(text)));
  try {
    if (account) {
      makeUpNetworks(project, account, (text) => output.note(text));
      makeUpLoops(project, account, (text) => output.note(text));
      makeUpBuckets(project, account, (text) => output.note(text));
    }
    return await verb({ project, endpoint, output, reporter: createReporter(output.progress) });
  } finally {
    output.progress.end();
    // At AWS, too, what a function has handed over runs on when the command has ended.
    await account?.settled();
    await stopServing?.();
    closeAccount(account, output);
  }
}

/** Where the configuration comes from, if not from disk, and who else hears that it is not valid. */
export interface Source {
  readonly load?: Pick<LoadOptions, 'base' | 'faults' | 'remote'>;
  readonly invalid?: (result: ValidateResult, settings: LoadedProject['settings']) => Promise<void>;
}

/** The configuration; one that is invalid is printed, and undefined. */
export async function loadProject(
  flags: Pick<SharedFlags, 'config' | 'base'>,
  output: Output,
  { load, invalid, now }: Source & { readonly now?: number | undefined } = {},
): Promise<Project | undefined> {
  const { result, project, settings } = await loadConfig(flags.config, {
    ...(now !== undefined && { now }),
    ...(flags.base !== undefined && { base: flags.base }),
    ...load,
  });
  if (project) return project;
  output.result(result, (options) => renderValidate(result, options), EXIT.invalid);
  output.annotate(validateAnnotations(result));
  await invalid?.(result, settings);
  return undefined;
}

/** What the verb did is kept already, and its result is printed: only the trail of the last reads can be lost here. */
function closeAccount(account: EmbeddedAccount | undefined, output: Output): void {
  try {
    account?.close();
  } catch (error) {
    if (!(error instanceof EmbeddedError)) throw error;
    output.note(`The trail of the last reads is lost: ${error.message}`);
  }
}

/** The flags that operations understand. */
export function commandOptions(flags: SharedFlags, { endpoint, reporter }: Session) {
  const run = process.env['GITHUB_RUN_ID'];
  return {
    endpoint,
    reporter,
    ...(flags.only && { only: flags.only }),
    ...(flags.exclude && { exclude: flags.exclude }),
    ...(flags.concurrency !== undefined && { concurrency: flags.concurrency }),
    ...(run !== undefined && { run }),
  };
}
