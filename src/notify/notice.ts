import type { Address } from '../engine/types.ts';

export type NoticeEvent = 'applied' | 'failed' | 'drift-opened' | 'drift-gone';

/**
 * What somebody is to read on a telephone: the answer first. It holds the program's words, figures and addresses; never a
 * value of a field. Names that others gave are as they were found: whoever renders it escapes them.
 */
export interface Notice {
  readonly event: NoticeEvent;
  /** The owner of Settings. */
  readonly estate: string;
  /** The answer, without the estate. */
  readonly title: string;
  /** Counts, the first documents, the next command. */
  readonly lines: readonly string[];
  /** Of the run, or the issue. */
  readonly url?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Of the plan. */
  readonly digest?: string;
  /** All that it is about, sorted. */
  readonly documents: readonly Address[];
}

/** What the one who looked or applied knows beside the result. */
export interface NoticeFacts {
  /** The owner of Settings. */
  readonly estate: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly url?: string;
}

/** Where `spec.notify` of Settings sends notices. */
export interface NotifySettings {
  /** ARN of a topic. */
  readonly sns?: string;
  /** Where the URL of a webhook lies: `ssm:/path` or `secretsmanager:name`. */
  readonly slack?: string;
}

/** Somebody was not told. It never ends anything. */
export interface NoticeFault {
  readonly to: keyof NotifySettings;
  /** A clause, without any secret. */
  readonly message: string;
}
