import { onTestFinished } from 'vitest';
import { createAws } from '../../src/aws/clients.ts';
import type { Aws } from '../../src/aws/clients.ts';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, EmbeddedOptions } from '../../src/embedded/index.ts';
import type { Desired, ResourceType } from '../../src/engine/types.ts';
import { createScheduler } from '../../src/engine/world.ts';
import type { World } from '../../src/engine/world.ts';
import { backendOf, clockOf, pacingClockOf } from '../../src/operations/endpoint.ts';
import { createInventory } from '../../src/resources/inventory.ts';
import { createEngineBench } from './engine-bench.ts';
import type { EngineBench } from './engine-bench.ts';
import { HERE, OWNER, createFakeWorld, fakeDocument } from './fake-world.ts';

/** Documents of given resources over the embedded account, for tests of resource types without a kind. */
export interface ResourceBench extends EngineBench {
  readonly account: EmbeddedAccount;
  /** Is everything with our marker looked for? Default: no. */
  searches: boolean;
  /** Types that have seen nothing yet, as a new command has them. */
  types(): ReadonlyMap<string, ResourceType>;
  /** Clients of a new command. */
  clients(): Aws;
  /** From now on whoever plans and applies is a session of this role; until then the administrator. */
  become(applyRole: string): void;
  /** Writing calls so far, of one service or of all. */
  writes(service?: string): number;
}

/** The document is `Fake/app`. */
export function createResourceBench(
  typesOf: (aws: Aws) => readonly ResourceType[],
  resources: readonly Desired[],
  options: EmbeddedOptions = {},
): ResourceBench {
  const account = openEmbedded('memory', { now: () => Date.parse('2026-11-24T10:00:00Z'), ...options });
  onTestFinished(() => account.close());
  const endpoint = { kind: 'embedded', account } as const;
  const fake = createFakeWorld(() => bench.documents);
  let role: { readonly applyRole?: string } = {};

  function createClients(): Aws {
    return createAws({
      backend: backendOf(endpoint, HERE.account),
      accounts: new Map([[HERE.account, { alias: 'prod', id: HERE.account, ...role }]]),
      defaultAccount: HERE.account,
      defaultRegion: HERE.region,
      role: 'apply',
      run: 'test',
      clock: pacingClockOf(endpoint),
    });
  }

  function createWorld(): World {
    const aws = createClients();
    const types = new Map(typesOf(aws).map((type) => [type.type, type]));
    const clock = clockOf(endpoint);
    const inventory = createInventory(aws, { owners: [OWNER], places: [HERE], types: [...types.values()] });
    return {
      ...fake.world,
      types,
      clock,
      ...(bench.searches && { inventory }),
      schedule: createScheduler(),
      calls: () => aws.calls(),
    };
  }

  const bench: ResourceBench = Object.assign(createEngineBench([fakeDocument('app', resources)], createWorld), {
    account,
    searches: false,
    types: () => createWorld().types,
    clients: createClients,
    become(applyRole: string) {
      role = { applyRole };
    },
    writes: (service?: string) =>
      Object.entries(account.calls())
        .filter(([name]) => service === undefined || name === service)
        .reduce((sum, [, { writes }]) => sum + writes, 0),
  });
  return bench;
}
