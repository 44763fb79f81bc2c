import { open } from 'node:fs/promises';
import type { Plan } from '../engine/types.ts';
import type { PlanFile } from '../operations/approve.ts';
import { PlanDocumentError } from '../operations/errors.ts';
import { MAX_PLAN_BYTES, parsePlan } from '../operations/plan-document.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

/**
 * Reads a plan that `plan --out` wrote.
 * @throws CliError TU3001 for a file that is no plan, of another version, or was edited: exit 3.
 */
export async function readPlanFile(path: string): Promise<Plan> {
  return (await readPlanText(path)).plan;
}

/**
 * The same, with all of its text.
 * @throws CliError TU3001
 */
export async function readPlanText(path: string): Promise<PlanFile> {
  const bytes = await readStart(path).catch((cause: Error) => {
    throw unusable(`${path} cannot be read: ${cause.message}`);
  });
  try {
    return { name: path, plan: parsePlan(path, bytes), text: bytes.toString('utf8') };
  } catch (error) {
    if (error instanceof PlanDocumentError) throw unusable(error.message);
    throw error;
  }
}

/** One octet more than a plan may have, and never more than that: a size that is told beforehand may be none. */
async function readStart(path: string): Promise<Buffer> {
  const file = await open(path);
  const chunks: Buffer[] = [];
  for await (const chunk of file.createReadStream({ end: MAX_PLAN_BYTES })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function unusable(message: string): CliError {
  const hint = 'make a new one: trueup plan --out plan.json. Nothing was changed';
  return new CliError('TU3001', message, { exitCode: EXIT.stale, hint });
}
