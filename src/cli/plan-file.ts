import { open } from 'node:fs/promises';
import type { Plan } from '../engine/types.ts';
import { PlanDocumentError } from '../operations/errors.ts';
import { MAX_PLAN_BYTES, parsePlan } from '../operations/plan-document.ts';

/**
 * Reads a plan that `plan --out` wrote.
 * @throws PlanDocumentError for a file that is no plan, of another version, or was edited: exit 3.
 */
export async function readPlanFile(path: string): Promise<Plan> {
  const bytes = await readStart(path).catch((cause: Error) => {
    throw new PlanDocumentError(path, `cannot be read: ${cause.message}`);
  });
  return parsePlan(path, bytes);
}

/** One octet more than a plan may have, and never more than that: a size that is told beforehand may be none. */
async function readStart(path: string): Promise<Buffer> {
  const file = await open(path);
  const chunks: Buffer[] = [];
  for await (const chunk of file.createReadStream({ end: MAX_PLAN_BYTES })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
