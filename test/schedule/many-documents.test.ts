import { describe, expect, it } from 'vitest';
import { createEstate } from '../support/estate.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

const REGIONS = ['eu-west-1', 'us-east-1'];

/** Calls to EC2 of one plan of so many documents, each with a tag key of its own, about instances in the same places. */
async function callsOfPlan(documents: number): Promise<number> {
  const estate = await createEstate();
  for (let index = 0; index < documents; index += 1) {
    const spec = [`regions: [${REGIONS.join(', ')}]`, `tagKey: Key${index}`];
    estate.write(`office-${index}.yaml`, scheduleYaml(spec, `office-${index}`));
  }
  const { documents: planned } = await estate.plan();
  expect(planned).toHaveLength(documents);
  return estate.account.calls()['ec2']?.reads ?? 0;
}

describe('many documents in the same places', () => {
  it('a plan asks EC2 for each of them, and not for each pair', async () => {
    const [few, many] = [await callsOfPlan(5), await callsOfPlan(20)];

    expect(few).toBeGreaterThanOrEqual(5 * REGIONS.length);
    expect(many).toBeLessThanOrEqual(4 * few);
  });
});
