import { createScheduler } from '../../src/engine/world.ts';
import type { World } from '../../src/engine/world.ts';
import type {
  Desired,
  Document,
  Estate,
  Kind,
  MarkedObject,
  Observation,
  OnRemove,
  Place,
  ResourceType,
  Target,
  Unknown,
  Value,
} from '../../src/engine/types.ts';

/** An object in the fake world. */
export interface FakeObject {
  id: string;
  marker?: string;
  applied?: string;
  isProtected?: boolean;
  onRemove?: OnRemove;
  risk?: Record<string, Value>;
  /** Its marker was copied from another object. */
  isCopy?: true;
  /** What goes with it when it is deleted. */
  items?: number;
  isDraining?: true;
  properties: Record<string, Value>;
}

export class Crash extends Error {}

/** A world of a few resource types in memory, in which a crash can be had before or after each write. */
export interface FakeWorld {
  readonly world: World;
  readonly objects: Map<string, FakeObject>;
  /** Writes so far. */
  writes(): number;
  /** Removals so far, one step a line: `delete Fake::Role/role`. */
  readonly removed: string[];
  /** `onRemoval` is called before each removing step. */
  readonly hooks: { onRemoval(step: string): void };
  /** Ids that lists leave out, and objects that they still show though they are gone. */
  readonly lists: { late: Set<string>; ghosts: MarkedObject[]; denied: boolean };
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
    const region = target.place.region === HERE.region ? '' : `@${target.place.region}`;
    return `${type}/${nameOf(target)}${region}`;
  }

  function removing(step: string, effect: () => void): void {
    fake.hooks.onRemoval(step);
    fake.removed.push(step);
    write(effect);
  }

  /** Of every type: its objects carry tags, and are let go by taking them away. */
  const releasable = (type: string): Partial<ResourceType> => ({
    async release(target) {
      const key = keyOf(type, target);
      const found = objects.get(key)!;
      removing(`release ${key}`, () => {
        delete found.marker;
        delete found.applied;
      });
      return { done: true };
    },
  });

  const removable = (type: string, removedAfter: readonly string[] = []): Partial<ResourceType> => ({
    ...releasable(type),
    removedAfter,
    async remove(target) {
      const key = keyOf(type, target);
      const found = objects.get(key);
      // In two steps, as what must be idle first.
      if (type === 'Fake::Function' && found && !found.isDraining) {
        removing(`drain ${key}`, () => (found.isDraining = true));
        return { done: false, waiting: 'to drain', again: 0 };
      }
      removing(`delete ${key}`, () => objects.delete(key));
      return { done: true };
    },
  });

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
          witness: !found.isCopy,
          applied: found.applied,
          protected: found.isProtected ?? false,
          ...(found.onRemove && { onRemove: found.onRemove }),
          ...(found.risk && { risk: found.risk }),
        };
      },
      async create(target) {
        const properties = { Name: target.properties['Name'] ?? null };
        write(() => {
          objects.set(keyOf(type, target), {
            id: `id-${++ids}`,
            marker: `${target.owner}/${target.address}`,
            ...(target.protect && { isProtected: true }),
            ...(target.onRemove && { onRemove: target.onRemove }),
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
      async losses(target) {
        const count = objects.get(keyOf(type, target))?.items ?? 0;
        const extent = { create: 0, update: 0, delete: count, population: count };
        return count === 0 ? [] : [{ path: 'Items', before: count, after: 0, extent }];
      },
      async locate({ arn }) {
        const [, , service, region] = arn.split(':');
        if (service !== type.replace('::', '-')) return undefined;
        const entry = [...objects].find(([key, { id }]) => key.startsWith(`${type}/`) && arn.endsWith(`:${id}`));
        if (!entry) return undefined;
        const [key, { isCopy }] = entry;
        const end = region === HERE.region ? '' : `@${region}`;
        return { properties: { Name: key.slice(type.length + 1, key.length - end.length) }, witnessed: !isCopy };
      },
      ...rest,
    };
  }

  function listed(): MarkedObject[] {
    return [...objects].flatMap(([key, { id, marker }]) => {
      if (marker === undefined || fake.lists.late.has(id)) return [];
      const type = key.slice(0, key.indexOf('/')).replace('::', '-');
      const region = key.includes('@') ? key.slice(key.indexOf('@') + 1) : HERE.region;
      const place = { ...HERE, region };
      return [{ marker, arn: `arn:aws:${type}:${region}:${HERE.account}:${id}`, place }];
    });
  }

  const types = [
    fakeType('Fake::Role', ['Name', 'Trust'], {
      predict: (target) => ({ Arn: `arn:${target.place.account}:${nameOf(target)}` }),
      ...removable('Fake::Role', ['Fake::Function']),
    }),
    fakeType('Fake::Api', ['Name', 'Title'], removable('Fake::Api', ['Fake::Function'])),
    fakeType('Fake::Function', ['Name', 'Role', 'Greeting', 'Url'], removable('Fake::Function')),
    fakeType('Fake::Bucket', ['Name', 'Versioning'], {
      fields: { Name: 'immutable' },
      ...removable('Fake::Bucket'),
    }),
    fakeType('Fake::Store', ['Name'], { ...removable('Fake::Store', ['Fake::Function']), stateful: true }),
    fakeType('Fake::Fixed', ['Name']),
  ];
  const estate: Estate = {
    owner: OWNER,
    firstOwner: OWNER,
    tags: {},
    accounts: [],
    lease: {},
    place: (account = HERE.account, region = HERE.region) => ({ account, region }),
    handler: (name) => ({ sha256: name, version: '1.0.0' }),
    document: (address) => documents().find((document) => `${document.kind}/${document.name}` === address),
    documents: (kind) => documents().filter((document) => document.kind === kind),
  };
  let now = Date.parse('2026-11-24T10:00:00Z');
  const world: World = {
    kinds: new Map([
      ['Fake', fakeKind as Kind],
      ['Other', { ...fakeKind, kind: 'Other' } as Kind],
    ]),
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
    async inventory() {
      const denied: Unknown = { state: 'unknown', reason: 'denied', detail: 'AccessDenied' };
      const unseen = fake.lists.denied ? [{ what: 'what is tagged', unknown: denied }] : [];
      return { objects: [...listed(), ...fake.lists.ghosts], unseen };
    },
    calls: () => ({}),
  };
  const fake: FakeWorld = {
    world,
    objects,
    removed: [],
    hooks: { onRemoval: () => undefined },
    lists: { late: new Set(), ghosts: [], denied: false },
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
  return fake;
}
