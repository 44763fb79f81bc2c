import { createAws } from '../../src/aws/clients.ts';
import type { Aws } from '../../src/aws/clients.ts';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { AttachableClient, EmbeddedAccount, Fault } from '../../src/embedded/index.ts';
import { applyEstate } from '../../src/engine/apply.ts';
import { planEstate } from '../../src/engine/plan.ts';
import type { PlanRequest } from '../../src/engine/plan.ts';
import type { ApplyResult, Document, Plan, Progress, ResourceType, Value } from '../../src/engine/types.ts';
import { backendOf, clockOf, pacingClockOf } from '../../src/operations/endpoint.ts';
import type { Endpoint } from '../../src/operations/endpoint.ts';
import { HERE, OWNER, createFakeWorld, fakeDocument } from './fake-world.ts';

/** One resource of a real type, declared by one document, in an embedded account: for the engine and the type together. */
export interface TypeBench<Client> {
  readonly account: EmbeddedAccount;
  /** Somebody else's client at the same place. */
  readonly client: Client;
  /** Declares other properties, or metadata of the document. */
  declare(properties: Readonly<Record<string, Value>>, rest?: Partial<Document>): void;
  plan(): Promise<Plan>;
  apply(): Promise<ApplyResult>;
  /** Actions of a plan as `verb reason path…`. */
  actions(): Promise<readonly string[]>;
  findings(): Promise<readonly string[]>;
  /** The type's own step of creation, without the engine's look before it. */
  create(): Promise<Progress>;
}

const BENCH_NOW = Date.parse('2026-11-24T10:00:00Z');
/** The marker of the declared resource. */
export const BENCH_MARKER = `${OWNER}/Fake/corp/It`;

export function createTypeBench<Client extends AttachableClient>(
  Client: new (options: never) => Client,
  createType: (aws: Aws) => unknown,
  properties: Readonly<Record<string, Value>>,
  faults: readonly Fault[] = [],
): TypeBench<Client> {
  const account = openEmbedded('memory', { now: () => BENCH_NOW, faults });
  const endpoint: Endpoint = { kind: 'embedded', account };
  const aws = createAws({
    backend: backendOf(endpoint, HERE.account),
    accounts: new Map([[HERE.account, { alias: 'prod', id: HERE.account }]]),
    defaultAccount: HERE.account,
    defaultRegion: HERE.region,
    role: 'apply',
    run: 'test',
    clock: pacingClockOf(endpoint),
  });
  const type = createType(aws) as ResourceType;
  let documents = [documentOf(properties)];
  const fake = createFakeWorld(() => documents);
  const world = { ...fake.world, types: new Map([[type.type, type]]), clock: clockOf(endpoint) };

  function documentOf(wanted: Readonly<Record<string, Value>>, rest: Partial<Document> = {}) {
    return fakeDocument('corp', [{ id: 'It', type: type.type, place: HERE, properties: wanted }], rest);
  }

  function look() {
    const request: PlanRequest = {
      documents,
      all: documents,
      accounts: { prod: HERE.account },
      config: { commit: null, dirty: false, digest: '' },
      overrides: [],
      partial: false,
    };
    return planEstate(world, request);
  }

  const bench: TypeBench<Client> = {
    account,
    client: account.client(Client, { region: HERE.region }),
    declare(wanted, rest) {
      documents = [documentOf(wanted, rest)];
    },
    plan: async () => (await look()).plan,
    apply: async () =>
      applyEstate(world, {
        fresh: await look(),
        overrides: [],
        stop: new AbortController().signal,
        onStep() {},
        onEnd() {},
        replan: bench.plan,
      }),
    async actions() {
      const { actions } = await bench.plan();
      return actions.map(({ action, reason, changes }) =>
        [action, reason, ...changes.map(({ path }) => path)].join(' '),
      );
    },
    create: () =>
      type.create({
        address: BENCH_MARKER.slice(OWNER.length + 1),
        owner: OWNER,
        place: HERE,
        properties,
        token: '0',
        applied: 'stamp',
        protect: false,
      }),
    async findings() {
      const { documents: planned } = await bench.plan();
      return planned.flatMap(({ findings }) => findings.map(({ code }) => code));
    },
  };
  return bench;
}
