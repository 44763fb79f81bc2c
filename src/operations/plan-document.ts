import { Ajv2020 } from 'ajv/dist/2020.js';
import planSchema from '../../schemas/output/plan.schema.json' with { type: 'json' };
import { digestOf } from '../engine/digest.ts';
import type { Plan } from '../engine/types.ts';
import { PlanDocumentError } from './errors.ts';

/** A reviewed plan is read into memory whole (threats T43). */
export const MAX_PLAN_BYTES = 8 * 1024 * 1024;
const FORMAT: string = 'trueup/plan@1';

/** Effects are shown and not sealed, and of each kind the fields are its own: here they need a code. */
const SHAPE = {
  ...planSchema,
  $defs: { ...planSchema.$defs, effect: { type: 'object', required: ['document', 'code'] } },
};

/**
 * A plan as `plan --out` wrote it. Its digest is computed anew and never believed.
 *
 * @param name of where it comes from, for the message.
 * @throws PlanDocumentError for what is no plan, of another version, or was edited.
 */
export function parsePlan(name: string, bytes: Buffer): Plan {
  if (bytes.length > MAX_PLAN_BYTES) throw new PlanDocumentError(name, `is larger than ${MAX_PLAN_BYTES} bytes`);
  const plan = parse(name, bytes.toString('utf8'));
  if (plan.offline) throw new PlanDocumentError(name, 'was made without a look at any account');
  if (digestIn(name, plan) === plan.digest) return withoutEffects(plan);
  throw new PlanDocumentError(
    name,
    'was edited after it was made, or made by a trueup that seals otherwise: its content has another digest',
  );
}

/** As JSON effects are cut for whoever reads them there; they are not sealed, and nothing is shown by their rest. */
function withoutEffects(plan: Plan): Plan {
  return { ...plan, documents: plan.documents.map((document) => ({ ...document, effects: [] })) };
}

/** Values are of any depth, also of one that no digest can be made of. */
function digestIn(name: string, plan: Plan): string {
  try {
    return digestOf(plan);
  } catch {
    throw new PlanDocumentError(name, 'is not a whole plan');
  }
}

function parse(name: string, text: string): Plan {
  let plan: { readonly format?: unknown } | null;
  try {
    plan = JSON.parse(text) as typeof plan;
  } catch {
    throw new PlanDocumentError(name, 'is not JSON');
  }
  const format = typeof plan === 'object' ? plan?.format : undefined;
  if (typeof format !== 'string' || !format.startsWith('trueup/plan@'))
    throw new PlanDocumentError(name, 'is not a plan');
  if (format !== FORMAT) throw new PlanDocumentError(name, `is another version's: this one reads ${FORMAT}`);
  const ajv = new Ajv2020({ allowUnionTypes: true });
  if (!ajv.validate(SHAPE, plan)) {
    const [fault] = ajv.errors ?? [];
    throw new PlanDocumentError(
      name,
      `is not a whole plan: ${fault?.instancePath || '/'} ${fault?.message ?? 'is not valid'}`,
    );
  }
  return plan as Plan;
}
