import { openApproval } from '../../bundle/approval.ts';
import type { OpenedApproval } from '../../bundle/approval.ts';
import { BundleError } from '../../bundle/errors.ts';
import type { BundleCode } from '../../bundle/errors.ts';
import { MAX_APPROVAL_BYTES } from '../../bundle/limits.ts';
import { PlanDocumentError } from '../errors.ts';
import { parsePlan } from '../plan-document.ts';
import { LoopRefusal, refusalOf } from './refusal.ts';
import type { SignedObject } from './s3-source.ts';
import type { ApprovedPlan, Approvals } from './types.ts';

/** Signed, and of another tree, or of the same one before it went and came back. */
const NOT_OF_THIS: readonly BundleCode[] = ['other-bundle', 'rolled-back'];

/**
 * The approval that `trueup approve` wrote. One of another tree approves nothing of this one: that is how it is between a
 * publishing and its approval.
 */
export function s3Approvals({ object, name, owner, keyId, verify }: SignedObject): Approvals {
  return {
    async read({ digest, approvedSince }) {
      const stored = await object.read(MAX_APPROVAL_BYTES);
      if (stored === undefined) return [];
      if (stored === 'too-large') throw new LoopRefusal('too-large', `${name} is larger than an approval may be`);
      let approval: OpenedApproval;
      try {
        approval = await openApproval(stored.bytes, {
          owner,
          keyId,
          verify,
          bundle: digest,
          ...('generation' in approvedSince && { lastGeneration: approvedSince.generation }),
        });
      } catch (error) {
        if (error instanceof BundleError && NOT_OF_THIS.includes(error.code)) return [];
        throw refusalOf(`the approval ${name}`, error);
      }
      const { statement, plans } = approval;
      if ('commit' in approvedSince && approvedSince.commit !== statement.commit) return [];
      return plans.map(({ digest: said, text, approvedAt }) => ({
        digest: said,
        plan: planOf(said, text),
        approvedAt,
      }));
    },
  };

  function planOf(said: string, text: string): ApprovedPlan['plan'] {
    try {
      const plan = parsePlan(name, Buffer.from(text));
      if (plan.digest === said) return plan;
      throw new LoopRefusal('bad-plan', `${name} names the plan ${said}, and holds ${plan.digest}`);
    } catch (error) {
      if (error instanceof PlanDocumentError) throw new LoopRefusal('bad-plan', error.message, error);
      throw error;
    }
  }
}
