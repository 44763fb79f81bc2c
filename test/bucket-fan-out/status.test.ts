import { DeleteTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { openFanOutVerbs } from '../support/fan-out-verbs.ts';

describe('the status of a fan-out', () => {
  it('counts copies by destination and state, and says how long they took', async () => {
    const verbs = await openFanOutVerbs(['key: { replace: [{ pattern: "-[0-9]", with: "" }] }']);
    await verbs.put('c-1');
    await verbs.put('c-2');
    await verbs.put('d');
    await verbs.shut();
    await verbs.put('e');
    const { account } = verbs.estate;
    await account.advance(10 * 60_000);
    const status = await verbs.status();
    expect(status).toMatchObject({ ok: false, document: 'BucketFanOut/invoices', counted: { all: true } });
    const [us, partner] = status.destinations;
    expect(us).toMatchObject({
      function: 'present',
      deadLetters: { visible: 0 },
      work: { visible: 0 },
      copies: { done: 3, collision: 1, failed: 0, copying: 0 },
      lag: { copies: 3 },
      errors: [],
    });
    expect(us!.oldest).toBeUndefined();
    expect(us!.lag!.p50).toBeLessThanOrEqual(us!.lag!.max);
    expect(partner).toMatchObject({
      copies: { done: 2, collision: 1, failed: 1 },
      oldest: { key: 'e' },
      errors: [{ key: 'e', error: expect.stringMatching(/^AccessDenied/) as string }],
      deadLetters: { visible: 1 },
    });
    expect(partner!.oldest!.seconds).toBeGreaterThanOrEqual(600);
    await account.advance(2 * 3_600_000);
    expect((await verbs.status()).destinations[0]!.lag).toBeUndefined();
  });

  it('tells of one key what is known of it at each destination', async () => {
    const verbs = await openFanOutVerbs(['filter: { prefix: 2026/ }', 'key: { strip: 2026/ }']);
    await verbs.put('2026/a', 'one');
    await verbs.put('2026/a', 'other');
    const { destinations, counted } = await verbs.status('2026/a');
    expect(counted).toBeUndefined();
    expect(destinations.map(({ asked }) => asked?.key)).toStrictEqual(['a', 'from-acme/a']);
    const { rows } = destinations[0]!.asked!;
    expect(rows.map(({ state, size, current }) => `${state} ${size} ${current}`).sort()).toStrictEqual([
      'done 3 false',
      'done 5 true',
    ]);
    expect((await verbs.status('2026/none')).destinations[0]!.asked).toStrictEqual({ key: 'none', rows: [] });
    expect((await verbs.status('2025/a')).destinations[0]!.asked).toStrictEqual({
      why: 'the filter leaves it out',
      rows: [],
    });
  });

  it('stops where the ledger is larger than is read, and says so', async () => {
    const verbs = await openFanOutVerbs();
    // Rows of 1,000 octets and more: a page holds 1 MB.
    const far = 'x'.repeat(900);
    for (let index = 0; index < 700; index += 1) await verbs.fill(`${far}${index}`);
    const all = await verbs.status();
    expect(all.counted).toStrictEqual({ rows: 700, all: true });
    const some = await verbs.status(undefined, 100);
    expect(some.counted!.all).toBe(false);
    expect(some.counted!.rows).toBeLessThan(700);
    expect(some.counted!.rows).toBeGreaterThanOrEqual(100);
  });

  it('says that nothing has been applied yet', async () => {
    const verbs = await openFanOutVerbs();
    const table = verbs.estate.account.client(DynamoDBClient, { region: 'eu-west-1' });
    const TableName = verbs.told[0]!.ledger.table;
    await table.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await table.send(new DeleteTableCommand({ TableName }));
    await expect(verbs.status()).rejects.toMatchObject({ code: 'TU2035' });
  });
});
