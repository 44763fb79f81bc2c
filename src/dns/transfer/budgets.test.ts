import { describe, expect, it } from 'vitest';

import { type Budgets, BudgetWatch } from './budgets.ts';

const BUDGETS: Budgets = {
  connect: 10,
  firstByte: 60,
  idle: 50,
  minRate: 1000,
  minRateWindow: 100,
  total: 1000,
  bytes: Infinity,
  records: Infinity,
};

/** Octets that satisfy the minimum rate over one window. */
const ENOUGH = 100;

function watch(): BudgetWatch {
  return new BudgetWatch(BUDGETS, 0, { name: 'total', at: BUDGETS.total });
}

describe('BudgetWatch', () => {
  it.each([
    { at: 9, struck: undefined },
    { at: 10, struck: 'connect' },
  ])('after $at ms without a connection: $struck', ({ at, struck }) => {
    expect(watch().struck(at)).toBe(struck);
  });

  it.each([
    { at: 64, struck: undefined },
    { at: 65, struck: 'first-byte' },
  ])('after $at ms, connected at 5, without an answer: $struck', ({ at, struck }) => {
    const one = watch();
    one.connected(5);

    expect(one.struck(at)).toBe(struck);
  });

  it.each([
    { at: 69, struck: undefined },
    { at: 70, struck: 'idle' },
  ])('after $at ms, the last octets at 20: $struck', ({ at, struck }) => {
    const one = watch();
    one.connected(0);
    one.received(ENOUGH, 20);

    expect(one.struck(at)).toBe(struck);
  });

  it.each([
    { octets: 2, struck: 'min-rate' },
    { octets: 10, struck: undefined },
  ])('T82 $octets octets every 10 ms: $struck', ({ octets, struck }) => {
    const one = watch();
    one.connected(0);
    for (let at = 0; at <= 100; at += 10) one.received(octets, at);

    expect(one.struck(100)).toBe(struck);
  });

  it('measures the rate anew in each window', () => {
    const one = watch();
    one.connected(0);
    one.received(ENOUGH, 0);
    one.received(1, 60);
    expect(one.struck(100)).toBeUndefined();
    for (let at = 110; at <= 200; at += 10) one.received(1, at);

    expect(one.struck(200)).toBe('min-rate');
  });

  it('T82 ends a stream that never ends', () => {
    const one = watch();
    one.connected(0);
    let at = 0;
    for (; one.struck(at) === undefined; at += 10) one.received(ENOUGH, at);

    expect(one.struck(at)).toBe('total');
    expect(at).toBe(BUDGETS.total);
  });

  it('asks to be called when the next budget can strike', () => {
    const one = watch();
    expect(one.nextCheck()).toBe(10);
    one.connected(5);
    expect(one.nextCheck()).toBe(65);
    one.received(ENOUGH, 20);
    expect(one.nextCheck()).toBe(70);
    one.received(ENOUGH, 90);
    expect(one.nextCheck()).toBe(120);
  });
});
