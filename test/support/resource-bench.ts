import { createAws } from '../../src/aws/clients.ts';
import type { Aws } from '../../src/aws/clients.ts';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, EmbeddedOptions } from '../../src/embedded/index.ts';
import { applyEstate } from '../../src/engine/apply.ts';
import { driftOf } from '../../src/engine/drift.ts';
import { planEstate } from '../../src/engine/plan.ts';
import type { PlanRequest } from '../../src/engine/plan.ts';
import type { ApplyResult, Desired, Document, DriftResult, Kind, Plan, ResourceType } from '../../src/engine/types.ts';
import { createScheduler } from '../../src/engine/world.ts';
import type { World } from '../../src/engine/world.ts';
import { backendOf, clockOf, pacingClockOf } from '../../src/operations/endpoint.ts';
import { HERE, OWNER, fakeDocument } from './fake-world.ts';
import type { FakeSpec } from './fake-world.ts';

/** Documents of given resources over the embedded account, for tests of resource types without a kind. */
export interface ResourceBench {
  readonly account: EmbeddedAccount;
  documents: Document[];
  plan(): Promise<Plan>;
  apply(reviewed?: Plan): Promise<ApplyResult>;
  drift(): Promise<DriftResult>;
  /** Writing calls so far. */
  writes(): number;
}

const kind: Kind<FakeSpec> = { kind: 'Fake', compile: ({ spec }) => spec.resources, summary: ({ name }) => name };

export function createResourceBench(
  typesOf: (aws: Aws) => readonly ResourceType[],
  resources: readonly Desired[],
  options: EmbeddedOptions = {},
): ResourceBench {
  const account = openEmbedded('memory', { now: () => Date.parse('2026-11-24T10:00:00Z'), ...options });
  const endpoint = { kind: 'embedded', account } as const;

  /** A world that has seen nothing yet, as a new command has it. */
  function createWorld(): World {
    const aws = createAws({
      backend: backendOf(endpoint, HERE.account),
      accounts: new Map([[HERE.account, { alias: 'prod', id: HERE.account }]]),
      defaultAccount: HERE.account,
      defaultRegion: HERE.region,
      role: 'apply',
      run: 'test',
      clock: pacingClockOf(endpoint),
    });
    return {
      kinds: new Map([['Fake', kind as Kind]]),
      types: new Map(typesOf(aws).map((type) => [type.type, type])),
      estate: {
        owner: OWNER,
        tags: {},
        place: (id = HERE.account, region = HERE.region) => ({ account: id, region }),
        handler: (name) => ({ sha256: name, version: '1.0.0' }),
        document: (address) => bench.documents.find((one) => `${one.kind}/${one.name}` === address),
      },
      formerOwners: [],
      clock: clockOf(endpoint),
      schedule: createScheduler(),
      calls: () => aws.calls(),
    };
  }

  const request = (): PlanRequest => ({
    documents: bench.documents,
    all: bench.documents,
    accounts: { prod: HERE.account },
    config: { commit: null, dirty: false, digest: '' },
    overrides: [],
    partial: false,
  });

  const bench: ResourceBench = {
    account,
    documents: [fakeDocument('app', resources)],
    plan: async () => (await planEstate(createWorld(), request())).plan,
    async apply(reviewed) {
      const world = createWorld();
      return applyEstate(world, {
        fresh: await planEstate(world, request()),
        ...(reviewed && { reviewed: JSON.parse(JSON.stringify(reviewed)) as Plan }),
        overrides: [],
        stop: new AbortController().signal,
        onStep() {},
        onEnd() {},
        replan: bench.plan,
      });
    },
    async drift() {
      const world = createWorld();
      const { plan } = await planEstate(world, request());
      return driftOf(world, plan, [HERE]);
    },
    writes: () => Object.values(account.calls()).reduce((sum, { writes }) => sum + writes, 0),
  };
  return bench;
}
