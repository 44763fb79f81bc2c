import type { Address, ApplyResult, Plan } from '../../engine/types.ts';

/** What a body says that no plan knows. */

/** Where a run of a workflow can be read. */
export interface RunFacts {
  /** Of the run's page; what is no plain URL is not linked. */
  readonly url: string;
}

export interface CommentFacts {
  readonly scope: string;
  /** SHA of the pull request's head. */
  readonly head: string;
  readonly run?: RunFacts;
  /** The pull request was merged already. */
  readonly merged?: true;
  /** The branch that it goes into, only where that is not the default branch: nothing is applied from there. */
  readonly into?: string;
}

export interface PlanCommentFacts extends CommentFacts {
  /** Nothing was looked at: the plan says what the configuration declares. */
  readonly offline?: true;
  /** What drifted elsewhere. The URL is that of the drift issue. */
  readonly elsewhere?: { readonly objects: number; readonly url?: string };
  /** What became of the plan. */
  readonly status?: PlanStatus;
}

/** What became of a plan after it was shown. */
export type PlanStatus =
  | {
      readonly kind: 'applied';
      /** ISO 8601, UTC. */
      readonly at: string;
      readonly result: ApplyResult;
      /** The plan that was applied: gives the count its total. */
      readonly plan?: Plan;
      readonly run?: RunFacts;
    }
  | {
      readonly kind: 'out-of-date';
      /** Number of the pull request that was merged in between. */
      readonly pull: number;
      /** Documents of this plan that it changed. */
      readonly documents: readonly Address[];
      /** This one was merged, too: nothing of it is left to apply. */
      readonly merged?: true;
    };
