import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Script {
  readonly text: string;
  /** `bash`, or undefined for what the runner takes then. */
  readonly shell: string | undefined;
  readonly directory: string;
  /** All of it: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** RUNNER_TEMP, where the script goes. */
  readonly temp: string;
  readonly cancel: AbortSignal | undefined;
}

export interface ScriptEnd {
  /** Null: ended by a signal. */
  readonly exit: number | null;
  /** Standard output and errors as they came. */
  readonly log: string;
}

/** A cancelled step gets SIGINT, then these, each so many milliseconds after the cancellation. */
const TERMINATE = 7500;
const KILL = 10_000;
let written = 0;

/** Runs a step's script as the runner does. A cancellation reaches only the process that was started. */
export async function runScript(script: Script): Promise<ScriptEnd> {
  const { text, shell, directory, environment, temp, cancel } = script;
  if (shell !== undefined && shell !== 'bash') throw new Error(`this runner has no ${shell}`);
  written += 1;
  const file = join(temp, `script-${written}.sh`);
  writeFileSync(file, text);
  const flags = shell === 'bash' ? ['--noprofile', '--norc', '-eo', 'pipefail'] : ['-e'];
  const child = spawn('bash', [...flags, file], {
    cwd: directory,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (log += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (log += chunk));
  const timers: NodeJS.Timeout[] = [];
  const stop = (): void => {
    child.kill('SIGINT');
    timers.push(
      setTimeout(() => child.kill('SIGTERM'), TERMINATE),
      setTimeout(() => child.kill('SIGKILL'), KILL),
    );
  };
  if (cancel?.aborted) stop();
  cancel?.addEventListener('abort', stop, { once: true });
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  cancel?.removeEventListener('abort', stop);
  for (const timer of timers) clearTimeout(timer);
  return { exit, log };
}
