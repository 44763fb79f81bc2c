import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  QueryCommand,
  ScanCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { TableName, createEmbeddedTable } from '../support/embedded-table.ts';
import { errorOf } from '../support/embedded-zone.ts';

const NOW = Date.parse('2026-11-24T10:00:00Z');
const HOUR = 3600_000;

async function open() {
  const bench = await createEmbeddedTable({ now: () => NOW, table: { sorted: true } });
  const { client, put } = bench;
  return {
    ...bench,
    set: (Enabled: boolean, AttributeName = 'expires') =>
      client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled, AttributeName } })),
    look: async () => (await client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription,
    expiring: (sk: number, at: number) =>
      put({ pk: { S: 'a' }, sk: { N: String(sk) }, expires: { N: String(at / 1000) } }),
    async count() {
      const { Count } = await client.send(new ScanCommand({ TableName, Select: 'COUNT' }));
      return Count;
    },
  };
}

const key = (sk: number) => ({ pk: { S: 'a' }, sk: { N: String(sk) } });

describe('time to live', () => {
  it('is off until it is set, and changes once an hour', async () => {
    const { account, set, look } = await open();

    expect(await look()).toEqual({ TimeToLiveStatus: 'DISABLED' });
    expect((await errorOf(set(false))).message).toBe('TimeToLive is already disabled');
    expect((await set(true)).TimeToLiveSpecification).toEqual({ AttributeName: 'expires', Enabled: true });
    expect(await look()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expires' });
    expect((await errorOf(set(true))).message).toBe('TimeToLive is already enabled');
    expect((await errorOf(set(false))).message).toMatch(/multiple times/);
    account.elapse(HOUR);
    expect((await errorOf(set(false, 'other'))).message).toMatch(/current AttributeName is expires/);
    await set(false);

    expect(await look()).toEqual({ TimeToLiveStatus: 'DISABLED' });
  });

  it('takes items away at their moment, for every kind of call', async () => {
    const { account, client, set, expiring, get, put, update, remove, count } = await open();
    await set(true);
    await expiring(1, NOW + HOUR);
    await expiring(2, NOW + 2 * HOUR);
    account.elapse(HOUR - 1);
    expect(await get(key(1))).toBeDefined();
    account.elapse(1);

    expect(await get(key(1))).toBeUndefined();
    expect(await count()).toBe(1);
    const query = new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'a' } },
    });
    expect((await client.send(query)).Items).toHaveLength(1);
    expect(await remove(key(1), { ReturnValues: 'ALL_OLD' })).not.toHaveProperty('Attributes');
    await put({ ...key(1), fresh: { BOOL: true } }, { ConditionExpression: 'attribute_not_exists(pk)' });
    account.elapse(HOUR);
    const { Attributes } = await update(key(2), 'SET again = :a', {
      ExpressionAttributeValues: { ':a': { S: 'x' } },
      ReturnValues: 'ALL_NEW',
    });

    expect(Attributes).toEqual({ ...key(2), again: { S: 'x' } });
    expect(await get(key(1))).toEqual({ ...key(1), fresh: { BOOL: true } });
  });

  it('looks at numbers of seconds alone, and not at those of years ago', async () => {
    const { set, put, get } = await open();
    await set(true);
    await put({ ...key(1), expires: { S: String(NOW / 1000 - 1) } });
    await put({ ...key(2), expires: { N: '1' } });
    await put({ ...key(3), expires: { N: String(NOW) } });

    for (const sk of [1, 2, 3]) expect(await get(key(sk))).toBeDefined();
  });

  it('makes room as the clock turns', async () => {
    const { account, client, set, expiring } = await open();
    await set(true);
    for (let sk = 0; sk < 5; sk += 1) await expiring(sk, NOW + (sk + 1) * HOUR);
    const size = async () => (await client.send(new DescribeTableCommand({ TableName }))).Table?.ItemCount;

    await account.advance(3 * HOUR);
    await account.advance(6 * HOUR);

    expect(await size()).toBe(0);
  });
});
