import { createHash } from 'node:crypto';
import { canonicalJson, isRecord, parseCanonicalJson } from './canonical-json.ts';
import { envelopeOf, seal, unseal } from './dsse.ts';
import type { Signer } from './dsse.ts';
import type { BundleExpectation } from './bundle.ts';
import { BundleError } from './errors.ts';
import { MAX_APPROVAL_BYTES } from './limits.ts';
import { approvalStatement } from './statement.ts';
import type { ApprovalStatement, BundleStatement } from './statement.ts';

/** DSSE's `payloadType`. */
const PAYLOAD_TYPE = 'application/vnd.trueup.approval+json';

/** A plan as `plan --out` wrote it. */
export interface PlanToApprove {
  /** Its own digest. */
  readonly digest: string;
  /** All of its text. */
  readonly text: string;
  /** ISO 8601, UTC: when it was let pass first; default: now. */
  readonly approvedAt?: string;
}

export type ApprovedPlan = Required<PlanToApprove>;

/** What an approval must be to be taken. */
export interface ApprovalExpectation extends BundleExpectation {
  /** Digest of the bundle that it must be of; default: any. */
  readonly bundle?: string;
}

export interface OpenedApproval {
  readonly statement: ApprovalStatement;
  readonly plans: readonly ApprovedPlan[];
}

/**
 * `{ envelope, plans }` as JSON, each plan with its whole text.
 * @param approvedAt ISO 8601, UTC
 * @throws BundleError `too-large`
 */
export async function makeApproval(
  {
    bundle,
    plans,
    approvedAt,
  }: {
    readonly bundle: BundleStatement;
    readonly plans: readonly PlanToApprove[];
    readonly approvedAt: string;
  },
  signer: Signer,
): Promise<{ readonly bytes: Uint8Array; readonly statement: ApprovalStatement }> {
  const statement: ApprovalStatement = {
    format: 'trueup/approval@1',
    owner: bundle.owner,
    commit: bundle.commit,
    generation: bundle.generation,
    bundle: bundle.digest,
    plans: plans.map(({ digest, text, approvedAt: first = approvedAt }) => {
      return { digest, sha256: hashOf(text), approvedAt: first };
    }),
    approvedAt,
  };
  const envelope = await seal(PAYLOAD_TYPE, statement, signer);
  const bytes = Buffer.from(canonicalJson({ envelope, plans: plans.map(({ text }) => text) }));
  if (bytes.length > MAX_APPROVAL_BYTES) throw new BundleError('too-large', 'the plans are too large for one approval');
  return { bytes, statement };
}

/**
 * The plans that an approval names. No plan is read before key, signature, owner, generation and bundle hold, and each is
 * the text that was signed. What a plan says of itself (its `digest`) is for its reader to check.
 * @throws BundleError
 */
export async function openApproval(
  bytes: Uint8Array,
  { owner, keyId, verify, lastGeneration, bundle }: ApprovalExpectation,
): Promise<OpenedApproval> {
  if (bytes.length > MAX_APPROVAL_BYTES) throw new BundleError('too-large', 'it is larger than an approval may be');
  const { envelope, texts } = partsOf(parseCanonicalJson(bytes, 'malformed', 'it'));
  const signed = envelopeOf(envelope);
  const statement = approvalStatement(await unseal(signed, { payloadType: PAYLOAD_TYPE, keyId, verify }));
  if (statement.owner !== owner) {
    throw new BundleError('wrong-owner', `it is of the estate ${statement.owner}, not of ${owner}`);
  }
  const plans = statement.plans.map(({ digest, sha256, approvedAt }, index): ApprovedPlan => {
    const text = texts[index];
    if (text !== undefined && hashOf(text) === sha256) return { digest, text, approvedAt };
    throw new BundleError('altered', 'its plans are not those that were signed');
  });
  if (texts.length !== plans.length) throw new BundleError('altered', 'its plans are not those that were signed');
  if (lastGeneration !== undefined && statement.generation < lastGeneration) {
    const message = `it is of generation ${statement.generation}, and ${lastGeneration} was taken before`;
    throw new BundleError('rolled-back', message);
  }
  if (bundle !== undefined && statement.bundle !== bundle) {
    throw new BundleError('other-bundle', `it is of the bundle ${statement.bundle}, not of ${bundle}`);
  }
  return { statement, plans };
}

function partsOf(value: unknown): { readonly envelope: unknown; readonly texts: readonly string[] } {
  if (isRecord(value) && Object.keys(value).length === 2 && Array.isArray(value['plans'])) {
    const texts: readonly unknown[] = value['plans'];
    if (texts.every((text) => typeof text === 'string')) return { envelope: value['envelope'], texts };
  }
  throw new BundleError('malformed', 'it is no approval');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
