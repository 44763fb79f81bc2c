import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseState, shortSeal } from '../../src/operations/loop/state.ts';
import type { LoopState } from '../../src/operations/loop/state.ts';
import { dynamoDbCell } from '../../src/resources/cell/dynamodb-cell.ts';
import { createEmbeddedTable, TableName } from '../support/embedded-table.ts';

const ROW = 'trueup/acme-network/loop/main';

async function createCell() {
  const table = await createEmbeddedTable();
  return { table, cell: await dynamoDbCell(table.client, TableName, ROW) };
}

/** Of a loop that has seen so many documents in line. */
function stateOver(documents: number): string {
  const seals = Array.from({ length: documents }, (_, index): [string, string] => [
    `InstanceSchedule/office-hours-of-a-team-${String(index).padStart(5, '0')}`,
    shortSeal(randomBytes(32).toString('hex')),
  ]);
  return JSON.stringify({ format: 'trueup/loop@1', inLine: Object.fromEntries(seals) } satisfies LoopState);
}

describe('a text in a row of a table', () => {
  it('lies there as it is, when it is short', async () => {
    const { table, cell } = await createCell();

    const version = await cell.create('{"holder":null}');

    expect(await table.get({ pk: { S: ROW } })).toMatchObject({ record: { S: '{"holder":null}' } });
    expect(await cell.read()).toEqual({ text: '{"holder":null}', version });
    expect(await cell.replace('{}', version!)).not.toBe(undefined);
    expect(await cell.replace('{"late":1}', version!)).toBe(undefined);
    expect((await cell.read())?.text).toBe('{}');
  });

  it('may be the state of a loop over 10,000 documents', async () => {
    const { cell } = await createCell();
    const text = stateOver(10_000);
    // More than a row holds.
    expect(Buffer.byteLength(text)).toBeGreaterThan(409_600);

    const version = await cell.create(text);
    expect(await cell.read()).toEqual({ text, version });
    const other = stateOver(10_000);
    await cell.replace(other, version!);

    expect((await cell.read())?.text).toBe(other);
  });

  it('TU3018 is refused where it would not fit, and what was there stays', async () => {
    const { cell } = await createCell();
    const version = await cell.create('{}');

    await expect(cell.replace(stateOver(30_000), version!)).rejects.toMatchObject({
      code: 'TU3018',
      message: expect.stringMatching(
        /^the row trueup\/acme-network\/loop\/main of the table leases would take \d{3} KB, compressed, and/,
      ),
    });

    expect(await cell.read()).toEqual({ text: '{}', version });
  });

  it.each([
    ['no gzip at all', randomBytes(5_000)],
    ['cut off', gzipSync(randomBytes(5_000)).subarray(0, 4_000)],
    ['as large as memory, once it is inflated', gzipSync(Buffer.alloc(33 * 1024 * 1024))],
  ])('is none of ours, and nothing is done by it, when it is %s', async (_what, octets) => {
    const { table, cell } = await createCell();
    await table.put({ pk: { S: ROW }, version: { S: 'v' }, record: { B: octets } });

    const stored = await cell.read();

    expect(stored).toEqual({ text: '', version: 'v' });
    expect(() => parseState(stored?.text)).toThrow(expect.objectContaining({ code: 'TU3017' }));
  });
});
