import { IAMClient } from '@aws-sdk/client-iam';
import { onTestFinished } from 'vitest';
import { createAws } from '../../src/aws/clients.ts';
import type { Aws } from '../../src/aws/clients.ts';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, EmbeddedOptions } from '../../src/embedded/index.ts';
import { applyEstate } from '../../src/engine/apply.ts';
import { driftOf } from '../../src/engine/drift.ts';
import { planEstate } from '../../src/engine/plan.ts';
import type { PlanRequest } from '../../src/engine/plan.ts';
import type {
  ApplyResult,
  Desired,
  Document,
  DriftResult,
  Kind,
  Place,
  Plan,
  ResourceType,
} from '../../src/engine/types.ts';
import { createScheduler } from '../../src/engine/world.ts';
import type { World } from '../../src/engine/world.ts';
import { backendOf, clockOf, pacingClockOf } from '../../src/operations/endpoint.ts';
import { ROLE, makeRole } from './lambda.ts';

export const PLACE: Place = { account: '111122223333', region: 'eu-west-1' };
const ROLES = `arn:aws:iam::${PLACE.account}:role/`;

/** Resource types over an embedded account, with documents that are nothing but desired resources. */
export interface LambdaBench {
  readonly account: EmbeddedAccount;
  /** The roles of functions are there; plans and applies wait for it. */
  readonly ready: Promise<void>;
  documents: readonly Document[];
  plan(): Promise<Plan>;
  /** Applies a reviewed plan, or what is found now; each time with types that remember nothing. */
  apply(reviewed?: Plan): Promise<ApplyResult>;
  drift(): Promise<DriftResult>;
}

interface BenchSpec {
  readonly resources: readonly Desired[];
}

const KIND: Kind<BenchSpec> = { kind: 'Bench', compile: ({ spec }) => spec.resources, summary: ({ name }) => name };

/** A document of the bench; its address is `Bench/<name>`. */
export function benchDocument(
  name: string,
  resources: readonly Desired[],
  rest: Partial<Document> = {},
): Document<BenchSpec> {
  const base = { kind: 'Bench', formerly: [], protect: false, adopt: false };
  return { ...base, name, source: { file: `config/${name}.yaml`, line: 1 }, ...rest, spec: { resources } };
}

/** Types that the engine takes, whatever their properties are. */
export function erasedType<Properties, Attributes>(type: ResourceType<Properties, Attributes>): ResourceType {
  return type as unknown as ResourceType;
}

export function createLambdaBench(
  types: (aws: Aws) => readonly ResourceType[],
  options: EmbeddedOptions = {},
): LambdaBench {
  const account = openEmbedded('memory', { now: () => Date.parse('2026-11-24T10:00:00Z'), ...options });
  onTestFinished(() => account.close());
  const endpoint = { kind: 'embedded', account } as const;
  // Lambda takes no function whose role it cannot assume.
  const iam = account.client(IAMClient, PLACE);
  const roles = [ROLE, `${ROLES}trueup/acme/corp`, `${ROLES}other`];
  const ready = Promise.all(roles.map((role) => makeRole(iam, role))).then(() => undefined);

  function createWorld(): World {
    const aws = createAws({
      backend: backendOf(endpoint, PLACE.account),
      accounts: new Map([[PLACE.account, { alias: 'prod', id: PLACE.account }]]),
      defaultAccount: PLACE.account,
      defaultRegion: PLACE.region,
      role: 'apply',
      run: 'test',
      clock: pacingClockOf(endpoint),
    });
    return {
      kinds: new Map([[KIND.kind, KIND as Kind]]),
      types: new Map(types(aws).map((type) => [type.type, type])),
      estate: {
        owner: 'acme',
        tags: {},
        place: (id = PLACE.account, region = PLACE.region) => ({ account: id, region }),
        handler: (name) => ({ sha256: name, version: '1.0.0' }),
        document: (address) => bench.documents.find(({ kind, name }) => `${kind}/${name}` === address),
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
    accounts: { prod: PLACE.account },
    config: { commit: null, dirty: false, digest: '' },
    overrides: [],
    partial: false,
  });
  const bench: LambdaBench = {
    account,
    ready,
    documents: [],
    async plan() {
      await ready;
      return (await planEstate(createWorld(), request())).plan;
    },
    async apply(reviewed) {
      await ready;
      const world = createWorld();
      return applyEstate(world, {
        fresh: await planEstate(world, request()),
        ...(reviewed && { reviewed: JSON.parse(JSON.stringify(reviewed)) as Plan }),
        overrides: [],
        stop: new AbortController().signal,
        onStep() {},
        onEnd() {},
        replan: () => bench.plan(),
      });
    },
    async drift() {
      const world = createWorld();
      return driftOf(world, (await planEstate(world, request())).plan, [PLACE]);
    },
  };
  return bench;
}
