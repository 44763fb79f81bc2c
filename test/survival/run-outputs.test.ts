import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPartialResults } from '../../src/operations/survival/partial-results.ts';
import { runSurvivalLocally } from '../../src/operations/survival/run-local.ts';
import type { SurvivalRunOptions } from '../../src/operations/survival/options.ts';
import { CLI } from '../support/cli-process.ts';
import { optionsOf } from '../support/survival-server.ts';
import { makeUpTables } from '../support/survival-tables.ts';

const run = (options: SurvivalRunOptions) => runSurvivalLocally({ ...options, minEvents: 5 });

const CHUNK = {
  rows: 1,
  p: Float64Array.of(0.5),
  coef: Float64Array.of(1),
  log10P: Float64Array.of(-0.3),
  status: Uint8Array.of(0),
  lines: new Uint8Array(Buffer.from('a\tb\n')),
  digest: 'd',
};

describe('what survival run writes', () => {
  it.each<{ reason: string; options: (directory: string) => Partial<SurvivalRunOptions>; message: string }>([
    { reason: 'the matrix', options: (in_) => ({ out: join(in_, 'genes-canary.tsv') }), message: '--matrix and --out' },
    {
      reason: 'the clinical table by another name',
      options: (in_) => ({ out: `${in_}/.//clinical-canary.tsv` }),
      message: '--clinical and --out',
    },
    { reason: 'a link to the matrix', options: (in_) => ({ out: join(in_, 'link') }), message: '--matrix and --out' },
    {
      reason: 'a second name of the clinical table',
      options: (in_) => ({ plot: join(in_, 'second') }),
      message: '--clinical and --plot',
    },
    {
      reason: 'the list of samples',
      options: (in_) => ({ samples: join(in_, 'list'), out: join(in_, 'list') }),
      message: '--samples and --out',
    },
    {
      reason: 'the results, which are not there yet',
      options: (in_) => ({ plot: `${in_}//results.tsv` }),
      message: '--out and --plot',
    },
    {
      reason: 'what is done',
      options: (in_) => ({ plot: join(in_, 'results.tsv.partial') }),
      message: 'the file of what is done and --plot',
    },
    { reason: 'no name', options: () => ({ out: '' }), message: 'it has no name' },
    { reason: 'a plot in no folder', options: (in_) => ({ plot: join(in_, 'no', 'v.svg') }), message: 'ENOENT' },
  ])('$reason is refused, and every table is as it was', async ({ options, message }) => {
    const tables = makeUpTables({ rows: 3, subjects: 10 });
    const { directory, matrix, clinical } = tables;
    writeFileSync(join(directory, 'list'), `${tables.ids.join('\n')}\n`);
    symlinkSync(matrix, join(directory, 'link'));
    linkSync(clinical, join(directory, 'second'));
    const before = [matrix, clinical, join(directory, 'list')].map((file) => readFileSync(file, 'utf8'));

    await expect(run(optionsOf(tables, options(directory)))).rejects.toMatchObject({
      code: 'TU0003',
      message: expect.stringContaining(message),
    });
    expect([matrix, clinical, join(directory, 'list')].map((file) => readFileSync(file, 'utf8'))).toEqual(before);
    expect(existsSync(`${tables.out}.partial`)).toBe(false);
  });

  it('a disk that is full is told as such, and the same command goes on from what is whole', async () => {
    const tables = makeUpTables({ rows: 400, subjects: 12 });
    await run(optionsOf(tables));
    const whole = readFileSync(tables.out, 'utf8');
    const { matrix, clinical, out } = tables;
    const words = [CLI, 'survival', 'run', '--local', '--chunk-rows', '4', '--any-order'];
    const files = ['--matrix', matrix, '--clinical', clinical, '--out', out];
    // No file may be longer than 40 blocks.
    const limited = ['-c', 'ulimit -f 40; exec "$0" "$@"', process.execPath, ...words, ...files];
    const full = spawnSync('sh', limited, { encoding: 'utf8' });

    expect([full.status, full.stderr]).toEqual([1, expect.stringContaining('TU0003')]);
    expect(full.stderr).toContain('EFBIG');
    const again = spawnSync(process.execPath, [...words, ...files, '--format', 'json'], { encoding: 'utf8' });
    const { chunks } = JSON.parse(again.stdout) as { chunks: { done: number; resumed: number } };
    expect(chunks.done).toBe(100);
    expect(chunks.resumed).toBeGreaterThan(3);
    expect(readFileSync(out, 'utf8')).toBe(whole);
  });
});

describe('two runs of one --out', () => {
  it('one that finds the chunk of another ends, and that one goes on', () => {
    const path = join(makeUpTables({ rows: 1, subjects: 2 }).directory, 'r.partial');
    const earlier = openPartialResults(path, 'run', false);
    earlier.append(0, CHUNK);
    const later = openPartialResults(path, 'run', false);
    later.append(1, CHUNK);

    expect(later.resumed).toBe(1);
    expect(() => earlier.append(2, CHUNK)).toThrow(expect.objectContaining({ code: 'TU0016', exit: 'usage' }));
    later.append(2, CHUNK);
    expect(openPartialResults(path, 'run', false).done()).toEqual([0, 1, 2]);
  });

  it('one that begins anew ends the other', () => {
    const path = join(makeUpTables({ rows: 1, subjects: 2 }).directory, 'r.partial');
    const earlier = openPartialResults(path, 'run', false);
    earlier.append(0, CHUNK);
    const later = openPartialResults(path, 'run', true);

    expect(() => earlier.append(1, CHUNK)).toThrow(expect.objectContaining({ code: 'TU0016' }));
    expect(later.resumed).toBe(0);
  });
});
