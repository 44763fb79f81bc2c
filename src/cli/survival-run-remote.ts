import { runSurvivalRemotely } from '../operations/survival/run-remote.ts';
import { usageError } from './errors.ts';
import type { Interruption } from './interruption.ts';
import { commandOptions, withSession } from './session.ts';
import { printResult, runOptions } from './survival-run.ts';
import type { SurvivalRunFlags } from './survival-run.ts';

/** By a deployed service. */
export function runRemotely(name: string, flags: SurvivalRunFlags, interruption: Interruption): Promise<number> {
  const token = flags.tokenEnv === undefined ? undefined : tokenIn(flags.tokenEnv);
  return withSession(sessionFlags(flags), async (session) => {
    const { project, output } = session;
    const { concurrency } = flags;
    const result = await runSurvivalRemotely(
      project,
      {
        ...runOptions(flags, output, interruption),
        name,
        ...(token !== undefined && { token }),
        ...(concurrency !== undefined && { concurrency }),
      },
      // Of the requests to the service, and not of what finds it.
      commandOptions(sessionFlags(flags), session),
    ).finally(() => output.progress.end());
    return printResult(result, output, interruption);
  });
}

/** Of the results table, and of requests: other verbs mean other things by these two. */
function sessionFlags({ out: _out, concurrency: _concurrency, ...flags }: SurvivalRunFlags) {
  return flags;
}

function tokenIn(variable: string): string {
  const token = process.env[variable]?.trim();
  if (token) return token;
  throw usageError(`--token-env ${variable}: the variable is not set`, 'put the token into it, and name it without $');
}
