import type { TreeFile } from '../../bundle/tar-write.ts';
import type { LeftAlone, NotHealed } from '../../engine/heal.ts';
import type { Address, Clock, Plan } from '../../engine/types.ts';
import type { Cell } from '../../resources/cell/types.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Project } from '../project.ts';
import type { Floor } from './floor.ts';
import type { RefusalCode } from './refusal.ts';

/** What is allowed to a run. */
export type LoopMode = 'report' | 'heal' | 'apply';

/** A configuration tree as the source has it. */
export interface Fetched {
  /** Names are relative to the configuration's folder. */
  readonly files: readonly TreeFile[];
  /** Full id. */
  readonly commit: string;
  /** Commits up to it; undefined: the source cannot say, and has made sure itself that it is no older one. */
  readonly generation?: number;
  /** Of the tree as a bundle. */
  readonly digest: string;
  readonly approvedSince: Standing;
}

/**
 * Which approvals of a tree count: those from a generation on, or of one commit. One of the same tree may have been given
 * before it went and came back.
 */
export type Standing = { readonly generation: number } | { readonly commit: string };

/** What was taken before. */
export interface Taken {
  readonly commit?: string;
  readonly generation?: number;
}

export interface LoopSource {
  /** @throws LoopRefusal for what is not there, older than what was taken, or not what it says. */
  read(taken: Taken): Promise<Fetched>;
}

/** A plan that somebody let pass for exactly one tree. */
export interface ApprovedPlan {
  readonly digest: string;
  readonly plan: Plan;
  /** ISO 8601, UTC: when it was let pass first, which an approval that carries it over keeps. */
  readonly approvedAt: string;
}

export interface Approvals {
  /** What was approved of this tree; none: nothing. @throws LoopRefusal for an approval that is forged or altered. */
  read(fetched: Fetched): Promise<readonly ApprovedPlan[]>;
}

/** The loop's document, as far as a run must know it. */
export interface LoopSettings {
  readonly address: Address;
  /** The estate's first owner. */
  readonly owner: string;
  /** Twelve digits: where the loop lives, the estate's default account. */
  readonly account: string;
  readonly mode: LoopMode;
  /** None: all. */
  readonly onlyKinds: readonly string[];
  /** May it write what its own document declares? */
  readonly selfUpdate: boolean;
  /** May it do no more than the configuration that it takes lets it, either? What it was told may be older. */
  readonly heedsDocument: boolean;
  /** Kinds to which that configuration keeps it as well; absent or none: to no fewer. */
  readonly heededKinds?: readonly string[];
}

/** One more invocation of a run. */
export interface Continuation {
  /** Id of the run. */
  readonly run: string;
  /** Which invocation of it, from 1: events may come twice, and each is taken once. */
  readonly part: number;
}

export interface LoopRequest {
  readonly loop: LoopSettings;
  readonly source: LoopSource;
  readonly approvals?: Approvals;
  readonly state: Cell;
  /** By which the state is known, where others may write it; absent: nobody else does. */
  readonly floor?: Floor;
  readonly endpoint: Endpoint;
  /** Ends the names of assumed sessions. */
  readonly run: string;
  /** Whose estate it is, `github.com/acme/estate`; undefined: it cannot be told. */
  readonly repository?: string;
  /** What another invocation left to this one. */
  readonly continues?: Continuation;
  /** Milliseconds that are left; infinite where nothing ends the process. */
  left(): number;
  /** By which the lease is watched and renewed; default: the process's own monotonic clock. */
  readonly leaseClock?: Clock;
  /** Aborted shortly before the end: calls in flight end, nothing new starts. */
  readonly stop: AbortSignal;
  /** Starts the invocation that goes on with a run; absent: there is none, and no end of time. */
  onward?(next: Continuation): Promise<void>;
  /** Told what a run came to that took its configuration; whom that is told is said there. Nothing of it ends the run. */
  tell?(ran: RanLoop): Promise<void>;
  /** Folder that messages name files in; default: `config`. */
  readonly directory?: string;
}

/** A run that took its configuration. */
export interface RanLoop {
  readonly project: Project;
  readonly answer: LoopAnswer;
  /** As which role of Settings it worked. */
  readonly role: LoopRole;
}

/** A loop takes one role of each account, as it was deployed for: the planning one only where it reports. */
export type LoopRole = 'plan' | 'apply';

/** How a run ended. */
export type LoopOutcome =
  /** Everything is as it should be. */
  | 'in-line'
  /** Something differs, and is left. */
  | 'drifted'
  /** What differed is undone. */
  | 'healed'
  /** What was approved is applied. */
  | 'applied'
  /** Not everything could be looked at or written. */
  | 'partial'
  /** Another invocation goes on. */
  | 'goes-on'
  /** The configuration was not taken; nothing was looked at. */
  | 'refused'
  /** Another run is going on, or has taken this one's place. */
  | 'busy';

/** What a run found and did, over all its invocations. */
export interface LoopAnswer {
  readonly outcome: LoopOutcome;
  readonly document: Address;
  readonly mode: LoopMode;
  readonly commit?: string;
  readonly generation?: number;
  /** Which invocation of the run, from 1. */
  readonly invocation: number;
  readonly documents: number;
  readonly drifted: readonly Difference[];
  /** How many things differ: `drifted` names the first of them. */
  readonly differences: number;
  /** How many of them are left. */
  readonly open: number;
  /** Actions that were done to undo drift, and of approved plans. */
  readonly healed: number;
  readonly applied: number;
  /** Documents that differ for another reason than drift, with the reason. */
  readonly left: readonly LeftAlone[];
  /** How many documents these are, in all and by reason: `left` names the first of them. */
  readonly leftAlone: number;
  readonly reasons: Readonly<Partial<Record<NotHealed, number>>>;
  readonly failed: readonly { readonly id: Address; readonly error: string }[];
  /** Others have held the lease for so long that somebody should look. */
  readonly keptOut?: true;
  /** What it knew of earlier runs was not what it wrote: nothing of it was believed. */
  readonly forgot?: true;
  readonly refusal?: { readonly code: RefusalCode; readonly message: string };
  /** Is it told for the first time? What was told of the last run is not told again. */
  readonly news: LoopNews;
}

/** Something that the world changed. */
export interface Difference {
  readonly id: Address;
  readonly document: Address;
  /** Fields; none: the object is gone. */
  readonly fields: readonly string[];
  /** Who did it, `ARN, event, time`, where it can be told. */
  readonly who?: string;
  /** Its document was healed since. */
  readonly undone?: true;
}

export interface LoopNews {
  /** Drift that was not there at the end of the last run. */
  readonly opened: boolean;
  /** There was drift, and there is none any more. */
  readonly gone: boolean;
  /** A failure or refusal that the last run did not have. */
  readonly failed: boolean;
}
