import { applyEstate } from '../engine/apply.ts';
import type { Lease } from '../engine/lease.ts';
import { outputsOf } from '../engine/outputs.ts';
import type { PlanRun } from '../engine/plan.ts';
import { repositoryOf } from '../git/repository-of.ts';
import type { ApplyResult, Clock, Plan } from '../engine/types.ts';
import type { Redaction } from './github/public.ts';
import { leaseTimeouts, lookForCalm, takeLease } from './lease.ts';
import { lookAndPlan, worldOptions } from './plan.ts';
import type { CommandOptions } from './plan.ts';
import { RECORD_SETS } from '../resources/record-sets/types.ts';
import type { Project } from './project.ts';
import { silent } from './reporter.ts';
import { withMovers } from './who.ts';
import { connect } from './world.ts';
import type { WorldOptions } from './world.ts';

export interface ApplyOptions extends CommandOptions {
  /** What was reviewed; without it the plan made now is applied. */
  readonly reviewed?: Plan;
  /** How `reviewed` shows a plan; default: as it is. */
  readonly shown?: Redaction;
  /** Asked with the plan that was made now before anything is written; false: nothing is. */
  confirm?(plan: Plan): Promise<boolean>;
  /** Aborted: calls in flight end, nothing new starts. */
  readonly stop?: AbortSignal;
  /** Called before the lease is taken, and when it is held; what it throws ends the apply before its first write. */
  beforeWrites?(): Promise<void>;
  /** Called when the lease is held and writing may begin. */
  onHeld?(): void;
  /** By which the lease is watched and renewed; default: the process's own monotonic clock. */
  readonly leaseClock?: Clock;
}

export interface AppliedPlan {
  readonly plan: Plan;
  /** Undefined: not confirmed. */
  readonly result: ApplyResult | undefined;
  /** A plan right after it; undefined: nothing was written, or nobody could look. */
  readonly after?: Plan;
}

/** Plans, unseals what was reviewed, takes the lease, applies, and plans once more: that plan must be empty. */
export async function apply(project: Project, options: ApplyOptions): Promise<AppliedPlan> {
  const { reviewed, reporter = silent } = options;
  // Records that were reviewed are looked at; a mirror that the plan leaves alone costs one look at its SOA.
  const isListed = reviewed?.actions.some(({ type }) => type === RECORD_SETS) ?? true;
  let lease: Lease | undefined;
  let after: PlanRun | undefined;
  const chosen: WorldOptions = {
    ...worldOptions(options, { role: 'apply', listing: isListed ? 'always' : 'when-moved' }),
    timeouts: leaseTimeouts(project),
    ...(options.stop && { stop: options.stop }),
    gate: () => lease?.permit(),
  };
  const aws = connect(project, chosen);
  const calm = await lookForCalm(project, aws);
  const { world, run } = await lookAndPlan(project, aws, chosen, options);
  let looked = run;
  if (options.confirm && !(await options.confirm(run.plan))) return { plan: run.plan, result: undefined };

  const stop = options.stop ?? new AbortController().signal;
  const result = await applyEstate(world, {
    fresh: run,
    ...(reviewed && { reviewed }),
    ...(options.shown && { shown: options.shown }),
    confirmed: options.confirm !== undefined,
    overrides: project.settings.overrides,
    stop,
    onStep: (id, text) => reporter.onStep(id, text),
    onEnd: (ending) => reporter.onEnd(ending),
    async lease() {
      let isWaiting = false;
      await options.beforeWrites?.();
      const taken = await takeLease(project, aws, {
        endpoint: options.endpoint,
        repository: await repositoryOf(project.directory, process.env),
        stop,
        calm,
        ...(options.leaseClock && { clock: options.leaseClock }),
        onWait(holder, expires) {
          isWaiting = true;
          reporter.onWait(holder, expires);
        },
      });
      if (isWaiting) reporter.onTurn();
      await options.beforeWrites?.().catch(async (error: unknown) => {
        await taken.release();
        throw error;
      });
      lease = taken;
      options.onHeld?.();
      return {
        ...taken,
        async release() {
          lease = undefined;
          return taken.release();
        },
      };
    },
    async disturbed() {
      // Where a guard stands nobody was asked, and nobody has said yes to going on.
      if (options.confirm && run.plan.guards.some(({ allowed }) => !allowed)) return false;
      const now = await lookForCalm(project, aws);
      return now?.version !== calm?.version || now === undefined;
    },
    async lookAgain() {
      const again = await lookAndPlan(project, aws, chosen, options);
      looked = again.run;
      return again;
    },
    async replan() {
      const again = await lookAndPlan(project, aws, { ...chosen, listing: 'always' }, options);
      after = again.run;
      return after.plan;
    },
  });
  const isRefused = reviewed !== undefined && result.refused.length > 0;
  const told = isRefused
    ? await withMovers(result, reviewed, { aws, accounts: project.accounts, run: looked })
    : result;
  const outputs = outputsOf(world, after ?? looked, told);
  return {
    plan: run.plan,
    result: { ...told, ...(outputs.length > 0 && { outputs }) },
    ...(after && { after: after.plan }),
  };
}
