import { expect, it } from 'vitest';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { apply } from '../src/operations/apply.ts';
import { createEstate } from './support/estate.ts';
import { ruleOf } from './support/rules.ts';
import { scheduleYaml } from './support/schedule-estate.ts';
import { serviceFault, tapped } from './support/wiretap.ts';

it('a guard stops an apply also where nobody can tell whether somebody else applies', async () => {
  const estate = await createEstate();
  for (const name of ['a', 'b']) {
    const yaml = scheduleYaml(['every: rate(10 minutes)', `tagKey: ${name}`], name);
    estate.write(`${name}.yaml`, yaml.replace(`{ name: ${name} }`, `{ name: ${name}, onRemove: delete }`));
  }
  expect((await estate.apply()).outcome).toBe('applied');
  rmSync(join(estate.directory, 'config', 'b.yaml'));
  let looks = 0;
  const account = tapped(estate.account, ({ service, command }) => {
    // The first is before the look, the second asks who was there meanwhile, the third takes the lease.
    if (service === 'S3' && command === 'GetObject' && (looks += 1) === 2) throw serviceFault('AccessDenied', 403);
  });

  const { result } = await apply(await estate.load(), { endpoint: { kind: 'embedded', account } });

  expect(result).toMatchObject({ outcome: 'refused', done: [], guards: [{ code: 'deletes', allowed: false }] });
  expect(looks).toBeGreaterThan(2);
  expect(await ruleOf(estate, 'b')).toBeDefined();
});
