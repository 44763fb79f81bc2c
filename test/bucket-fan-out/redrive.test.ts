import { describe, expect, it } from 'vitest';
import { openFanOutVerbs } from '../support/fan-out-verbs.ts';

/** Lambda tries an event three times, after one minute and two. */
const RETRIES_MS = 10 * 60_000;

function expected(keys: readonly string[]): readonly string[] {
  return [...keys.map((key) => `${key}: of ${key}`), ...keys.map((key) => `from-acme/${key}: of ${key}`)];
}

describe('dead letters of a destination that failed for a while', () => {
  it('are copied once it is well again; before, each stays and says why', async () => {
    const verbs = await openFanOutVerbs();
    await verbs.put('a');
    await verbs.shut();
    for (const key of ['b', 'c', 'd e+f']) await verbs.put(key);
    await verbs.estate.account.advance(RETRIES_MS);

    const told = await verbs.status();
    expect(told.ok).toBe(false);
    expect(told.destinations[0]).toMatchObject({ deadLetters: { visible: 0 }, copies: { done: 4, failed: 0 } });
    expect(told.destinations[1]).toMatchObject({ deadLetters: { visible: 3 }, copies: { done: 1, failed: 3 } });
    expect(told.destinations[1]!.errors!.map(({ key, error }) => [key, error.split(':')[0]])).toStrictEqual(
      expect.arrayContaining([
        ['b', 'AccessDenied'],
        ['c', 'AccessDenied'],
        ['d e+f', 'AccessDenied'],
      ]),
    );

    const early = await verbs.redrive();
    expect(early).toMatchObject({ ok: false, redriven: 0, left: 3, interrupted: false });
    expect(early.failed.map(({ destination, keys, outcome }) => [destination, ...keys, outcome]).sort()).toStrictEqual([
      ['partner.invoices/from-acme/', 'b', 'failed'],
      ['partner.invoices/from-acme/', 'c', 'failed'],
      ['partner.invoices/from-acme/', 'd e+f', 'failed'],
    ]);
    expect(early.failed[0]!.reason).toMatch(/AccessDenied/);

    await verbs.open();
    expect(await verbs.redrive()).toMatchObject({
      ok: true,
      redriven: 3,
      failed: [],
      left: 0,
      destinations: [{ redriven: 0 }, { redriven: 3, counts: { copied: 3, duplicates: 0 } }],
    });
    expect(await verbs.copies()).toStrictEqual(expected(['a', 'b', 'c', 'd e+f']));
    expect(await verbs.redrive()).toMatchObject({ ok: true, redriven: 0, left: 0 });
    expect(await verbs.status()).toMatchObject({ ok: true });
  });
});
