import type { ApprovedDigest, BundleStatement } from './statement.ts';

/** Calls by service. */
type Calls = Readonly<Record<string, { readonly reads: number; readonly writes: number }>>;

/** A bundle as it lies there now. */
export interface PublishedBundle extends Pick<BundleStatement, 'commit' | 'committedAt' | 'generation' | 'digest'> {
  /** `kind/name` of the document that reads it. */
  readonly document: string;
  readonly bucket: string;
  readonly key: string;
  readonly action: 'published' | 'unchanged';
  /** What lay there before. */
  readonly previous?: Pick<BundleStatement, 'commit' | 'generation' | 'digest'>;
  /** Does the document apply what is approved? */
  readonly approvable: boolean;
}

/** `trueup/publish@1`. */
export interface PublishResult {
  readonly format: 'trueup/publish@1';
  readonly owner: string;
  readonly bundles: readonly PublishedBundle[];
  readonly calls: Calls;
}

/** The approval of a bundle as it lies there now. */
export interface GivenApproval {
  /** `kind/name` of the document that applies it. */
  readonly document: string;
  readonly bucket: string;
  readonly key: string;
  /** Digest of the bundle. */
  readonly bundle: string;
  readonly commit: string;
  readonly generation: number;
  /** All that are approved now. */
  readonly plans: readonly ApprovedDigest[];
  /** `extended`: others were approved before. */
  readonly action: 'approved' | 'extended' | 'unchanged';
}

/** `trueup/approve@1`. */
export interface ApproveResult {
  readonly format: 'trueup/approve@1';
  readonly owner: string;
  readonly approvals: readonly GivenApproval[];
  readonly calls: Calls;
}
