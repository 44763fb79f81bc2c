import type { Configuration } from './configuration.ts';
import type { MirrorWorld } from './mirror-world.ts';
import { countsOf, foreseePass } from './pass.ts';

/**
 * What Route 53 holds, beside what the primary just sent: what the next run would do, guards and all. A version that no
 * run has seen yet is no fault.
 */
export async function compareRecords(
  configuration: Configuration,
  { world }: MirrorWorld,
): Promise<{ readonly detail: string }> {
  const { run, outcome, findings } = await foreseePass(configuration, world);
  const { serial, add = 0, change = 0, remove = 0, unchanged = 0 } = countsOf(run.plan);
  const [first] = findings;
  if (outcome === 'blocked' && first) throw new Error(`the next run is blocked: ${first.message}`);
  if (outcome === 'failed') throw new Error(findings.map(({ message }) => message).join('; '));
  if (add + change + remove === 0)
    return { detail: `Route 53 holds what the primary serves: ${unchanged} record set${unchanged === 1 ? '' : 's'}` };
  const differs = `${add} to add, ${change} to change, ${remove} to remove`;
  if (serial?.from === serial?.to) throw new Error(`Route 53 holds other records at the same serial: ${differs}`);
  const next = configuration.document.spec.records === 'reviewed' ? 'the next apply' : 'the next run';
  return {
    detail: `the primary has moved on from serial ${serial?.from ?? 'none'} to ${serial?.to}; ${next} brings ${differs}`,
  };
}
