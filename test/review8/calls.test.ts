import { expect, it, vi } from 'vitest';
import { createEstate } from '../support/estate.ts';
import { invocation, memoryCell } from '../support/loop-runs.ts';
import { tapped } from '../support/wiretap.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';
vi.setConfig({ testTimeout: 200_000 });
it('R26 calls of a look grow with the square of the estate', async () => {
  const per: number[] = [];
  for (const count of [20, 40]) {
    const estate = await createEstate();
    for (let i = 0; i < count; i += 1)
      estate.write(`n${i}.yaml`, scheduleYaml(['every: rate(10 minutes)', `tagKey: K${i}`], `new-${String(i).padStart(2, '0')}`));
    await estate.apply();
    const account = tapped(estate.account, () => undefined);
    await invocation(estate, { state: memoryCell(), account });
    const by: Record<string, number> = {};
    for (const { service, command } of account.attempts) by[`${service}.${command}`] = (by[`${service}.${command}`] ?? 0) + 1;
    console.log('R26', count, account.attempts.length, JSON.stringify(Object.fromEntries(Object.entries(by).sort(([, a], [, b]) => b - a).slice(0, 8))));
    per.push(account.attempts.length / count);
  }
  expect(per[1]! / per[0]!).toBeLessThan(1.2);
});
