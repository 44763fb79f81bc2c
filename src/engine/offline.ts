import { addressesOf, documentAddress, resourceAddress } from './address.ts';
import { digestOf } from './digest.ts';
import { estateTrips } from './estate-guards.ts';
import { countParts, partsOf } from './parts.ts';
import { bindGuards } from './guards.ts';
import { isFound } from './inventory.ts';
import type { Before } from './inventory.ts';
import { draftOf } from './observe.ts';
import { dependenciesOf } from './order.ts';
import { summaryOf } from './plan.ts';
import type { PlanRequest } from './plan.ts';
import { documentSeal } from './seal.ts';
import { equal, hash } from './value.ts';
import { kindOf, typeOf } from './world.ts';
import type { World } from './world.ts';
import type { ResourceType } from './resource-type.ts';
import type { Action, Address, Change, Desired, Document, Plan, PlannedDocument, Value } from './types.ts';

interface Declared {
  readonly document: Document;
  readonly desired: Desired;
}

interface Earlier extends Declared {
  /** It stood under an earlier name of its document. */
  readonly isRenamed: boolean;
}

/**
 * What git changes, and no account was asked about: as if the world were what the base declares. For people who may not
 * look at the accounts. Contents that no file declares (records, instances) are not in it, and no apply takes it.
 */
export function planOffline(world: World, request: PlanRequest): Plan {
  const { documents, base, overrides } = request;
  const now = compiled(world, documents);
  const before = base ? compiledBefore(world, base.before, documents) : new Map<Address, Declared>();
  const known = new Map(
    [...now].flatMap(([address, { document, desired }]) => {
      const earlier = addressesOf(document, desired.id).find((one) => before.has(one));
      return earlier === undefined ? [] : [[address, earlier] as const];
    }),
  );
  const kept = new Set(known.values());
  const actions = [
    ...[...now].flatMap(([address, one]) => actionOf(world, address, one, earlierOf(address)) ?? []),
    ...[...before]
      .filter(([address]) => !kept.has(address))
      .flatMap(([address, one]) => removalOf(world, address, one)),
  ].sort((a, b) => (a.id < b.id ? -1 : 1));

  function earlierOf(address: Address): Earlier | undefined {
    const earlier = known.get(address) ?? '';
    const declared = before.get(earlier);
    return declared && { ...declared, isRenamed: earlier !== address };
  }

  const partOf = partsOf(world);
  const trips = estateTrips({
    actions,
    documents: request.all,
    population: countParts([...before.keys()], partOf),
    partOf,
    limits: request.limits ?? { deletes: { percent: 0, count: 0, from: 0 }, requireProtectedOverride: true },
    ...(base && { base: base.limits }),
    unreadableBase: request.unreadableBase ?? false,
    protected: new Set(),
    recreated: [],
    loosened: base?.loosened ?? [],
  });
  const body = {
    format: 'trueup/plan@1',
    owner: world.estate.owner,
    documents: documents.map((document) => planned(world, document, request.all)),
    actions,
    guards: trips,
    findings: [...(request.findings ?? [])],
  } as const;
  const digest = digestOf(body);
  return {
    format: body.format,
    digest,
    complete: false,
    offline: true,
    owner: body.owner,
    accounts: request.accounts,
    config: request.config,
    summary: {
      ...summaryOf(actions),
      unchanged: now.size - actions.filter(({ id }) => now.has(id)).length,
      kept: 0,
    },
    documents: body.documents,
    actions,
    guards: bindGuards(trips, digest, overrides, world.clock.now()),
    findings: body.findings,
    calls: {},
  };
}

function compiled(world: World, documents: readonly Document[]): ReadonlyMap<Address, Declared> {
  return new Map(
    documents.flatMap((document) =>
      kindOf(world, document)
        .compile(document, world.estate)
        .map((desired) => [resourceAddress(document, desired.id), { document, desired }] as const),
    ),
  );
}

/** What was renamed since is compiled under its new name, so that names that follow from it are no change. */
function compiledBefore(
  world: World,
  { documents, estate }: Before,
  today: readonly Document[],
): ReadonlyMap<Address, Declared> {
  const then = { ...world, estate };
  const kept = new Set(today.map(documentAddress));
  return new Map(
    documents.flatMap((document) => {
      const heir = kept.has(documentAddress(document))
        ? undefined
        : today.find(({ kind, formerly }) => kind === document.kind && formerly.includes(document.name));
      const { name, formerly } = heir ?? document;
      return [...compiled(then, [{ ...document, name, formerly }]).values()].map(
        ({ desired }) => [resourceAddress(document, desired.id), { document, desired }] as const,
      );
    }),
  );
}

function planned(world: World, document: Document, all: readonly Document[]): PlannedDocument {
  const kind = kindOf(world, document);
  return {
    kind: document.kind,
    name: document.name,
    file: document.source.file,
    line: document.source.line,
    summary: kind.summary(document),
    seal: documentSeal(document, world.estate, kind),
    effects: [],
    findings: kind.check?.(document, world.estate, all) ?? [],
  };
}

function actionOf(world: World, id: Address, now: Declared, before: Earlier | undefined): Action | undefined {
  const type = typeOf(world, now.desired.type);
  if (isOnlyContent(type)) return undefined;
  const shown = (path: string, value: unknown): Value =>
    ((type.show && value !== null ? type.show(path, value as Value) : value) ?? null) as Value;
  const isElsewhere = before !== undefined && !equal(before.desired.place, now.desired.place);
  const old = isElsewhere ? undefined : before;
  const changes = type.managed.flatMap((path): readonly Change[] => {
    const after = now.desired.properties[path] ?? null;
    const was = old?.desired.properties[path] ?? null;
    return equal(after, was) ? [] : [{ path, before: shown(path, was), after: shown(path, after), cause: 'git' }];
  });
  if (old?.isRenamed && isFound(type))
    return { ...described(world, id, now), action: 'mark', reason: 'renamed', changes };
  if (changes.length === 0) return undefined;
  const replaces = changes.some(({ path }) => type.fields?.[path] === 'immutable');
  if (!old) return { ...described(world, id, now), action: 'create', reason: 'missing', changes };
  return { ...described(world, id, now), action: replaces ? 'replace' : 'update', reason: 'declared', changes };
}

/** Records and instances: what is in them no file declares. */
function isOnlyContent({ managed }: Pick<ResourceType, 'managed'>): boolean {
  return managed.length === 0;
}

function removalOf(world: World, id: Address, before: Declared): readonly Action[] {
  const type = typeOf(world, before.desired.type);
  if (!isFound(type) || isOnlyContent(type)) return [];
  const isKept = (before.document.onRemove ?? (type.stateful ? 'release' : 'delete')) === 'release';
  return [
    { ...described(world, id, before), action: isKept ? 'release' : 'delete', reason: 'not-declared', changes: [] },
  ];
}

function described(
  world: World,
  id: Address,
  { document, desired }: Declared,
): Omit<Action, 'action' | 'reason' | 'changes'> {
  return {
    id,
    document: documentAddress(document),
    type: desired.type,
    resource: typeOf(world, desired.type).describe(draftOf(world, document, desired)),
    account: desired.place.account,
    region: desired.place.region,
    dependsOn: dependenciesOf(desired).map((other) => `${documentAddress(document)}/${other}`),
    basis: hash('offline'),
    bound: {},
  };
}
