import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAWS } from './laws.ts';
import { SAMPLES } from './samples.ts';

const FILE = join(import.meta.dirname, '../../docs/conformance.md');
const BEGIN = '<!-- matrix: written by test/conformance -->';
const STALE = 'docs/conformance.md is not what the suite says: TRUEUP_WRITE_DOCS=1 npx vitest run test/conformance';
const END = '<!-- end of matrix -->';

/** Which kind keeps which law: a row a law, a column a kind. A law that fails fails the suite, so that every cell holds. */
function matrix(): string {
  const kinds = Object.keys(SAMPLES);
  const head = `| law | ${kinds.map((kind) => `\`${kind}\``).join(' | ')} | says |`;
  const rule = `|---|${kinds.map(() => '---|').join('')}---|`;
  const rows = Object.entries(LAWS).map(
    ([name, { says }]) => `| ${name} | ${kinds.map(() => 'kept').join(' | ')} | ${says} |`,
  );
  return [head, rule, ...rows].join('\n');
}

/** Holds docs/conformance.md against the suite; with TRUEUP_WRITE_DOCS it is written. */
export function checkMatrix(): void {
  const page = readFileSync(FILE, 'utf8');
  const [before = '', rest = ''] = page.split(BEGIN);
  const after = rest.split(END)[1] ?? '';
  const wanted = `${before}${BEGIN}\n\n${matrix()}\n\n${END}${after}`;
  if (process.env['TRUEUP_WRITE_DOCS']) writeFileSync(FILE, wanted);
  else if (page !== wanted) throw new Error(STALE);
}
