import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BREAKS } from './breaks.ts';
import { LAWS } from './laws.ts';
import { SAMPLES } from './samples.ts';

const FILE = join(import.meta.dirname, '../../docs/conformance.md');

/** Which kind keeps which law. A law that fails fails the suite, so that every cell holds. */
function matrix(): string {
  const kinds = Object.keys(SAMPLES);
  return table(
    ['law', ...kinds.map((kind) => `\`${kind}\``), 'says'],
    Object.entries(LAWS).map(([name, { says }]) => [name, ...kinds.map(() => 'kept'), says]),
  );
}

function breaks(): string {
  return table(
    ['law', 'break', 'in'],
    Object.entries(BREAKS).map(([law, { what, file }]) => [law, what, `[\`${file}\`](../${file})`]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** docs/conformance.md as it is and as the suite says it; with TRUEUP_WRITE_DOCS it is written first. */
export function writtenPage(): { readonly page: string; readonly wanted: string } {
  const before = readFileSync(FILE, 'utf8');
  const wanted = [
    ['matrix', matrix()],
    ['breaks', breaks()],
  ].reduce((page, [name = '', text = '']) => between(page, name, text), before);
  if (process.env['TRUEUP_WRITE_DOCS']) writeFileSync(FILE, wanted);
  return { page: readFileSync(FILE, 'utf8'), wanted };
}

/** What stands between the two comments of this name is written by the suite. */
function between(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}: written by test/conformance -->`, `<!-- end of ${name} -->`];
  const [head = '', rest = ''] = page.split(begin);
  return `${head}${begin}\n\n${text}\n\n${end}${rest.split(end)[1] ?? ''}`;
}
