import { documentAddress } from '../engine/address.ts';
import { draftOf, targetOf } from '../engine/observe.ts';
import { inDependencyOrder } from '../engine/order.ts';
import type { Aws } from '../aws/clients.ts';
import type { Desired, Document, Draft, Kind, ResourceType, Value } from '../engine/types.ts';
import { resolveKnown } from '../engine/value.ts';
import { typeOf } from '../engine/world.ts';
import { KINDS } from '../reconcilers/registry.ts';
import { resourceTypes } from '../resources/registry.ts';
import type { IamTree } from './tree.ts';

/** A resource that a document declares, with what its references come to as far as the tree tells. */
export interface Declared {
  readonly document: Document;
  readonly desired: Desired;
  readonly draft: Draft;
  /** What others may refer to, as far as the tree tells. */
  readonly attributes: Attributes;
}

type Attributes = Readonly<Record<string, Value | undefined>>;

/** Asks nobody anything: types say what they need without a client. */
const NOBODY: Aws = {
  client: () => Promise.reject(new Error('policies are computed from the tree alone')),
  calls: () => ({}),
};

/** Every resource type, blind. */
export const TYPES: ReadonlyMap<string, ResourceType> = new Map(
  resourceTypes(NOBODY, {
    listing: 'always',
    onTransfer: () => undefined,
    bundles: () => undefined,
    now: () => 0,
  }).map((type) => [type.type, type]),
);

const KINDS_BY_NAME: ReadonlyMap<string, Kind> = new Map(KINDS.map(({ kind }) => [kind.kind, kind]));

/** Trees do not change: each is compiled once. */
const KNOWN = new WeakMap<IamTree, readonly Declared[]>();

/** All resources of a tree, document by document. */
export function declaredResources(tree: IamTree): readonly Declared[] {
  const known = KNOWN.get(tree) ?? compileAll(tree);
  KNOWN.set(tree, known);
  return known;
}

function compileAll({ documents, estate, settings }: IamTree): readonly Declared[] {
  const world = { estate, formerOwners: settings.formerly, types: TYPES };
  return [...documents].sort(byAddress).flatMap((document) => {
    const known = new Map<string, Attributes>();
    const attributeOf = (id: string, name: string): Value | undefined => known.get(id)?.[name];
    const resources = KINDS_BY_NAME.get(document.kind)?.compile(document, estate) ?? [];
    return inDependencyOrder(resources).map((desired): Declared => {
      const target = targetOf(world, document, desired, '', attributeOf);
      const attributes: Attributes = (target && typeOf(world, desired.type).predict?.(target)) ?? {};
      known.set(desired.id, attributes);
      const properties = resolveKnown(desired.properties, attributeOf) as Draft['properties'];
      return { document, desired, draft: { ...draftOf(world, document, desired), properties }, attributes };
    });
  });
}

function byAddress(a: Document, b: Document): number {
  return documentAddress(a) < documentAddress(b) ? -1 : 1;
}
