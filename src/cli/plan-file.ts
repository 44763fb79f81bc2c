import { open } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import planSchema from '../../schemas/output/plan.schema.json' with { type: 'json' };
import { digestOf } from '../engine/digest.ts';
import type { Plan } from '../engine/types.ts';
import { CliError } from './errors.ts';
import { EXIT } from './exit-codes.ts';

/** A reviewed plan is read into memory whole (threats T43). */
const MAX_PLAN_BYTES = 8 * 1024 * 1024;
const FORMAT: string = 'trueup/plan@1';

/** Effects are shown and not sealed, and of each kind the fields are its own: here they need a code. */
const SHAPE = {
  ...planSchema,
  $defs: { ...planSchema.$defs, effect: { type: 'object', required: ['document', 'code'] } },
};

/**
 * Reads a plan that `plan --out` wrote. Its digest is computed anew and never believed.
 * @throws CliError TU3001 for a file that is no plan, of another version, or was edited: exit 3.
 */
export async function readPlanFile(path: string): Promise<Plan> {
  const bytes = await readStart(path).catch((cause: Error) => {
    throw unusable(path, `cannot be read: ${cause.message}`);
  });
  if (bytes.length > MAX_PLAN_BYTES) throw unusable(path, `is larger than ${MAX_PLAN_BYTES} bytes`);
  const plan = parse(path, bytes.toString('utf8'));
  if (digestIn(path, plan) !== plan.digest)
    throw unusable(
      path,
      'was edited after it was made, or made by a trueup that seals otherwise: its content has another digest',
    );
  return plan;
}

/** One octet more than a plan may have, and never more than that: a size that is told beforehand may be none. */
async function readStart(path: string): Promise<Buffer> {
  const file = await open(path);
  const chunks: Buffer[] = [];
  for await (const chunk of file.createReadStream({ end: MAX_PLAN_BYTES })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Values are of any depth, also of one that no digest can be made of. */
function digestIn(path: string, plan: Plan): string {
  try {
    return digestOf(plan);
  } catch {
    throw unusable(path, 'is not a whole plan');
  }
}

function parse(path: string, text: string): Plan {
  let plan: { readonly format?: unknown } | null;
  try {
    plan = JSON.parse(text) as typeof plan;
  } catch {
    throw unusable(path, 'is not JSON');
  }
  const format = typeof plan === 'object' ? plan?.format : undefined;
  if (typeof format !== 'string' || !format.startsWith('trueup/plan@')) throw unusable(path, 'is not a plan');
  if (format !== FORMAT) throw unusable(path, `is another version's: this one reads ${FORMAT}`);
  const ajv = new Ajv2020({ allowUnionTypes: true });
  if (!ajv.validate(SHAPE, plan)) {
    const [fault] = ajv.errors ?? [];
    throw unusable(path, `is not a whole plan: ${fault?.instancePath || '/'} ${fault?.message ?? 'is not valid'}`);
  }
  return plan as Plan;
}

function unusable(path: string, why: string): CliError {
  return new CliError('TU3001', `${path} ${why}`, {
    exitCode: EXIT.stale,
    hint: 'make a new one: trueup plan --out plan.json. Nothing was changed',
  });
}
