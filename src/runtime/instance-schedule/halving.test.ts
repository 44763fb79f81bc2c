import { describe, expect, it } from 'vitest';
import { inHalves } from './halving.ts';

const ITEMS = Array.from({ length: 200 }, (_, index) => index);

function serviceError(name: string): Error {
  return Object.assign(new Error(name), { name, $metadata: {} });
}

/** A service that refuses calls with any of these. */
function service(bad: (item: number) => boolean, error: Error) {
  let calls = 0;
  return {
    calls: () => calls,
    async call(batch: readonly number[]): Promise<void> {
      calls += 1;
      if (batch.some(bad)) throw error;
    },
  };
}

describe('inHalves', () => {
  it.each<[string, (item: number) => boolean, string, number, number]>([
    ['nothing is refused', () => false, 'Any', 0, 4],
    ['one of fifty is refused', (item) => item === 17, 'IncorrectInstanceState', 1, 16],
    ['every tenth is refused', (item) => item % 10 === 0, 'OperationNotPermitted', 20, 180],
    ['one is denied', (item) => item === 3, 'UnauthorizedOperation', 1, 16],
    ['everything is denied', () => true, 'UnauthorizedOperation', 200, 60],
    ['everything is throttled', () => true, 'RequestLimitExceeded', 200, 4],
  ])('%s', async (_what, bad, name, refused, most) => {
    const { call, calls } = service(bad, serviceError(name));

    const endings = await inHalves(ITEMS, call, { batch: 50, isOver: () => false });

    expect(endings.map(([item]) => item)).toEqual(ITEMS);
    expect(endings.filter(([, error]) => error !== undefined).length).toBe(refused);
    expect(calls()).toBeLessThanOrEqual(most);
  });

  it('what never came to the service is not sent again in parts', async () => {
    const { call, calls } = service(() => true, new Error('getaddrinfo ENOTFOUND'));

    const endings = await inHalves(ITEMS, call, { batch: 50, isOver: () => false });

    expect([endings.length, calls()]).toEqual([200, 4]);
  });

  it('begins nothing once the time is over, and says of what it did not', async () => {
    const { call, calls } = service(() => false, new Error(''));

    const endings = await inHalves(ITEMS, call, { batch: 50, isOver: () => calls() >= 2 });

    expect(calls()).toBe(2);
    expect(endings.filter(([, error]) => (error as Error | undefined)?.name === 'TimeOver').length).toBe(100);
  });
});
