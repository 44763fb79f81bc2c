import { describe, expect, it, vi } from 'vitest';
import { policyIn } from '../../src/iam/files.ts';
import {
  allowsOf,
  createExample,
  loopOf,
  makeRoles,
  PARTNER,
  policiesOf,
  troubles,
  withoutStatement,
} from '../support/generated-roles.ts';
import type { Change } from '../support/generated-roles.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

/** The example with machines in a second account: made and looked at. What went wrong at the first step. */
async function live(change?: Change): Promise<readonly string[]> {
  const estate = await createExample({ twoAccounts: true });
  await makeRoles(estate, await policiesOf(estate), change);
  const loop = await loopOf(estate);
  const plan = await loop.plan();
  const seen = troubles(plan).filter((text) => !text.startsWith('permission-missing'));
  if (seen.length > 0) return seen;
  const found = [...(await loop.applied(plan)), ...(await loop.looked())];
  return found.length > 0 ? found : troubles(await loop.plan());
}

const printed = await (async () => {
  let finish = async (): Promise<void> => undefined;
  const estate = await createExample({ twoAccounts: true, onFinished: (end) => (finish = end) });
  const result = await policiesOf(estate);
  await finish();
  return result;
})();

/** Asked only of what drifted or moved, and then nothing fails for want of it: nobody is named. */
const TRAIL = 'ReadTrail';

describe('the example in two accounts', () => {
  it('T65 is planned, applied and looked at by the trust that is printed, from one account into the other', async () => {
    expect(await live()).toEqual([]);
  });

  const inPartner = (['plan', 'apply'] as const).flatMap((role) =>
    allowsOf(policyIn(printed[role], 'partner')).map(({ Sid = '' }) => [role, Sid] as const),
  );

  it.each(inPartner.filter(([, sid]) => sid !== TRAIL))('the %s role needs %s there', async (role, sid) => {
    expect(await live(withoutStatement(sid, role, PARTNER))).not.toEqual([]);
  });

  it.each([
    ['is told', undefined, []],
    ['is not told by drift without ReadTrail', 'plan', ['drift: nobody is named']],
    ['is not told by apply without ReadTrail', 'apply', ['apply: nobody is named']],
  ] as const)('who changed what there %s', async (_, role, missing) => {
    const estate = await createExample({ twoAccounts: true });
    await makeRoles(estate, await policiesOf(estate), role && withoutStatement(TRAIL, role, PARTNER));
    const loop = await loopOf(estate);
    expect(await loop.applied(await loop.plan())).toEqual([]);
    expect(await loop.asked([PARTNER])).toEqual(missing);
  });

  it.each(['plan', 'apply'] as const)('the %s role needs OtherAccounts at home', async (role) => {
    expect(await live(withoutStatement('OtherAccounts', role))).not.toEqual([]);
  });
});
