import { readFile } from 'node:fs/promises';
import { digestOf } from '../engine/digest.ts';
import type { Plan } from '../engine/types.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

/** A reviewed plan is read into memory whole (threats T43). */
const MAX_PLAN_BYTES = 8 * 1024 * 1024;
const FORMAT: string = 'trueup/plan@1';

/**
 * Reads a plan that `plan --out` wrote. Its digest is computed anew and never believed.
 * @throws CliError TU3001 for a file that is no plan, of another version, or was edited: exit 3.
 */
export async function readPlanFile(path: string): Promise<Plan> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw unusable(path, `cannot be read: ${cause.message}`);
  });
  if (bytes.length > MAX_PLAN_BYTES) throw unusable(path, `is larger than ${MAX_PLAN_BYTES} bytes`);
  const plan = parse(path, bytes.toString('utf8'));
  if (digestOf(plan) !== plan.digest)
    throw unusable(
      path,
      'was edited after it was made, or made by a trueup that seals otherwise: its content has another digest',
    );
  return plan;
}

function parse(path: string, text: string): Plan {
  let plan: Partial<Plan> | null;
  try {
    plan = JSON.parse(text) as Partial<Plan> | null;
  } catch {
    throw unusable(path, 'is not JSON');
  }
  if (typeof plan !== 'object' || plan === null || !plan.format?.startsWith('trueup/plan@')) {
    throw unusable(path, 'is not a plan');
  }
  if (plan.format !== FORMAT) throw unusable(path, `is another version's: this one reads ${FORMAT}`);
  const lists = [plan.documents, plan.actions, plan.guards, plan.findings];
  if (!lists.every(Array.isArray) || typeof plan.digest !== 'string' || typeof plan.owner !== 'string') {
    throw unusable(path, 'is not a whole plan');
  }
  return plan as Plan;
}

function unusable(path: string, why: string): CliError {
  return new CliError('TU3001', `${path} ${why}`, {
    exitCode: EXIT.stale,
    hint: 'make a new one: trueup plan --out plan.json. Nothing was changed',
  });
}
