import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, ROOT } from '../support/cli-process.ts';

const EXAMPLES = join(ROOT, 'examples/survival');
/** They are in the package that everybody installs. */
const MOST_OCTETS = 400_000;

describe('examples/survival', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'trueup-examples-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function trueup(args: readonly string[], input?: string): string {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', input });
    expect([stderr, status]).toEqual([expect.any(String), 0]);
    return stdout;
  }

  /** Cells of the results by row. */
  function runLocally(name: string, ...more: readonly string[]): ReadonlyMap<string, Readonly<Record<string, string>>> {
    const out = join(folder, name);
    const tables = ['--matrix', join(EXAMPLES, 'genes.tsv'), '--clinical', join(EXAMPLES, 'clinical.tsv')];
    trueup(['survival', 'run', '--local', ...tables, '--out', out, ...more]);
    const [head = '', ...lines] = readFileSync(out, 'utf8').trimEnd().split('\n');
    const columns = head.split('\t');
    const rows = lines.map((line) => line.split('\t'));
    return new Map(
      rows.map((cells) => [cells[0] ?? '', Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']))]),
    );
  }

  it('are small', () => {
    const sizes = readdirSync(EXAMPLES).map((name) => statSync(join(EXAMPLES, name)).size);

    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_OCTETS);
  });

  it('has tables that are made again, octet for octet, by what made them', () => {
    cpSync(join(EXAMPLES, 'make.mjs'), join(folder, 'make.mjs'));
    expect(spawnSync(process.execPath, [join(folder, 'make.mjs')]).status).toBe(0);

    for (const name of ['genes.tsv', 'clinical.tsv']) {
      expect(readFileSync(join(folder, name), 'utf8') === readFileSync(join(EXAMPLES, name), 'utf8')).toBe(true);
    }
  });

  it('has a request whose answer is the published one', () => {
    const answer = JSON.parse(trueup(['survival', 'fit'], readFileSync(join(EXAMPLES, 'request.json'), 'utf8'))) as {
      readonly statistics_list: readonly { readonly hazard: number; readonly pval: number }[];
    };
    const published = [
      { hazard: 1.3926333898762577, pval: 0.005922935208231839 },
      { hazard: 0.957292958555334, pval: 0.7976137866147548 },
    ];

    expect(answer.statistics_list).toHaveLength(published.length);
    for (const [row, { hazard, pval }] of published.entries()) {
      expect(Math.abs((answer.statistics_list[row]?.hazard ?? 0) / hazard - 1)).toBeLessThan(1e-12);
      expect(Math.abs((answer.statistics_list[row]?.pval ?? 0) / pval - 1)).toBeLessThan(1e-12);
    }
  });

  it('has the rows that its README describes', () => {
    const plot = join(folder, 'volcano.svg');
    const rows = runLocally('results.tsv', '--plot', plot);
    const flagged = Array.from(rows.values()).filter(({ status }) => status !== 'ok');
    const hits = Array.from(rows.values()).filter(({ qval }) => Number(qval) <= 0.05);
    const expected = ['LOWERS_1', 'LOWERS_2', 'LOWERS_3', 'LOWERS_4', 'RAISES_1', 'RAISES_2', 'RAISES_3', 'RAISES_4'];

    expect(rows.size).toBe(300);
    expect(Object.fromEntries(flagged.map(({ gene, status }) => [gene, status]))).toEqual({
      CONSTANT: 'constant',
      SEPARATED: 'diverged',
      FEW_EVENTS: 'few_events',
      NO_EVENTS: 'no_events',
      INVALID: 'invalid',
    });
    expect(rows.get('RAISES_1')?.['n']).toBe('109');
    expect(new Set(hits.map(({ gene }) => gene))).toEqual(new Set(expected));
    expect(Number(rows.get('GENE_145')?.['pval'])).toBeCloseTo(0.0016, 4);
    expect(Number(rows.get('GENE_145')?.['qval'])).toBeCloseTo(0.052, 3);
    expect(rows.get('INVALID')?.['error']).toContain('S007');
    expect(readFileSync(plot, 'utf8')).toContain('300 rows, 296 drawn.');
  });

  it('has years to select by', () => {
    const rows = runLocally('later.tsv', '--where', 'year >= 2009');
    const used = Number(rows.get('RAISES_1')?.['n']);

    expect(used).toBeGreaterThan(30);
    expect(used).toBeLessThan(109);
  });
});
