import { isRecord } from './canonical-json.ts';
import { BundleError } from './errors.ts';

/** What is signed of a bundle. */
export interface BundleStatement {
  readonly format: 'trueup/bundle@1';
  /** Of the estate, as Settings name it. */
  readonly owner: string;
  /** Full id. */
  readonly commit: string;
  /** ISO 8601, UTC: the committer's time. */
  readonly committedAt: string;
  /** Commits on the first-parent line up to this one. */
  readonly generation: number;
  /** SHA-256 of all that stands behind the gzip header, hexadecimal. */
  readonly digest: string;
  /** How many files. */
  readonly files: number;
  /** Octets of all files. */
  readonly bytes: number;
}

/** What is signed of an approval. */
export interface ApprovalStatement {
  readonly format: 'trueup/approval@1';
  readonly owner: string;
  readonly commit: string;
  readonly generation: number;
  /** Digest of the bundle that the plans were made of. */
  readonly bundle: string;
  readonly plans: readonly ApprovedDigest[];
  /** ISO 8601, UTC. */
  readonly approvedAt: string;
}

/** A plan in an approval. */
export interface ApprovedDigest {
  /** The plan's own, over what a reviewer agrees to. */
  readonly digest: string;
  /** SHA-256 of its whole text, hexadecimal. */
  readonly sha256: string;
  /** ISO 8601, UTC: when it was let pass first; one that is carried from an earlier approval keeps that. */
  readonly approvedAt: string;
}

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isHash = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isCommit = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(value);
const isTime = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/.test(value) && isOfClock(value);

/** There is no thirteenth month, and no 30th of February. */
function isOfClock(value: string): boolean {
  const time = Date.parse(value);
  const seconds = 'YYYY-MM-DDThh:mm:ss'.length;
  return Number.isFinite(time) && new Date(time).toISOString().slice(0, seconds) === value.slice(0, seconds);
}

const BUNDLE: Shape = {
  format: (value) => value === 'trueup/bundle@1',
  owner: isText,
  commit: isCommit,
  committedAt: isTime,
  generation: isCount,
  digest: isHash,
  files: isCount,
  bytes: isCount,
};
const PLAN: Shape = { digest: isHash, sha256: isHash, approvedAt: isTime };
const APPROVAL: Shape = {
  format: (value) => value === 'trueup/approval@1',
  owner: isText,
  commit: isCommit,
  generation: isCount,
  bundle: isHash,
  plans: (value) => Array.isArray(value) && value.every((plan) => fits(plan, PLAN)),
  approvedAt: isTime,
};

/** @throws BundleError `malformed` for anything else. */
export function bundleStatement(value: unknown): BundleStatement {
  if (fits(value, BUNDLE)) return value as BundleStatement;
  throw new BundleError('malformed', 'what was signed is no statement of a bundle of this version');
}

/** @throws BundleError `malformed` for anything else. */
export function approvalStatement(value: unknown): ApprovalStatement {
  if (fits(value, APPROVAL)) return value as ApprovalStatement;
  throw new BundleError('malformed', 'what was signed is no statement of an approval of this version');
}

function fits(value: unknown, shape: Shape): boolean {
  if (!isRecord(value) || Object.keys(value).length !== Object.keys(shape).length) return false;
  return Object.entries(shape).every(([name, isValid]) => isValid(value[name]));
}
