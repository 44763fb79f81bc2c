import bucketFanOutSchema from '../../schemas/bucket-fan-out.schema.json' with { type: 'json' };
import instanceScheduleSchema from '../../schemas/instance-schedule.schema.json' with { type: 'json' };
import reconcileLoopSchema from '../../schemas/reconcile-loop.schema.json' with { type: 'json' };
import survivalServiceSchema from '../../schemas/survival-service.schema.json' with { type: 'json' };
import zoneMirrorSchema from '../../schemas/zone-mirror.schema.json' with { type: 'json' };
import type { Document, Estate, Finding, Kind, VerifyCheck } from '../engine/types.ts';
import { bucketFanOut } from './bucket-fan-out/index.ts';
import { asks as asksOfBucketFanOut } from './bucket-fan-out/asks.ts';
import { look as lookAroundBucketFanOut } from './bucket-fan-out/look.ts';
import type { BucketFanOut } from './bucket-fan-out/places.ts';
import { verbAsks as verbAsksOfBucketFanOut } from './bucket-fan-out/verb-asks.ts';
import { instanceSchedule } from './instance-schedule/index.ts';
import { asks as asksOfInstanceSchedule } from './instance-schedule/asks.ts';
import { look as lookAroundInstanceSchedule } from './instance-schedule/look.ts';
import type { InstanceSchedule } from './instance-schedule/places.ts';
import type { Ask, Readers } from './readers.ts';
import { asks as asksOfReconcileLoop } from './reconcile-loop/asks.ts';
import { reconcileLoop } from './reconcile-loop/index.ts';
import { look as lookAroundReconcileLoop } from './reconcile-loop/look.ts';
import type { ReconcileLoop } from './reconcile-loop/loop-document.ts';
import { asks as asksOfSurvivalService } from './survival-service/asks.ts';
import { survivalService } from './survival-service/index.ts';
import { look as lookAroundSurvivalService } from './survival-service/look.ts';
import type { SurvivalService } from './survival-service/places.ts';
import { verbAsks as verbAsksOfSurvivalService } from './survival-service/verb-asks.ts';
import { verify as verifySurvivalService } from './survival-service/verify.ts';
import { zoneMirror } from './zone-mirror/index.ts';
import { asks as asksOfZoneMirror } from './zone-mirror/asks.ts';
import { look as lookAroundZoneMirror } from './zone-mirror/look.ts';
import type { ZoneMirrorSpec } from './zone-mirror/spec.gen.ts';
import { verify as verifyZoneMirror } from './zone-mirror/verify.ts';

/** A kind, the schema of its documents, and what of it asks the world. */
export interface RegisteredKind {
  readonly kind: Kind;
  readonly schema: object;
  readonly look?: Look;
  readonly verify?: Verify;
  /** What these two ask of IAM beside what resources say. */
  readonly asks?: Asks;
  /** What verbs of its own ask of the apply role beside that. */
  readonly verbAsks?: Asks;
}

type Look = (document: Document, estate: Estate, readers: Readers) => Promise<readonly Finding[]>;
type Asks = (document: Document, estate: Estate) => readonly Ask[];
type Verify = (document: Document, estate: Estate, readers: Readers) => Promise<readonly VerifyCheck[]>;

/** All kinds, in the order of their names: a kind that speaks of kinds is told them. */
const NAMES = ['BucketFanOut', 'InstanceSchedule', 'ReconcileLoop', 'SurvivalService', 'ZoneMirror'] as const;

/** One entry a kind: all that trueup knows of its kinds is here. */
const REGISTRY = {
  BucketFanOut: {
    kind: bucketFanOut,
    schema: bucketFanOutSchema,
    look: (document, estate, readers) => lookAroundBucketFanOut(document as BucketFanOut, estate, readers),
    asks: (document, estate) => asksOfBucketFanOut(document as BucketFanOut, estate),
    verbAsks: (document, estate) => verbAsksOfBucketFanOut(document as BucketFanOut, estate),
  },
  InstanceSchedule: {
    kind: instanceSchedule,
    schema: instanceScheduleSchema,
    look: (document, estate, readers) => lookAroundInstanceSchedule(document as InstanceSchedule, estate, readers),
    asks: (document, estate) => asksOfInstanceSchedule(document as InstanceSchedule, estate),
  },
  ReconcileLoop: {
    kind: reconcileLoop(NAMES),
    schema: reconcileLoopSchema,
    look: (document, estate, readers) => lookAroundReconcileLoop(document as ReconcileLoop, estate, readers),
    asks: (_document, estate) => asksOfReconcileLoop(estate),
  },
  SurvivalService: {
    kind: survivalService,
    schema: survivalServiceSchema,
    look: (document, estate, readers) => lookAroundSurvivalService(document as SurvivalService, estate, readers),
    verify: (document, estate, readers) => verifySurvivalService(document as SurvivalService, estate, readers),
    asks: (document, estate) => asksOfSurvivalService(document as SurvivalService, estate),
    verbAsks: (document, estate) => verbAsksOfSurvivalService(document as SurvivalService, estate),
  },
  ZoneMirror: {
    kind: zoneMirror,
    schema: zoneMirrorSchema,
    look: (document, estate, readers) => lookAroundZoneMirror(document as Document<ZoneMirrorSpec>, estate, readers),
    verify: (document, estate, readers) => verifyZoneMirror(document as Document<ZoneMirrorSpec>, estate, readers),
    asks: (document, estate) => asksOfZoneMirror(document as Document<ZoneMirrorSpec>, estate),
  },
} as const satisfies Readonly<Record<(typeof NAMES)[number], RegisteredKind>>;

/** Whatever must know every kind (test/conformance) does not compile while it lacks one. */
export type KindName = keyof typeof REGISTRY;

export const KINDS: readonly RegisteredKind[] = Object.values(REGISTRY);

/** The kinds with their eyes open. */
export function openKinds(readers: Readers): ReadonlyMap<string, Kind> {
  return new Map(
    KINDS.map(({ kind, look, verify }) => [
      kind.kind,
      {
        ...kind,
        ...(look && { look: (document: Document, estate: Estate) => look(document, estate, readers) }),
        ...(verify && { verify: (document: Document, estate: Estate) => verify(document, estate, readers) }),
      },
    ]),
  );
}
