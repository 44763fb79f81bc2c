import { escapeText } from './escape.ts';
import { count, duration } from './format.ts';
import { headOf } from './width.ts';

/** Where progress is written: the process's stderr, or a fake. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface ProgressOptions {
  readonly stream: ProgressStream;
  readonly quiet: boolean;
  /** Milliseconds. */
  readonly now: () => number;
}

/** What runs, while it runs. It has no colours, so NO_COLOR changes nothing. */
export interface Progress {
  /** A document is at this step: its line is rewritten on a terminal, nothing is said elsewhere. */
  step(document: string, text: string): void;
  /** A step is finished: its line goes from a terminal; elsewhere one plain line says so. */
  done(document: string, text: string): void;
  /** It may take long, and on what: said at once everywhere. Its line stays until the end or until it is done. */
  wait(document: string, text: string): void;
  /** Takes the lines away, so that the result stands alone. */
  end(): void;
}

interface Running {
  readonly since: number;
  readonly text: string;
}

/** Documents with a line of their own. */
const LINES = 8;
/** A transfer reports thousands of steps a second; eyes follow a dozen. */
const REDRAW_MS = 80;
const FALLBACK_COLUMNS = 80;

/** ECMA-48 §8.3.22 CUU, §8.3.39 ED: up n lines, erase from there to the end. */
function eraseLines(lines: number): string {
  return lines === 0 ? '' : `\u001b[${lines}A\r\u001b[J`;
}

export function createProgress(options: ProgressOptions): Progress {
  if (options.quiet) return { step() {}, done() {}, wait() {}, end() {} };
  return options.stream.isTTY ? rewrittenProgress(options) : plainProgress(options);
}

function plainProgress({ stream, now }: ProgressOptions): Progress {
  const started = new Map<string, number>();
  return {
    step(document) {
      if (!started.has(document)) started.set(document, now());
    },
    done(document, text) {
      const since = started.get(document);
      started.delete(document);
      stream.write(`${lineOf(document, text, since === undefined ? undefined : now() - since)}\n`);
    },
    wait(document, text) {
      stream.write(`${lineOf(document, text, undefined)}\n`);
    },
    end() {},
  };
}

function rewrittenProgress({ stream, now }: ProgressOptions): Progress {
  const running = new Map<string, Running>();
  let drawn = 0;
  let drawnAt = Number.NEGATIVE_INFINITY;

  function draw(): void {
    const lines = runningLines();
    stream.write(eraseLines(drawn) + lines.map((line) => `${line}\n`).join(''));
    drawn = lines.length;
    drawnAt = now();
  }

  function runningLines(): readonly string[] {
    const room = (stream.columns ?? FALLBACK_COLUMNS) - 1;
    const all = [...running].map(([document, { text, since }]) => lineOf(document, text, now() - since));
    const hidden = all.length - LINES;
    const shown = hidden > 0 ? [...all.slice(0, LINES), `${count(hidden)} more`] : all;
    return shown.map((line) => headOf(line, room));
  }

  return {
    step(document, text) {
      const known = running.get(document);
      running.set(document, { since: known?.since ?? now(), text });
      if (known === undefined || now() - drawnAt >= REDRAW_MS) draw();
    },
    done(document) {
      if (running.delete(document)) draw();
    },
    wait(document, text) {
      running.set(document, { since: now(), text });
      draw();
    },
    end() {
      running.clear();
      if (drawn > 0) draw();
    },
  };
}

function lineOf(document: string, text: string, elapsed: number | undefined): string {
  const time = elapsed === undefined ? '' : `  ${duration(elapsed)}`;
  return escapeText(`${document}  ${text}${time}`, 'ascii');
}
