import type { Interruption } from './interruption.ts';
import type { SurvivalRunFlags } from './survival-run.ts';
export async function runRemotely(_n: string, _f: SurvivalRunFlags, _i: Interruption): Promise<number> {
  return 1;
}
