import { applyEstate } from '../../engine/apply.ts';
import { planEstate } from '../../engine/plan.ts';
import type { PlanRun } from '../../engine/plan.ts';
import type { Action, ApplyResult, Finding, Plan, Value } from '../../engine/types.ts';
import { equal } from '../../engine/value.ts';
import type { World } from '../../engine/world.ts';
import type { MirrorAnswer, MirrorOutcome } from '../../resources/record-sets/function-contract.ts';
import type { Configuration } from './configuration.ts';

export interface PassRequest {
  /** Of a mirror in `reviewed` mode: what was reviewed. Nothing: such a mirror is only reported. */
  readonly expect?: Value;
  /** Aborted shortly before the function's time is over: calls in flight end, nothing new starts. */
  readonly stop: AbortSignal;
}

/** What a pass would do now: everything but the writing. */
export interface Foreseen {
  readonly run: PlanRun;
  /** The outcome, unless something is to be written. */
  readonly outcome: 'failed' | 'blocked' | 'unchanged' | undefined;
  /** What blocks comes first; a guard that trips is among it. */
  readonly findings: readonly Finding[];
}

export async function foreseePass({ document }: Configuration, world: World): Promise<Foreseen> {
  const run = await planEstate(world, {
    documents: [document],
    all: [document],
    accounts: {},
    config: { commit: null, dirty: false, digest: '' },
    overrides: [],
    partial: false,
  });
  const { plan } = run;
  const said = plan.documents.flatMap((planned) => planned.findings);
  const blocking = [...said.filter(({ severity }) => severity === 'blocks'), ...guardFindings(plan)];
  const findings = [...blocking, ...said.filter((finding) => !blocking.includes(finding))];
  if (!plan.complete) return { run, outcome: 'failed', findings };
  if (blocking.length > 0) return { run, outcome: 'blocked', findings };
  return { run, outcome: plan.actions.length === 0 ? 'unchanged' : undefined, findings };
}

/** One pass: plan, and inside the guards apply. What blocks a plan blocks this too, and nobody is there to override it. */
export async function mirrorPass(
  configuration: Configuration,
  world: World,
  request: PassRequest,
): Promise<MirrorAnswer> {
  const { run, outcome: foreseen, findings } = await foreseePass(configuration, world);
  const [action] = run.plan.actions;
  if (foreseen !== undefined || action === undefined) return answer(foreseen ?? 'unchanged', findings);
  if (configuration.document.spec.records === 'reviewed') {
    if (request.expect === undefined) return answer('reported', findings);
    if (!isReviewed(action, request.expect)) return answer('blocked', [movedSince(configuration)]);
  }
  const result = await applyEstate(world, {
    fresh: run,
    overrides: [],
    stop: request.stop,
    onStep() {},
    onEnd() {},
  });
  const failures = failureFindings(configuration, result);
  return answer(failures.length === 0 ? 'mirrored' : 'failed', [...failures, ...findings]);

  function answer(outcome: MirrorOutcome, said: readonly Finding[]): MirrorAnswer {
    return {
      outcome,
      document: configuration.address,
      ...countsOf(run.plan),
      findings: said.map(({ code, severity, message, hint }) => ({
        code,
        severity,
        message,
        ...(hint !== undefined && { hint }),
      })),
    };
  }
}

/** The plan's numbers, without a record in them. */
export function countsOf(plan: Plan): Partial<MirrorAnswer> {
  const data = plan.documents[0]?.effects.find(({ code }) => code === 'dns.records')?.data;
  if (!data) return {};
  const { serial, add, change, remove, unchanged, kept } = data;
  return { serial, add, change, remove, unchanged, kept } as unknown as Partial<MirrorAnswer>;
}

function guardFindings(plan: Plan): readonly Finding[] {
  return plan.guards.map(({ code, message, document = '' }) => ({
    document,
    code,
    severity: 'blocks',
    message,
    hint: `no override reaches the function: raise spec.guards.${code} of the document, apply, and take it back`,
  }));
}

function isReviewed(action: Action, expect: Value): boolean {
  return action.changes.every(({ after }) => equal(after, expect));
}

function movedSince({ address }: Configuration): Finding {
  const message = 'the zone is another than the reviewed one: plan again';
  return { document: address, code: 'moved-since-review', severity: 'blocks', message };
}

function failureFindings({ address }: Configuration, result: ApplyResult): readonly Finding[] {
  const isOver = result.outcome === 'interrupted';
  const words = isOver
    ? ['the time of the function was over before everything was written; the next run goes on from there']
    : result.failed.map(({ error }) => error);
  return words.map((message) => ({
    document: address,
    code: isOver ? 'out-of-time' : 'not-written',
    severity: 'blocks',
    message,
  }));
}
