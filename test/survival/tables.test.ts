import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClinical, samplesOf } from '../../src/survival/tables/clinical.ts';
import { parseHeader } from '../../src/survival/tables/header.ts';
import { joinSamples } from '../../src/survival/tables/join-samples.ts';
import { parseRows } from '../../src/survival/tables/parse-rows.ts';
import { openMatrix } from '../../src/survival/tables/row-blocks.ts';
import type { RowBlock } from '../../src/survival/tables/row-blocks.ts';
import { parseSampleList } from '../../src/survival/tables/sample-list.ts';
import { parseWhere } from '../../src/survival/tables/where.ts';

const COLUMNS = { id: 'sample', time: 'time', event: 'event' };
const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const places = (...all: number[]): Int32Array => Int32Array.from(all);

function rowsOf(text: string, layout = places(0, 1)) {
  const rows = text.replace(/\n$/, '').split('\n').length;
  const subjects = layout.filter((place) => place >= 0).length;
  return parseRows(octets(text), rows, 0, { file: 'm.tsv', places: layout, subjects });
}

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const all = octets(text);
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
}

async function blocksOf(text: string, rows: number, size: number): Promise<readonly RowBlock[]> {
  const matrix = await openMatrix(inPieces(text, size), 'm.tsv');
  const blocks: RowBlock[] = [];
  for await (const block of matrix.blocks(rows)) blocks.push(block);
  return blocks;
}

describe('rows of a matrix', () => {
  it('numbers are read exactly, and names kept as they are', () => {
    const { values, names, faults } = rowsOf('TP53\t0.1\t-1.5e-03\nBRCA 1\t123456789012345680\t.5\n');

    expect([...values]).toEqual([0.1, -0.0015, 123456789012345680, 0.5]);
    expect(new TextDecoder().decode(names)).toBe('TP53\nBRCA 1\n');
    expect(faults).toEqual([]);
  });

  it('any double survives its text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const [first, second] = rowsOf(`g\t${number}\t${number.toExponential(25)}\n`).values;
        expect(first).toBe(number === 0 ? 0 : number);
        expect(second).toBe(number === 0 ? 0 : number);
      }),
    );
  });

  it.each(['NA', 'NaN', 'nan', 'null', '', ' NA '])('%j is no value', (cell) => {
    expect([...rowsOf(`g\t${cell}\t1\n`).values]).toEqual([Number.NaN, 1]);
  });

  it.each(['x', 'Infinity', '-Inf', '1e999', '1,5', '0x10', '1 2', '--1', 'TRUE'])(
    '%j makes its row invalid, and no other',
    (cell) => {
      const { faults, values } = rowsOf(`a\t1\t2\ng\t1\t${cell}\nb\t3\t4\n`);

      expect(faults).toEqual([{ row: 1, subject: 1 }]);
      expect([...values.slice(0, 2), ...values.slice(4)]).toEqual([1, 2, 3, 4]);
    },
  );

  it('the first subject of several faults is told, in the order of the subjects', () => {
    expect(rowsOf('g\tx\ty\n', places(1, 0)).faults).toEqual([{ row: 0, subject: 0 }]);
  });

  it('columns that are not used are not read, whatever they hold', () => {
    const { values, faults } = rowsOf('g\tx\t2\ty\t4\n', places(-1, 1, -1, 0));

    expect([...values]).toEqual([4, 2]);
    expect(faults).toEqual([]);
  });

  it('lines of Windows, and a last line without an end', () => {
    expect([...rowsOf('a\t1\t2\r\nb\t3\tNA\r\nc\t5\t6').values]).toEqual([1, 2, 3, Number.NaN, 5, 6]);
  });

  it.each([
    { reason: 'a cell too few', text: 'a\t1\t2\nb\t1\n', line: 3, words: 'line 3 has 2 cells, the header has 3' },
    {
      reason: 'a cell too many',
      text: 'a\t1\t2\t3\nb\t1\t2\t3\n',
      line: 2,
      words: 'line 2 has 4 cells, the header has 3',
    },
    { reason: 'a name alone', text: 'a\t1\t2\nb\n', line: 3, words: 'line 3 has 1 cell, the header has 3' },
    { reason: 'quotes', text: 'a\t1\t2\n"b"\t1\t2\n', line: 3, words: 'line 3 begins with a quoted cell' },
  ])('$reason is refused with its line', ({ text, line, words }) => {
    expect(() => rowsOf(text)).toThrow(
      expect.objectContaining({ line, file: 'm.tsv', message: expect.stringContaining(words) }),
    );
  });

  it("a header without a corner cell, as R's write.table leaves it, is recognised", () => {
    expect(() => rowsOf('a\t1\t2\t3\n')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('col.names = NA') }),
    );
  });
});

describe('blocks of a matrix', () => {
  const text = `gene\ta\tb\n${Array.from({ length: 23 }, (_, row) => `G${row}\t${row}\t${row / 7}\n`).join('')}`;

  it.each([1, 2, 7, 64, 100_000])('pieces of %d octets come to the same blocks', async (size) => {
    const blocks = await blocksOf(text, 5, size);

    expect(blocks.map(({ index, firstRow, rows }) => [index, firstRow, rows])).toEqual([
      [0, 0, 5],
      [1, 5, 5],
      [2, 10, 5],
      [3, 15, 5],
      [4, 20, 3],
    ]);
    expect(Buffer.concat(blocks.map((block) => block.octets)).toString()).toBe(text.slice('gene\ta\tb\n'.length));
    expect(blocks.every((block) => block.octets.byteLength === block.octets.buffer.byteLength)).toBe(true);
  });

  it.each(['g\ta\n1\t2\n\n', 'g\ta\n1\t2\r\n\r\n\r\n', 'g\ta\n1\t2'])('%j has one row', async (table) => {
    expect((await blocksOf(table, 10, 3)).map(({ rows }) => rows)).toEqual([1]);
  });

  it('an empty line within the table is refused with its line', async () => {
    await expect(blocksOf('g\ta\nx\t1\n\ny\t2\n', 10, 3)).rejects.toMatchObject({ line: 3 });
  });

  it('an empty file is refused, and a header alone has no blocks', async () => {
    await expect(blocksOf('', 10, 3)).rejects.toThrow('the file is empty');
    expect(await blocksOf('g\ta\n', 10, 3)).toEqual([]);
  });

  it('blocks of one row, and of more than there are, hold the same octets', async () => {
    const digest = async (rows: number): Promise<string> =>
      createHash('sha256')
        .update(Buffer.concat((await blocksOf(text, rows, 13)).map((block) => block.octets)))
        .digest('hex');

    expect(await digest(1)).toBe(await digest(1000));
  });
});

describe('the header', () => {
  it('has a byte order mark or not, and ends as it likes', () => {
    const marked = Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), octets('gene\tS1\tS2\r\n')]);
    expect(parseHeader(marked, 'm.tsv').ids).toEqual(['S1', 'S2']);
    expect(parseHeader(octets('\tS1\tS2'), 'm.tsv').ids).toEqual(['S1', 'S2']);
  });

  it.each([
    ['gene\ta\tb\ta\tc\tb\n', 'sample ids that stand twice in the matrix: a, b'],
    ['gene\ta\t\tc\n', 'column 3 of the matrix has no sample id'],
    ['gene,a,b\n', 'the first line has no sample ids'],
    ['"gene"\t"a"\n', 'line 1 has a quoted cell (cell 1)'],
  ])('%j is refused', (line, words) => {
    expect(() => parseHeader(octets(line), 'm.tsv')).toThrow(words);
  });
});

describe('the clinical table', () => {
  const read = (text: string, where = '') =>
    samplesOf(parseClinical(octets(text), 'c.tsv'), COLUMNS, where === '' ? [] : parseWhere(where));

  it('has times and events, logicals of R too, and gaps', () => {
    const samples = read('x\tevent\ttime\tsample\n1\t1\t0\ta\n2\tFALSE\t2.5\tb\n3\tTRUE\tNA\tc\n4\t\t7\td\n');

    expect(samples.map(({ id, time, event }) => [id, time, event])).toEqual([
      ['a', 0, 1],
      ['b', 2.5, 0],
      ['c', undefined, 1],
      ['d', 7, undefined],
    ]);
  });

  it.each([
    ['1.0', 1],
    ['0.0', 0],
    [' 1 ', 1],
    ['True', 1],
    ['False', 0],
    ['true', 1],
    ['NaN', undefined],
  ])('an event that is written %j is %s', (cell, event) => {
    expect(read(`sample\ttime\tevent\na\t1\t${cell}\n`)[0]?.event).toBe(event);
  });

  it.each(['dead', '2', '-1', '0.5', '1e999', '1:DECEASED'])('an event %j is refused', (cell) => {
    expect(() => read(`sample\ttime\tevent\na\t1\t${cell}\n`)).toThrow('event of a is neither 0 nor 1');
  });

  it('time and event of a sample that is not selected may be anything', () => {
    const text = 'sample\ttime\tevent\na\t-1\tdead\nb\t2\t1\nc\tlong\t0\n';
    const listed = samplesOf(parseClinical(octets(text), 'c.tsv'), COLUMNS, [], new Set(['b']));

    expect(listed.map(({ time, event }) => [time, event])).toEqual([
      [undefined, undefined],
      [2, 1],
      [undefined, undefined],
    ]);
    expect(read(text, "event != 'dead' and time != 'long'").map(({ time }) => time)).toEqual([undefined, 2, undefined]);
    expect(() => read(text, "event != 'dead'")).toThrow('line 4: time of c is no number');
  });

  it('of the thousands of columns of a matrix that was taken for one, some are named', () => {
    const text = Array.from({ length: 5000 }, (_, column) => `S${column}`).join('\t');
    const refused = expect.objectContaining({
      hint: expect.stringMatching(/^columns: S0, S1, .{1,200} and 4,970 more$/),
    });

    expect(() => read(text)).toThrow(refused);
  });

  it.each([
    ['sample\ttime\tevent\ra\t1\t0\r', 'its lines end in a carriage return alone'],
    ['sample\ttime\tevent\na\t-1\t0\n', 'line 2: time of a is negative'],
    ['sample\ttime\tevent\na\tlong\t0\n', 'line 2: time of a is no number'],
    ['sample\ttime\tevent\na\t1e999\t0\n', 'line 2: time of a is no number'],
    ['sample\ttime\tevent\na\t1\t2\n', 'line 2: event of a is neither 0 nor 1'],
    ['sample\ttime\tevent\na\t1\t0\nb\t1\t0\na\t2\t1\n', 'ids that stand twice in the clinical table: a'],
    ['sample\ttime\tevent\n\t1\t0\n', 'line 2 has no sample'],
    ['sample\ttime\tevent\na\t1\n', 'line 2 has 2 cells, the header has 3'],
    ['id\ttime\tevent\na\t1\t0\n', '--id: there is no column sample'],
    ['sample\ttime\ttime\tevent\na\t1\t1\t0\n', '--time: two columns are called time'],
    ['', 'the file is empty'],
  ])('%j is refused', (text, words) => {
    expect(() => read(text)).toThrow(words);
  });

  it('a number that is compared with a word is an error that names the sample, and can be excluded first', () => {
    const text = 'sample\ttime\tevent\tyear\na\t1\t0\tunknown\nb\t1\t1\t2010\nc\t1\t1\tNA\n';

    expect(() => read(text, 'year >= 2009')).toThrow('line 2: year of a is no number');
    expect(read(text, "year != 'unknown' and year >= 2009").map(({ isMet }) => isMet)).toEqual([false, true, false]);
  });
});

describe('joining samples', () => {
  const files = { matrix: 'm.tsv', clinical: 'c.tsv' };
  const clinical = (...rows: string[]) =>
    samplesOf(parseClinical(octets(`sample\ttime\tevent\n${rows.join('\n')}\n`), 'c.tsv'), COLUMNS, []);
  const three = clinical('c\t3\t1', 'a\t1\t0', 'b\t2\t1');

  it('is by id, in the order of the matrix', () => {
    const joined = joinSamples({
      files,
      matrix: ['a', 'b', 'x', 'c'],
      clinical: three,
      allowMissing: false,
      anyOrder: true,
    });

    expect([...joined.times]).toEqual([1, 2, 3]);
    expect([...joined.events]).toEqual([0, 1, 1]);
    expect([...joined.places]).toEqual([0, 1, -1, 2]);
    expect(joined.counts).toEqual({
      matrix: 4,
      clinical: 3,
      used: 3,
      events: 2,
      excluded: { withoutClinical: 1, withoutValues: 0, notSelected: 0, withoutOutcome: 0 },
      sameOrder: false,
    });
  });

  it('takes those that are listed, and whose outcome is known', () => {
    const joined = joinSamples({
      files,
      matrix: ['a', 'b', 'c', 'd'],
      clinical: clinical('a\t1\t1', 'b\tNA\t1', 'c\t3\t1', 'd\t4\t1'),
      listed: ['d', 'b', 'a'],
      allowMissing: false,
      anyOrder: true,
    });

    expect(joined.ids).toEqual(['a', 'd']);
    expect(joined.counts.excluded).toMatchObject({ notSelected: 1, withoutOutcome: 1 });
  });

  it.each([
    {
      reason: 'the matrix lacks some',
      matrix: ['b'],
      listed: undefined,
      words: '2 of the samples are not in the matrix: c, a',
    },
    {
      reason: 'the matrix lacks one',
      matrix: ['b', 'c'],
      listed: undefined,
      words: '1 of the samples is not in the matrix: a',
    },
    {
      reason: 'the clinical table lacks one',
      matrix: ['c', 'y'],
      listed: ['y', 'c'],
      words: '1 of the samples is not in the clinical table: y',
    },
  ])('$reason: they are named', ({ matrix, listed, words }) => {
    const tables = { files, matrix, clinical: three, ...(listed && { listed }) };

    expect(() => joinSamples({ ...tables, allowMissing: false, anyOrder: true })).toThrow(words);
    expect(joinSamples({ ...tables, allowMissing: true, anyOrder: true }).ids).toEqual(
      matrix.filter((id) => id !== 'y'),
    );
  });

  it.each([
    ['TCGA-A1-01', 'TCGA.A1.01'],
    ['17-4', 'X17.4'],
    ['s1', 's1 '],
    ['S1', 's1'],
  ])('%j that the matrix spells %j is shown', (id, other) => {
    const tables = { files, matrix: ['other', other], clinical: clinical(`${id}\t1\t1`), allowMissing: false };
    const hint = expect.stringContaining(`it has ${JSON.stringify(other)} and not ${JSON.stringify(id)}: `);

    expect(() => joinSamples({ ...tables, anyOrder: true })).toThrow(expect.objectContaining({ hint }));
  });

  it('a listed sample that --where leaves out may be missing', () => {
    const table = parseClinical(octets('sample\ttime\tevent\na\t1\t1\nb\t2\t1\n'), 'c.tsv');
    const tables = { files, matrix: ['a'], clinical: samplesOf(table, COLUMNS, parseWhere('time < 2')) };

    expect(joinSamples({ ...tables, listed: ['a', 'b'], allowMissing: false, anyOrder: false }).ids).toEqual(['a']);
  });

  it('in another order than the matrix they are named, unless any order will do', () => {
    const tables = { files, matrix: ['a', 'b', 'c'], clinical: three, allowMissing: false };

    expect(() => joinSamples({ ...tables, anyOrder: false })).toThrow(
      '1 of the samples stands in another order than in the matrix: c',
    );
    expect(joinSamples({ ...tables, anyOrder: true }).counts.sameOrder).toBe(false);
  });

  it('of many that are missing five are named, and counted all', () => {
    const many = clinical(...Array.from({ length: 1200 }, (_, index) => `s${index}\t1\t1`));

    expect(() => joinSamples({ files, matrix: ['s0'], clinical: many, allowMissing: false, anyOrder: true })).toThrow(
      '1,199 of the samples are not in the matrix: s1, s2, s3, s4, s5 and 1,194 more',
    );
  });

  it.each([
    [clinical('q\t1\t1'), 'no sample is left'],
    [clinical('a\t1\t0', 'b\t1\t0'), '0 of 2 samples have an event; at least 1 is needed'],
  ])('%# nothing to compute is an error', (samples, words) => {
    expect(() =>
      joinSamples({ files, matrix: ['a', 'b'], clinical: samples, allowMissing: true, anyOrder: true }),
    ).toThrow(words);
  });
});

describe('a list of samples', () => {
  it('has an id a line', () => {
    expect(parseSampleList(octets('a\r\n\nb\nc'), 's.txt')).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['a\nb\na\n', 'sample ids that stand twice in the list: a'],
    ['a\tb\n', 'line 1 has several cells'],
    ['\n\n', 'it has no sample ids'],
  ])('%j is refused', (text, words) => {
    expect(() => parseSampleList(octets(text), 's.txt')).toThrow(words);
  });
});
