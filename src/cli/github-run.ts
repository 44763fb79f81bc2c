import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { realClock } from '../aws/clocks.ts';
import type { Clock } from '../engine/types.ts';
import { createGithub } from '../github/client.ts';
import type { Github } from '../github/client.ts';
import { readContext, runUrl } from '../github/context.ts';
import type { GithubContext } from '../github/context.ts';
import { GithubError } from '../github/errors.ts';
import { outputsText } from '../github/outputs.ts';
import type { StepOutputs } from '../github/outputs.ts';
import { failed } from '../github/posted.ts';
import type { Posted } from '../github/posted.ts';
import { PRIVATE, redactUnknown, redactionOf } from '../operations/github/public.ts';
import type { Redaction } from '../operations/github/public.ts';
import type { Project } from '../operations/project.ts';

/** One comment a pull request and one issue a repository: several estates would need several scopes. */
export const SCOPE = 'default';

/** GitHub, as a command may use it. */
export interface GithubRun {
  readonly github: Github;
  readonly clock: Clock;
  readonly context: GithubContext;
  readonly run: { readonly url: string } | undefined;
  /** How accounts, addresses and people are shown there: in a repository that anybody can read, by other names. */
  redaction(project: Project): Promise<Redaction>;
  /** The same of what is said without a valid configuration. */
  redacted<Data>(data: Data): Promise<Data>;
}

/** @throws GithubContextError where the environment does not say where we are. */
export function openGithubRun(environment: NodeJS.ProcessEnv = process.env, clock = realClock): GithubRun {
  const context = readContext(environment);
  const github = createGithub(context, clock);
  const url = runUrl(context);
  const id = String(context.repositoryId ?? context.event.repository?.id ?? context.repository);
  const isPrivate = async (): Promise<boolean> =>
    context.event.repository?.private ?? (await isPrivateRepository(github));
  return {
    github,
    clock,
    context,
    run: url === undefined ? undefined : { url },
    async redaction(project) {
      return (await isPrivate()) ? PRIVATE : redactionOf(project, id, () => clock.now());
    },
    async redacted(data) {
      return (await isPrivate()) ? data : redactUnknown(data, id);
    },
  };
}

/** Unless GitHub says that it is private, it is not. */
async function isPrivateRepository(github: Github): Promise<boolean> {
  try {
    return (await github.get<{ private?: boolean }>('')).private ?? false;
  } catch (error) {
    if (error instanceof GithubError) return false;
    throw error;
  }
}

/** What fails on GitHub changes no exit code: it is said, and stands in the JSON. */
export async function posting(note: (text: string) => void, post: () => Promise<Posted>): Promise<Posted> {
  try {
    return await post();
  } catch (error) {
    const result = failed(error);
    note(`GitHub: ${result.reason ?? 'it could not be written'}`);
    return result;
  }
}

/** Adds to the summary of the job, where there is one. A file that cannot be written costs nothing else. */
export function writeSummary(text: () => string, note: (text: string) => void): void {
  writeStepFile('GITHUB_STEP_SUMMARY', text, note);
}

/** Sets the outputs of the step: digest, changes, exit-code. */
export function writeOutputs(outputs: StepOutputs, note: (text: string) => void): void {
  writeStepFile('GITHUB_OUTPUT', () => outputsText(outputs, randomBytes(16).toString('hex')), note);
}

function writeStepFile(variable: string, text: () => string, note: (text: string) => void): void {
  const file = process.env[variable];
  if (!file) return;
  try {
    appendFileSync(file, text());
  } catch (error) {
    note(`${variable} cannot be written: ${(error as Error).message}`);
  }
}
