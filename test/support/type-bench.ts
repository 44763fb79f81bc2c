import type { Aws } from '../../src/aws/clients.ts';
import type { AttachableClient, EmbeddedAccount, EmbeddedOptions, Fault } from '../../src/embedded/index.ts';
import type { Identity } from '../../src/engine/identity.ts';
import type { ApplyResult, Document, Plan, Progress, ResourceType, Value } from '../../src/engine/types.ts';
import { erasedType } from '../../src/engine/world.ts';
import { HERE, OWNER, fakeDocument } from './fake-world.ts';
import { createResourceBench } from './resource-bench.ts';
import type { ResourceBench } from './resource-bench.ts';

/** One resource of a real type, declared by one document, in an embedded account: for the engine and the type together. */
export interface TypeBench<Client> {
  readonly account: EmbeddedAccount;
  readonly resources: ResourceBench;
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

/** The marker of the declared resource. */
export const BENCH_MARKER = `${OWNER}/Fake/app/It`;
export const IT: Identity = { owner: OWNER, kind: 'Fake', name: 'app', logicalId: 'It' };

export function createTypeBench<Client extends AttachableClient, Properties, Attributes>(
  Client: new (options: never) => Client,
  createType: (aws: Aws) => ResourceType<Properties, Attributes>,
  properties: Readonly<Record<string, Value>>,
  faults: readonly Fault[] = [],
  options: EmbeddedOptions = {},
): TypeBench<Client> {
  const bench = createResourceBench((aws) => [erasedType(createType(aws))], [], {
    ...options,
    faults,
    crash() {
      throw new Error('crash');
    },
  });
  const [type] = [...bench.types().values()] as [ResourceType];

  function declare(wanted: Readonly<Record<string, Value>>, rest: Partial<Document> = {}): void {
    bench.documents = [fakeDocument('app', [{ id: 'It', type: type.type, place: HERE, properties: wanted }], rest)];
  }

  declare(properties);
  return {
    account: bench.account,
    resources: bench,
    client: bench.account.client(Client, { region: HERE.region }),
    declare,
    plan: () => bench.plan(),
    apply: () => bench.apply(),
    async actions() {
      const { actions } = await bench.plan();
      return actions.map(({ action, reason, changes }) =>
        [action, reason, ...changes.map(({ path }) => path)].join(' '),
      );
    },
    async findings() {
      const { documents } = await bench.plan();
      return documents.flatMap(({ findings }) => findings.map(({ code }) => code));
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
  };
}
