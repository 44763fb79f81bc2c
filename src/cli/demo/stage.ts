import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { packageRoot } from '../../package-root.ts';

/** A step that did not do what the tour says of it. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly output: string;

  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}

export interface Shown {
  /** What the first line to show begins with, blanks aside; what stands before is counted. Default: the first of all. */
  readonly from?: string;
  /** Lines of the output to show; the rest is counted. Default: all. */
  readonly lines?: number;
  /** Exit code that the step must end with; default 0. */
  readonly exit?: number;
  /** Text that must be in the output. */
  readonly expect?: readonly string[];
}

/** What a tour says goes through it, line by line. */
export interface Voice {
  heading(title: string): void;
  line(words: string): void;
}

/** A working directory with a copy of the example configuration, and a voice. */
export interface Stage {
  readonly directory: string;
  readonly voice: Voice;
  heading(title: string): void;
  say(sentence: string): void;
  /** Runs a real command and shows it with its output. */
  run(command: string, shown?: Shown): Promise<string>;
  check(isSo: boolean, claim: string): void;
}

const INDENT = '    ';

const isColored = process.stdout.isTTY && !process.env['NO_COLOR'];

/** Speaks at once, and numbers the headings. */
export function createVoice(): Voice {
  let step = 0;
  return {
    heading(title) {
      step += 1;
      const numbered = `${step}. ${title}`;
      process.stdout.write(`\n${isColored ? `\u001b[1m${numbered}\u001b[22m` : numbered}\n`);
    },
    line: (words) => process.stdout.write(`${words}\n`),
  };
}

export function createStage(directory: string, voice: Voice): Stage {
  const root = packageRoot();
  cpSync(join(root, 'config'), join(directory, 'config'), { recursive: true });
  const print = (line: string): void => voice.line(line);

  return {
    directory,
    voice,
    heading: (title) => voice.heading(title),
    say: (sentence) => print(`   ${sentence}`),
    check(isSo, claim) {
      if (!isSo) throw new StepFailed(`not so: ${claim}`, '');
    },
    async run(command, shown = {}) {
      print('');
      print(`${INDENT}$ trueup ${command}`);
      const args = [join(root, 'dist/cli.js'), ...command.split(' '), '--color', isColored ? 'always' : 'never'];
      const child = spawn(process.execPath, args, {
        cwd: directory,
        env: {
          ...process.env,
          TRUEUP_NOW: undefined,
          TRUEUP_FAULTS: undefined,
          TRUEUP_DELIVERY: undefined,
          AWS_ENDPOINT_URL: undefined,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      const exit = await exited;
      for (const line of kept(stdout.trimEnd().split('\n'), shown)) print(line === '' ? '' : `${INDENT}${line}`);
      print('');
      const wanted = shown.exit ?? 0;
      if (exit !== wanted) throw new StepFailed(`"trueup ${command}" ended with ${exit}, not ${wanted}`, stderr);
      const missing = shown.expect?.find((piece) => !stdout.includes(piece));
      if (missing !== undefined) throw new StepFailed(`"trueup ${command}" does not say "${missing}"`, stderr);
      return stdout;
    },
  };
}

function kept(all: readonly string[], { from, lines: most }: Shown): readonly string[] {
  const start =
    from === undefined
      ? 0
      : Math.max(
          0,
          all.findIndex((line) => line.trimStart().startsWith(from)),
        );
  const lines = all.slice(start);
  const limit = most ?? lines.length;
  const before = start === 0 ? [] : [`… ${start} lines before …`];
  if (lines.length <= limit + 1) return [...before, ...lines];
  // The count stands in the last line: cut in the middle.
  return [...before, ...lines.slice(0, limit - 1), `… ${lines.length - limit} more lines …`, ...lines.slice(-1)];
}
