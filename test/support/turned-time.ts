import type { ApplyResult } from '../../src/engine/types.ts';
import { apply } from '../../src/operations/apply.ts';
import type { ApplyOptions } from '../../src/operations/apply.ts';
import type { TestEstate } from './estate.ts';
import { virtualTime } from './virtual-time.ts';
import { tapped } from './wiretap.ts';
import type { TappedAccount } from './wiretap.ts';

/** An apply whose lease lives in time that is turned: nobody waits for one that was not given back. */
export async function applyInTime(
  estate: TestEstate,
  account: TappedAccount = tapped(estate.account, () => undefined),
  options: Partial<ApplyOptions> = {},
): Promise<ApplyResult> {
  const time = virtualTime();
  const endpoint = { kind: 'embedded', account } as const;
  const applying = apply(await estate.load(), { endpoint, leaseClock: time.clock(), ...options });
  const { result } = await time.run(applying, account.isBusy);
  return result!;
}
