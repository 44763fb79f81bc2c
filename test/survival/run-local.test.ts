import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runSurvivalLocally } from '../../src/operations/survival/run-local.ts';
import type { SurvivalRunOptions } from '../../src/operations/survival/options.ts';
import { fitCox } from '../../src/survival/index.ts';
import { isSignificant } from '../../src/survival/run-result.ts';
import { CLI } from '../support/cli-process.ts';
import { optionsOf } from '../support/survival-server.ts';
import { makeUpTables, readResults, writeMatrix } from '../support/survival-tables.ts';
import type { MadeUpTables } from '../support/survival-tables.ts';

const run = (options: SurvivalRunOptions, minEvents = 5) => runSurvivalLocally({ ...options, minEvents });
const text = (tables: Pick<MadeUpTables, 'out'>): string => readFileSync(tables.out, 'utf8');

function cli(tables: MadeUpTables, ...more: readonly string[]) {
  const { matrix, clinical, out } = tables;
  const files = ['--matrix', matrix, '--clinical', clinical, '--out', out];
  const child = spawn(process.execPath, [CLI, 'survival', 'run', '--local', ...files, ...more], { stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const ended = once(child, 'close').then(([exit]) => ({ exit: exit as number | null, stdout, stderr }));
  return { child, ended };
}

/** Some chunks are done, and others are not. */
async function partlyDone({ out }: MadeUpTables): Promise<void> {
  for (;;) {
    const stats = statSync(`${out}.partial`, { throwIfNoEntry: false });
    if (stats && stats.size > 20_000) return;
    await pause(2);
  }
}

describe('survival run --local', () => {
  it('writes what the estimator says of each row, in the order of the matrix, as doubles that read back', async () => {
    const tables = makeUpTables({ rows: 150, subjects: 40 });
    const result = await run(optionsOf(tables, { chunkRows: 7 }));
    const found = readResults(tables.out);
    const expected = fitCox(tables);

    expect(found.map(({ gene }) => gene)).toEqual(tables.genes);
    for (const [row, statistics] of expected.entries()) {
      const cells = found[row]!;
      const { ci95, status, error: _error, ...numbers } = statistics;
      expect(cells['status']).toBe(status);
      for (const [name, value] of Object.entries({ ...numbers, ci95_low: ci95[0], ci95_high: ci95[1] })) {
        expect([name, cells[name]]).toEqual([name, value === null ? 'NA' : String(value)]);
      }
    }
    expect(result).toMatchObject({
      outcome: 'done',
      document: null,
      rows: 150,
      partial: null,
      chunks: { done: 22, resumed: 0 },
    });
    expect(Object.values(result.statuses).reduce((sum, one) => sum + one, 0)).toBe(150);
    expect(existsSync(`${tables.out}.partial`)).toBe(false);
    expect(result.top.map(({ gene }) => gene)).toEqual(
      found
        .filter(({ status }) => status === 'ok')
        .sort((a, b) => Number(a['pval']) - Number(b['pval']))
        .slice(0, 10)
        .map(({ gene }) => gene),
    );
  });

  it('q is of rows that are ok alone', async () => {
    const tables = makeUpTables({ rows: 6, subjects: 30 });
    const constant = tables.ids.map(() => 3);
    writeMatrix({
      ...tables,
      values: [tables.values[0]!, constant, tables.values[2]!, constant, tables.values[4]!, constant],
    });
    const { significant } = await run(optionsOf(tables));
    const rows = readResults(tables.out);

    expect(rows.map(({ status }) => status)).toEqual(['ok', 'constant', 'ok', 'constant', 'ok', 'constant']);
    expect(rows.map(({ qval }) => qval === 'NA')).toEqual([false, true, false, true, false, true]);
    const ps = rows.filter(({ qval }) => qval !== 'NA').map(({ pval }) => Number(pval));
    const largest = Math.max(...ps);
    expect(Number(rows.find(({ pval }) => Number(pval) === largest)?.['qval'])).toBe(largest);
    expect(significant).toBe(rows.filter(({ qval }) => Number(qval) < 0.05).length);
  });

  it.each([{ chunkRows: 1 }, { chunkRows: 13 }, { chunkRows: 1000 }])(
    'chunks of $chunkRows rows come to the same octets',
    async ({ chunkRows }) => {
      const tables = makeUpTables({ rows: 60, subjects: 25 });
      await run(optionsOf(tables));
      const whole = text(tables);
      await run(optionsOf(tables, { chunkRows }));

      expect(text(tables)).toBe(whole);
    },
  );

  it('the order of the clinical table, gzip and ends of lines change nothing', async () => {
    const tables = makeUpTables({ rows: 20, subjects: 30 });
    await run(optionsOf(tables));
    const plain = text(tables);
    const [header = '', ...lines] = readFileSync(tables.clinical, 'utf8').trimEnd().split('\n');
    writeFileSync(tables.clinical, `\uFEFF${[header, ...lines.toReversed()].join('\r\n')}\r\n`);
    const zipped = join(tables.directory, 'genes.tsv.gz');
    writeFileSync(zipped, gzipSync(readFileSync(tables.matrix, 'utf8').replaceAll('\n', '\r\n')));
    const { samples } = await run(optionsOf({ ...tables, matrix: zipped }));

    expect(text(tables)).toBe(plain);
    expect(samples.sameOrder).toBe(false);
  });

  it('a subset is what the tables of the subset alone give', async () => {
    const tables = makeUpTables({ rows: 20, subjects: 60 });
    const kept = tables.ids.map((_, index) => index % 3 !== 0);
    const only = <Value>(all: readonly Value[]): readonly Value[] => all.filter((_, index) => kept[index]);
    const list = join(tables.directory, 'samples.txt');
    writeFileSync(list, only(tables.ids).join('\n'));
    const { samples } = await run(optionsOf(tables, { samples: list }));
    const subset = text(tables);
    writeMatrix({ ...tables, ids: only(tables.ids), values: tables.values.map(only) });
    await run(optionsOf(tables, { samples: list }));

    expect(text(tables)).toBe(subset);
    expect(samples).toMatchObject({ matrix: 60, clinical: 60, used: 40, excluded: { notSelected: 20 } });
  });

  it('a cell that is no number spoils its row alone, and is named by its sample', async () => {
    const tables = makeUpTables({ rows: 3, subjects: 30 });
    const lines = readFileSync(tables.matrix, 'utf8').split('\n');
    const cells = lines[2]!.split('\t');
    cells[5] = 'high';
    lines[2] = cells.join('\t');
    writeFileSync(tables.matrix, lines.join('\n'));
    const { statuses } = await run(optionsOf(tables));
    const [, row] = readResults(tables.out);

    expect(statuses).toMatchObject({ ok: 2, invalid: 1 });
    expect(row).toMatchObject({
      status: 'invalid',
      error: `the value of ${tables.ids[4]} is not a finite number`,
      n: '29',
      pval: 'NA',
      qval: 'NA',
    });
  });

  it('of several ragged lines the first is told, and nothing is left', async () => {
    const tables = makeUpTables({ rows: 40, subjects: 10 });
    const lines = readFileSync(tables.matrix, 'utf8').split('\n');
    for (const line of [35, 12, 20]) lines[line - 1] += '\t1';
    writeFileSync(tables.matrix, lines.join('\n'));

    await expect(run(optionsOf(tables, { chunkRows: 2 }))).rejects.toMatchObject({ name: 'TableError', line: 12 });
    expect(readdirSync(tables.directory).sort()).toEqual([basename(tables.clinical), basename(tables.matrix)]);
  });

  it('counts in words and in the plot by one rule: q of at most 0.05', async () => {
    const tables = makeUpTables({ rows: 20, subjects: 60 });
    const risk = tables.times.map((time, subject) => (tables.events[subject] === 1 ? 4000 : 0) - time);
    const values = tables.values.map((row, index) =>
      row.map((value, subject) => value + (index < 4 ? (risk[subject]! / 3000) * (index % 2 === 0 ? 1 : -1) : 0)),
    );
    writeMatrix({ ...tables, values });
    const plot = join(tables.directory, 'v.svg');
    const { significant } = await run(optionsOf(tables, { plot }));
    const svg = readFileSync(plot, 'utf8');
    const [, up, down] = /(\d+) raising the hazard \(q ≤ 0\.05\).*?(\d+) lowering it/su.exec(svg)!;

    expect(significant).toBeGreaterThan(3);
    expect(Number(up) + Number(down)).toBe(significant);
    expect([0, 0.05, 0.050_000_001, Number.NaN].map(isSignificant)).toEqual([true, true, false, false]);
  });

  it('draws a plot where one is asked for', async () => {
    const tables = makeUpTables({ rows: 30, subjects: 30 });
    const plot = join(tables.directory, 'volcano.svg');
    const result = await run(optionsOf(tables, { plot, labels: 3 }));

    expect(result.plot).toBe(plot);
    expect(readFileSync(plot, 'utf8')).toMatch(/^<(\?xml|svg)/);
  });
});

describe('a run that ends early', () => {
  it('killed in the middle, the same command goes on and gives the same octets', async () => {
    const tables = makeUpTables({ rows: 6_000, subjects: 80 });
    await run(optionsOf(tables, { chunkRows: 10 }));
    const whole = text(tables);
    writeFileSync(tables.out, 'of before\n');
    const { child, ended } = cli(tables, '--chunk-rows', '10');
    await partlyDone(tables);
    child.kill('SIGKILL');
    await ended;
    // What it was writing may be cut anywhere.
    truncateSync(`${tables.out}.partial`, statSync(`${tables.out}.partial`).size - 7);

    expect(text(tables)).toBe('of before\n');
    const result = await run(optionsOf(tables, { chunkRows: 10 }));
    expect(text(tables)).toBe(whole);
    expect(result.chunks.resumed).toBeGreaterThan(0);
    expect(result.chunks.resumed).toBeLessThan(600);
    expect(existsSync(`${tables.out}.partial`)).toBe(false);
  });

  it('interrupted, it keeps what is done and ends with 130', async () => {
    const tables = makeUpTables({ rows: 6_000, subjects: 80 });
    const { child, ended } = cli(tables, '--chunk-rows', '10', '--format', 'json');
    await partlyDone(tables);
    child.kill('SIGINT');
    const { exit, stdout, stderr } = await ended;
    const result = JSON.parse(stdout) as { rows: number };

    expect([exit, stderr]).toEqual([130, expect.stringContaining('SIGINT')]);
    expect(result).toMatchObject({ outcome: 'interrupted', partial: `${tables.out}.partial`, significant: 0 });
    expect(existsSync(tables.out)).toBe(false);
    const rest = await run(optionsOf(tables, { chunkRows: 10 }));
    expect(rest.chunks.resumed * 10).toBe(result.rows);
  });

  it.each([
    {
      what: 'a row',
      change: (tables: MadeUpTables) => rewrite(tables.matrix, (all) => all.replace(/\t-?0\.\d/, '\t0.9')),
    },
    { what: 'the length of the matrix', change: (tables: MadeUpTables) => rewrite(tables.matrix, (all) => `${all}\n`) },
    {
      what: 'an outcome',
      change: (tables: MadeUpTables) => rewrite(tables.clinical, (all) => all.replace(/\t0\n/, '\t1\n')),
    },
  ])('does not go on where $what is another, unless it begins anew', async ({ change }) => {
    const tables = makeUpTables({ rows: 400, subjects: 20 });
    await interruptedAfter(tables, 5);
    const before = readFileSync(`${tables.out}.partial`);
    change(tables);

    await expect(run(optionsOf(tables, { chunkRows: 4 }))).rejects.toMatchObject({ code: 'TU0016' });
    expect(readFileSync(`${tables.out}.partial`).equals(before)).toBe(true);
    const result = await run(optionsOf(tables, { chunkRows: 4, fresh: true }));
    expect(result.chunks).toEqual({ done: 100, resumed: 0 });
  });

  it('does not go on with other options', async () => {
    const tables = makeUpTables({ rows: 400, subjects: 20 });
    await interruptedAfter(tables, 5);

    await expect(run(optionsOf(tables, { chunkRows: 8 }))).rejects.toMatchObject({ code: 'TU0016' });
    await expect(run(optionsOf(tables, { chunkRows: 4 }), 6)).rejects.toMatchObject({ code: 'TU0016' });
    writeFileSync(`${tables.out}.partial`, 'something of mine\n');
    await expect(run(optionsOf(tables, { chunkRows: 4 }))).rejects.toMatchObject({ code: 'TU0016' });
    expect(readFileSync(`${tables.out}.partial`, 'utf8')).toBe('something of mine\n');
  });

  it('a chunk that was damaged is computed again', async () => {
    const tables = makeUpTables({ rows: 400, subjects: 20 });
    await run(optionsOf(tables, { chunkRows: 4 }));
    const whole = text(tables);
    await interruptedAfter(tables, 5);
    const partial = readFileSync(`${tables.out}.partial`);
    partial[partial.length - 3]! ^= 1;
    writeFileSync(`${tables.out}.partial`, partial);
    await run(optionsOf(tables, { chunkRows: 4 }));

    expect(text(tables)).toBe(whole);
  });

  it.each(['out', 'plot'] as const)(
    '%s that is no file, or in no folder, is refused before anything is read',
    async (option) => {
      const tables = makeUpTables({ rows: 3, subjects: 10 });
      await expect(run(optionsOf(tables, { [option]: dirname(tables.out) }))).rejects.toMatchObject({ code: 'TU0003' });
      await expect(run(optionsOf(tables, { out: join(tables.directory, 'no', 'r.tsv') }))).rejects.toMatchObject({
        code: 'TU0003',
      });
    },
  );
});

describe('the command line', () => {
  it('prints counts, the smallest p and where the results are', async () => {
    const tables = makeUpTables({ rows: 30, subjects: 40 });
    const { exit, stdout } = await cli(tables).ended;

    expect(exit).toBe(0);
    expect(stdout).toContain('samples: 40 in the matrix, 40 in the clinical table, 40 used');
    expect(stdout).toContain(`results: ${tables.out}`);
    expect(stdout).toMatch(/Survival: 30 rows, \d+ with q ≤ 0\.05/);
  });

  it.each([
    { args: ['--where', 'year >'], exit: 64, code: 'TU0015' },
    { args: ['--time', 'days'], exit: 65, code: 'TU0014' },
    { args: ['--samples', '/nowhere/list'], exit: 1, code: 'TU0004' },
    { args: ['--samples', '/dev/null'], exit: 1, code: 'TU0004' },
    { args: ['--samples', '-'], exit: 1, code: 'TU0004' },
    { args: ['--token-env', 'TOKEN'], exit: 64, code: 'TU0001' },
    { args: ['--label', '0'], exit: 64, code: 'TU0001' },
    { args: ['--label', '201', '--plot', 'v.svg'], exit: 64, code: 'TU0001' },
    { args: ['--label', '5'], exit: 64, code: 'TU0001' },
  ])('$args ends with $exit and $code', async ({ args, exit, code }) => {
    const ended = await cli(makeUpTables({ rows: 3, subjects: 10 }), '--format', 'json', ...args).ended;

    expect(ended.exit).toBe(exit);
    expect(JSON.parse(ended.stdout)).toMatchObject({ format: 'trueup/error@1', error: { code } });
  });
});

function rewrite(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

/** Interrupted when so many chunks of four rows are done. */
async function interruptedAfter(tables: MadeUpTables, chunks: number): Promise<void> {
  const controller = new AbortController();
  let done = 0;
  const result = await run(
    optionsOf(tables, {
      chunkRows: 4,
      stop: controller.signal,
      onProgress: () => {
        done += 1;
        if (done === chunks) controller.abort();
      },
    }),
  );
  expect(result).toMatchObject({ outcome: 'interrupted', partial: `${tables.out}.partial` });
}
