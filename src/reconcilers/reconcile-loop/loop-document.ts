import { approvalKey } from '../../bundle/approval-key.ts';
import { documentAddress } from '../../engine/address.ts';
import type { Address, Document, Estate, Place } from '../../engine/types.ts';
import { leaseBucket } from '../../resources/lease/bucket.ts';
import type { LoopStatePlace } from '../../resources/lease/loop-state.ts';
import { nameOf } from '../function/names.ts';
import type { ReconcileLoopGithub, ReconcileLoopIssue, ReconcileLoopSpec } from './spec.gen.ts';

export type ReconcileLoop = Document<ReconcileLoopSpec>;

export const KIND = 'ReconcileLoop';

export function isLoop(document: Document): document is ReconcileLoop {
  return document.kind === KIND;
}

/** Logical id of the function. */
export const LOOP = 'Loop';

/** An object in S3. */
export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/** Where the configuration comes from: exactly one. */
export type LoopSource = { readonly s3: ObjectPlace } | { readonly github: Readonly<ReconcileLoopGithub> };

/** What the function is told of its document, in `TRUEUP_DOCUMENT`. */
export interface LoopDocument extends Pick<ReconcileLoopSpec, 'mode' | 'selfUpdate' | 'every'> {
  readonly address: Address;
  /** Where the function lives: Settings' default account and region. */
  readonly place: Place;
  /** The estate's first owner: bundles, the lease and the state are named after it. */
  readonly owner: string;
  /** The first name of the document: the state is kept under it. */
  readonly name: string;
  readonly source: LoopSource;
  readonly approvals?: ObjectPlace;
  /** ARN of a KMS key. */
  readonly signingKey?: string;
  /** None: all. */
  readonly onlyKinds: readonly string[];
  readonly issue?: Readonly<ReconcileLoopIssue>;
  /** Where the state lies, beside the lease. */
  readonly store: LoopStatePlace['store'];
  readonly functionName: string;
}

/** Where the loop lives: nowhere else. */
export function homeOf(estate: Estate): Place {
  return estate.place();
}

export function sourceOf({ spec: { source } }: ReconcileLoop): LoopSource {
  const { s3, github } = source;
  if (s3) return { s3 };
  if (github) return { github };
  throw new Error('the schema admits no source that is neither');
}

/** Where approvals lie; undefined: the loop reads none. */
export function approvalsOf({ spec }: ReconcileLoop): ObjectPlace | undefined {
  if (spec.mode !== 'apply') return undefined;
  const { s3 } = spec.source;
  return spec.approvals ?? (s3 && { bucket: s3.bucket, key: approvalKey(s3.key) });
}

/** Where the loop's state lies. */
export function stateOf({ name, formerly }: ReconcileLoop, estate: Estate): LoopStatePlace {
  const [owner, place] = [estate.firstOwner, homeOf(estate)];
  const { bucket, table } = estate.lease;
  return {
    owner,
    name: formerly[0] ?? name,
    place,
    store: table === undefined ? { bucket: bucket ?? leaseBucket(owner, place).name } : { table },
  };
}

export function loopDocument(document: ReconcileLoop, estate: Estate): LoopDocument {
  const { mode, selfUpdate, every, onlyKinds, signingKey, issue } = document.spec;
  const { owner, name, store } = stateOf(document, estate);
  const approvals = approvalsOf(document);
  return {
    address: documentAddress(document),
    place: homeOf(estate),
    owner,
    name,
    source: sourceOf(document),
    ...(approvals && { approvals }),
    ...(signingKey !== undefined && { signingKey }),
    mode,
    selfUpdate,
    every,
    onlyKinds,
    ...(issue && { issue }),
    store,
    functionName: nameOf(document, estate, LOOP),
  };
}
