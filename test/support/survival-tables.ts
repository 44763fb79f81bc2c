import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Two tables that fit each other, made from a seed, and where results go. */
export interface MadeUpTables {
  readonly directory: string;
  readonly matrix: string;
  readonly clinical: string;
  readonly out: string;
  readonly ids: readonly string[];
  readonly genes: readonly string[];
  readonly times: readonly number[];
  readonly events: readonly number[];
  readonly values: readonly (readonly number[])[];
}

export interface TableSizes {
  readonly rows: number;
  readonly subjects: number;
  readonly seed?: number;
}

/** Names that would be recognised anywhere. */
const SAMPLE = 'TCGA-CANARY';
const GENE = 'GENE-CANARY';

/** From 0 to below 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function makeUpTables({ rows, subjects, seed = 20_160_601 }: TableSizes): MadeUpTables {
  const random = seeded(seed);
  const directory = mkdtempSync(join(tmpdir(), 'trueup-survival-canary-'));
  const ids = Array.from({ length: subjects }, (_, index) => `${SAMPLE}-${index}`);
  const genes = Array.from({ length: rows }, (_, index) => `${GENE}-${index}`);
  const times = ids.map(() => Math.floor(random() * 3000));
  const events = ids.map(() => (random() < 0.3 ? 1 : 0));
  const values = genes.map(() => ids.map(() => Math.round((random() - 0.5) * 4e6) / 1e6));
  const tables = {
    directory,
    matrix: join(directory, 'genes-canary.tsv'),
    clinical: join(directory, 'clinical-canary.tsv'),
    out: join(directory, 'results.tsv'),
    ids,
    genes,
    times,
    events,
    values,
  };
  writeMatrix(tables);
  writeFileSync(
    tables.clinical,
    `sample\ttime\tevent\n${ids.map((id, index) => `${id}\t${times[index]}\t${events[index]}\n`).join('')}`,
  );
  return tables;
}

export function writeMatrix({ matrix, ids, genes, values }: Pick<MadeUpTables, 'matrix' | 'ids' | 'genes' | 'values'>) {
  const lines = genes.map((gene, row) => [gene, ...(values[row] ?? [])].join('\t'));
  writeFileSync(matrix, `gene\t${ids.join('\t')}\n${lines.join('\n')}\n`);
}

/** A results table, by the names of its columns. */
export function readResults(path: string): readonly Readonly<Record<string, string>>[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = header.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(names.map((name, column) => [name, cells[column] ?? '']));
  });
}
