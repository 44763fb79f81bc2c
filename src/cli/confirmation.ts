import type { Plan } from '../engine/types.ts';

/**
 * Does a person who was shown this plan want it? A plan that writes nothing needs no yes: one without actions, and one
 * that a guard stops as a whole, of which the apply says why.
 *
 * @param ask the answer to the question, as it was typed.
 */
export async function isWanted({ actions, guards }: Plan, ask: () => Promise<string>): Promise<boolean> {
  if (actions.length === 0 || guards.some(({ allowed }) => !allowed)) return true;
  return (await ask()).trim() === 'yes';
}
