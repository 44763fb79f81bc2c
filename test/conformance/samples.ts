import type { KindName } from '../../src/reconcilers/registry.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import { bucketFanOutSamples } from './bucket-fan-out.ts';
import { instanceScheduleSamples } from './instance-schedule.ts';
import { reconcileLoopSamples } from './reconcile-loop.ts';
import { survivalServiceSamples } from './survival-service.ts';
import { zoneMirrorSamples } from './zone-mirror.ts';

/** A change of a document: its YAML before and after. */
export type Edit = (yaml: string) => string;

/** What the laws need to know of a kind; everything else they find out from its own resources. */
export interface KindSamples {
  /** Starts what the documents refer to beside AWS; returns how it ends. */
  start(): Promise<{ readonly samples: StartedSamples; readonly end: () => Promise<void> }>;
}

export interface SampleEdit {
  readonly edit: Edit;
  readonly moves: readonly string[];
  /** Types of resources that the document has no longer after it; default: it has the same ones. */
  readonly takes?: readonly string[];
}

export interface StartedSamples {
  /** Whatever the documents refer to in the account. */
  prepare(account: EmbeddedAccount): void | Promise<void>;
  /** What the documents take of Settings, beside what every stage has. */
  readonly settings?: Edit;
  /** A document with every resource type that the kind makes. */
  document(name: string): string;
  /**
   * Edits that move managed properties: by what they are, the edit, and the properties (`type.property`) that it moves.
   * Together with `unmoved` they must name every managed property of every type.
   */
  readonly edits: Readonly<Record<string, SampleEdit>>;
  /** Managed properties that no edit of a document can move in place, with the reason. */
  readonly unmoved: Readonly<Record<string, string>>;
}

/** A kind that is registered without samples does not compile. */
export const SAMPLES: Readonly<Record<KindName, KindSamples>> = {
  BucketFanOut: bucketFanOutSamples,
  InstanceSchedule: instanceScheduleSamples,
  ReconcileLoop: reconcileLoopSamples,
  SurvivalService: survivalServiceSamples,
  ZoneMirror: zoneMirrorSamples,
};
