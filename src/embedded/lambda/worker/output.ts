import { format } from 'node:util';

type Write = typeof process.stdout.write;

/** One call of `console` is one event, line breaks and all; what is written to the streams is one event a line. */
export function captureOutput(log: (message: string) => void): void {
  for (const level of ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const) {
    console[level] = (...values: unknown[]) => log(format(...values));
  }
  process.stdout.write = lineWriter(log);
  process.stderr.write = lineWriter(log);
}

function lineWriter(log: (message: string) => void): Write {
  let rest = '';
  return function write(chunk: string | Uint8Array, ...others: unknown[]): boolean {
    const lines = (rest + Buffer.from(chunk as Uint8Array).toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) log(line);
    const done = others.at(-1);
    if (typeof done === 'function') queueMicrotask(() => (done as () => void)());
    return true;
  };
}
