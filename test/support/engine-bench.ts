import { applyEstate } from '../../src/engine/apply.ts';
import { driftOf } from '../../src/engine/drift.ts';
import { planEstate } from '../../src/engine/plan.ts';
import type { PlanRequest, PlanRun } from '../../src/engine/plan.ts';
import type { ApplyResult, Document, DriftResult, Plan } from '../../src/engine/types.ts';
import type { World } from '../../src/engine/world.ts';
import { HERE } from './fake-world.ts';

/** The engine's verbs over documents of a test. */
export interface EngineBench {
  documents: readonly Document[];
  /** What is asked beside the documents, such as limits of guards, overrides, a base. */
  request: Partial<PlanRequest>;
  /** A plan with what the executor needs. */
  look(): Promise<PlanRun>;
  plan(): Promise<Plan>;
  /** Applies a reviewed plan, as it comes out of its file, or what is found now. */
  apply(reviewed?: Plan): Promise<ApplyResult>;
  drift(): Promise<DriftResult>;
}

/** @param createWorld is called once a verb. */
export function createEngineBench(documents: readonly Document[], createWorld: () => World): EngineBench {
  const look = (world: World): Promise<PlanRun> =>
    planEstate(world, { ...requestOf(bench.documents), ...bench.request });
  const bench: EngineBench = {
    documents,
    request: {},
    look: () => look(createWorld()),
    plan: async () => (await bench.look()).plan,
    async apply(reviewed) {
      const world = createWorld();
      return applyEstate(world, {
        fresh: await look(world),
        ...(reviewed && { reviewed: JSON.parse(JSON.stringify(reviewed)) as Plan }),
        overrides: bench.request.overrides ?? [],
        stop: new AbortController().signal,
        onStep() {},
        onEnd() {},
        replan: bench.plan,
      });
    },
    async drift() {
      const world = createWorld();
      return driftOf(world, await look(world));
    },
  };
  return bench;
}

function requestOf(documents: readonly Document[]): PlanRequest {
  return {
    documents,
    all: documents,
    accounts: { prod: HERE.account },
    config: { commit: null, dirty: false, digest: '' },
    overrides: [],
    partial: false,
  };
}
