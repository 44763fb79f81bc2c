import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { Desired, Document, Permission, Use } from '../../src/engine/types.ts';
import { canonical } from '../../src/engine/value.ts';
import { document, trust } from './embedded-iam.ts';
import { HERE, OWNER, fakeDocument } from './fake-world.ts';
import { releaseObject, removeObject, whichOf } from './removal.ts';
import type { ResourceBench } from './resource-bench.ts';

/** Resources without references, in the order of their creation, and the document's metadata. */
interface Declared {
  readonly resources: readonly Desired[];
  readonly rest?: Partial<Document>;
}

/** What a subject opens for each test. */
interface Opened {
  readonly resources: ResourceBench;
}

export interface PermissionSubject<Bench extends Opened> {
  readonly name: string;
  /** A new account, in which nothing of the resources is there. */
  open(): Bench | Promise<Bench>;
  readonly resources: readonly Desired[];
  /** What is declared one after the other, so that every call of an update is made. */
  readonly updates: readonly Declared[];
  /** What stands in the account before an update or a deletion, beside the resources. */
  prepare?(bench: Bench): Promise<void>;
  /** Makes the objects by hand, for types that can be taken over. */
  makeForeign?(bench: Bench): Promise<void>;
  /** Actions that AWS asks for and the embedded account does not; behind a use: those that this subject has no need of. */
  readonly unchecked?: readonly string[];
}

interface Scenario<Bench> {
  readonly use: Use;
  readonly declared: readonly Declared[];
  /** As the administrator. */
  before(bench: Bench): Promise<unknown>;
  /** As a role that may do no more than the types say. */
  run(bench: Bench): Promise<unknown>;
}

const ROLE = 'bounded';
/** As most services call it, and as SNS does. */
const DENIED = /^(?:AccessDenied|AuthorizationError)/;

/** Calls are a part of what types say they need, and all that they say is needed. */
export function testPermissions<Bench extends Opened>(subject: PermissionSubject<Bench>): void {
  const { resources, updates, unchecked = [] } = subject;
  const asDeclared = [{ resources }];

  async function apply({ resources: bench }: Bench, declared: readonly Declared[]): Promise<void> {
    for (const { resources: wanted, rest } of declared) {
      bench.documents = [fakeDocument('app', wanted, rest)];
      expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });
    }
  }

  async function created(bench: Bench): Promise<void> {
    await apply(bench, asDeclared);
    await subject.prepare?.(bench);
  }

  const scenarios: readonly Scenario<Bench>[] = [
    { use: 'create', declared: asDeclared, before: async () => {}, run: (bench) => apply(bench, asDeclared) },
    { use: 'update', declared: updates, before: created, run: (bench) => apply(bench, updates) },
    {
      use: 'delete',
      declared: asDeclared,
      before: created,
      async run(bench) {
        for (const desired of resources.toReversed()) await removeObject(bench.resources, whichOf(desired));
      },
    },
    {
      use: 'release',
      declared: asDeclared,
      before: created,
      async run(bench) {
        const types = bench.resources.types();
        for (const desired of resources) {
          if (types.get(desired.type)!.release) await releaseObject(bench.resources, whichOf(desired));
        }
      },
    },
    ...(subject.makeForeign === undefined
      ? []
      : [
          {
            use: 'adopt' as const,
            declared: asDeclared,
            before: subject.makeForeign,
            run: (bench: Bench) => apply(bench, [{ resources, rest: { adopt: true } }]),
          },
        ]),
  ];

  /** Which calls were denied to a role with these permissions. */
  async function denials(scenario: Scenario<Bench>, without?: Permission): Promise<readonly string[]> {
    const bench = await subject.open();
    const { resources: engine } = bench;
    engine.documents = [fakeDocument('app', resources)];
    await scenario.before(bench);
    const needed = permissionsOf(engine, scenario);
    await become(
      engine,
      [...needed.read, ...needed.use].filter((one) => !isSameCall(one, without)),
    );
    const run = scenario.run(bench);
    await (without === undefined ? run : run.catch(() => undefined));
    return engine.account
      .events()
      .flatMap(({ errorCode, errorMessage = '' }) =>
        errorCode !== undefined && DENIED.test(errorCode) ? [errorMessage] : [],
      );
  }

  describe(`${subject.name}, by their permissions`, () => {
    it.each(scenarios)('may $use with what they say, and nothing is denied', async (scenario) => {
      expect(await denials(scenario)).toEqual([]);
    });

    it.each(scenarios)('need all that they say to $use', async (scenario) => {
      const bench = await subject.open();
      const needed = permissionsOf(bench.resources, scenario);
      // Everything that is read is read in the course of a creation.
      const each = [...(scenario.use === 'create' ? needed.read : []), ...needed.use].filter(
        ({ action }) => !unchecked.includes(action) && !unchecked.includes(`${scenario.use} ${action}`),
      );
      const superfluous: Permission[] = [];
      for (const permission of each) {
        if ((await denials(scenario, permission)).length === 0) superfluous.push(permission);
      }

      expect(superfluous).toEqual([]);
    });
  });
}

/** The same action on the same resource, in whatever context. */
function isSameCall(one: Permission, other: Permission | undefined): boolean {
  return one.action === other?.action && one.resource === other.resource;
}

interface Needed {
  readonly read: readonly Permission[];
  readonly use: readonly Permission[];
}

function permissionsOf(bench: ResourceBench, { use, declared }: Pick<Scenario<never>, 'use' | 'declared'>): Needed {
  const types = bench.types();
  const of = (what: Use): readonly Permission[] =>
    distinct(
      declared.flatMap(({ resources }) =>
        resources.flatMap(({ id, type, place, properties }) =>
          types.get(type)!.permissions({ address: `Fake/app/${id}`, owner: OWNER, place, properties }, what),
        ),
      ),
    );
  return { read: of('read'), use: of(use) };
}

function distinct(permissions: readonly Permission[]): readonly Permission[] {
  return [...new Map(permissions.map((permission) => [canonical(permission), permission])).values()];
}

/** From now on the bench acts as a role that may do exactly this. */
async function become(bench: ResourceBench, permissions: readonly Permission[]): Promise<void> {
  const iam = bench.account.client(IAMClient, { region: HERE.region });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: trust() }));
  const statements = permissions.map(({ action, resource, context }) => ({
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(context && { Condition: { StringEquals: context } }),
  }));
  const PolicyDocument = document(...statements);
  await iam.send(new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: 'exactly', PolicyDocument }));
  bench.become(Role!.Arn!);
}
