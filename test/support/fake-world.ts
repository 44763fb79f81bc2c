import { createScheduler } from '../../src/engine/world.ts';
import type { World } from '../../src/engine/world.ts';
import type {
  Desired,
  Document,
  Estate,
  Kind,
  Observation,
  Place,
  ResourceType,
  Target,
  Value,
} from '../../src/engine/types.ts';

/** An object in the fake world. */
export interface FakeObject {
  id: string;
  marker?: string;
  applied?: string;
  isProtected?: boolean;
  properties: Record<string, Value>;
}

export class Crash extends Error {}

/** A world of a few resource types in memory, in which a crash can be had before or after each write. */
export interface FakeWorld {
  readonly world: World;
  readonly objects: Map<string, FakeObject>;
  /** Writes so far. */
  writes(): number;
  /** Crashes before or after write number `at`, from 0. */
  crash(at: number, side: 'before' | 'after'): void;
  /** Makes looking at a type fail from now on. */
  blind(type: string): void;
  reset(): void;
}

export const HERE: Place = { account: '111122223333', region: 'eu-west-1' };
export const OWNER = 'acme-network';

function nameOf({ address, properties }: Pick<Target, 'address' | 'properties'>): string {
  const { Name: name } = properties;
  return typeof name === 'string' ? name : address;
}

export interface FakeSpec {
  readonly resources: readonly Desired[];
}

export function fakeDocument(
  name: string,
  resources: readonly Desired[],
  rest: Partial<Document> = {},
): Document<FakeSpec> {
  return {
    kind: 'Fake',
    name,
    formerly: [],
    protect: false,
    adopt: false,
    source: { file: `config/${name}.yaml`, line: 1 },
    ...rest,
    spec: { resources },
  };
}

const fakeKind: Kind<FakeSpec> = {
  kind: 'Fake',
  compile: ({ spec }) => spec.resources,
  summary: ({ name }) => name,
};

export function createFakeWorld(documents: () => readonly Document[]): FakeWorld {
  const objects = new Map<string, FakeObject>();
  const blinded = new Set<string>();
  let writes = 0;
  let ids = 0;
  let crashAt: { at: number; side: 'before' | 'after' } | undefined;

  function write(effect: () => void): void {
    const current = writes++;
    if (crashAt?.at === current && crashAt.side === 'before') throw new Crash(`before ${current}`);
    effect();
    if (crashAt?.at === current && crashAt.side === 'after') throw new Crash(`after ${current}`);
  }

  function keyOf(type: string, target: Target): string {
    return `${type}/${nameOf(target)}`;
  }

  function fakeType(type: string, managed: readonly string[], rest: Partial<ResourceType> = {}): ResourceType {
    return {
      type,
      marker: 'tag',
      managed,
      permissions: () => [],
      describe: ({ address, properties }) => nameOf({ address, properties: properties as Record<string, Value> }),
      async observe(target): Promise<Observation> {
        if (blinded.has(type)) return { state: 'unknown', reason: 'denied', detail: 'AccessDenied' };
        const found = objects.get(keyOf(type, target));
        if (!found) return { state: 'absent' };
        return {
          state: 'present',
          resource: found.id,
          properties: found.properties,
          attributes: { Id: found.id },
          marker: found.marker,
          witness: true,
          applied: found.applied,
          protected: found.isProtected ?? false,
        };
      },
      async create(target) {
        const properties = { Name: target.properties['Name'] ?? null };
        write(() => {
          objects.set(keyOf(type, target), {
            id: `id-${++ids}`,
            marker: `${target.owner}/${target.address}`,
            properties,
          });
        });
        return { done: false, waiting: 'to be finished', again: 0 };
      },
      async update(target, _seen, differences) {
        const found = objects.get(keyOf(type, target))!;
        if (differences.length > 0) {
          write(() => {
            for (const { path } of differences) found.properties[path] = target.properties[path] ?? null;
          });
        }
        write(() => {
          found.applied = target.applied;
        });
        return { done: true };
      },
      async adopt(target) {
        write(() => {
          objects.get(keyOf(type, target))!.marker = `${target.owner}/${target.address}`;
        });
        return { done: true };
      },
      ...rest,
    };
  }

  const types = [
    fakeType('Fake::Role', ['Name', 'Trust'], {
      predict: (target) => ({ Arn: `arn:${target.place.account}:${nameOf(target)}` }),
    }),
    fakeType('Fake::Api', ['Name', 'Title']),
    fakeType('Fake::Function', ['Name', 'Role', 'Greeting', 'Url']),
    fakeType('Fake::Bucket', ['Name', 'Versioning'], { fields: { Name: 'immutable' } }),
  ];
  const estate: Estate = {
    owner: OWNER,
    tags: {},
    place: (account = HERE.account, region = HERE.region) => ({ account, region }),
    handler: (name) => ({ sha256: name, version: '1.0.0' }),
    document: (address) => documents().find((document) => `${document.kind}/${document.name}` === address),
  };
  let now = Date.parse('2026-11-24T10:00:00Z');
  const world: World = {
    kinds: new Map([['Fake', fakeKind as Kind]]),
    types: new Map(types.map((type) => [type.type, type])),
    estate,
    formerOwners: ['acme-old'],
    clock: {
      now: () => now,
      async sleep(milliseconds) {
        now += milliseconds;
      },
    },
    schedule: createScheduler(),
    calls: () => ({}),
  };
  return {
    world,
    objects,
    writes: () => writes,
    crash(at, side) {
      crashAt = { at, side };
      writes = 0;
    },
    blind: (type) => blinded.add(type),
    reset() {
      crashAt = undefined;
      writes = 0;
      blinded.clear();
    },
  };
}
