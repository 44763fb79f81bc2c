import { addressesOf, documentAddress } from './address.ts';
import type { GuardedDocument } from './guarded.ts';
import { isIn, isMarked, isThere } from './inventory.ts';
import type { Marked } from './inventory.ts';
import { splitMarker } from './ownership.ts';
import { kindOf, typeOf } from './world.ts';
import type { World } from './world.ts';
import type { Action, Address, Desired, Finding, MarkedObject } from './types.ts';

/** An object that a document has, where it would make another one. */
interface Elsewhere {
  readonly action: Action;
  readonly object: MarkedObject;
}

/**
 * Names follow from the first owner and the first name of a document. Where one of the two was lost, what it has would be made
 * once more under another name, beside the old one: nothing of the document is applied then.
 */
export async function otherNames(world: World, run: GuardedDocument, marked: Marked): Promise<readonly Finding[]> {
  const { document, actions, seen } = run;
  // What could not be asked for yet, since it refers to what is not there, may well have its name.
  const asked = seen.filter(({ target }) => target !== undefined).map(({ desired }) => desired);
  const looked = await Promise.all(
    asked.map(async (desired): Promise<Elsewhere | undefined> => {
      const [address = '', ...former] = addressesOf(document, desired.id);
      const action = actions.find(({ id, action: verb }) => id === address && verb === 'create');
      if (!action) return undefined;
      for (const one of [address, ...former]) {
        const object = await findThere(world, desired, one, marked);
        if (object) return { action, object };
      }
      return undefined;
    }),
  );
  return looked.flatMap((one) => (one ? finding(world, run, one) : []));
}

async function findThere(
  world: World,
  { type: name, place }: Desired,
  address: Address,
  marked: Marked,
): Promise<MarkedObject | undefined> {
  const type = typeOf(world, name);
  if (!isMarked(type)) return undefined;
  for (const object of marked.get(address) ?? []) {
    const isNear = type.global ? object.place.account === place.account : isIn(object, place);
    if (isNear && (await isThere(world, object, address, type))) return object;
  }
  return undefined;
}

function finding(world: World, { document }: GuardedDocument, { action, object }: Elsewhere): Finding {
  const { owner } = splitMarker(object.marker);
  const { owner: today, firstOwner } = world.estate;
  const isInherited = owner !== today;
  const resource = object.arn.slice(Math.max(object.arn.lastIndexOf('/'), object.arn.lastIndexOf(':')) + 1);
  const whose = isInherited ? `, made by the earlier owner ${owner}` : '';
  const id = action.id.slice(action.id.lastIndexOf('/') + 1);
  const naming = isInherited ? undefined : kindOf(world, document).namedBy?.(document, id);
  if (naming) {
    return {
      document: documentAddress(document),
      code: 'name-fixed',
      severity: 'blocks',
      message: `${naming.field} cannot be changed in place: the document has ${resource}; ${action.resource} would be a second one beside it`,
      hint: naming.otherwise.replaceAll('NAME', () => resource),
    };
  }
  const names = ['…', ...document.formerly].join(', ');
  return {
    document: documentAddress(document),
    code: 'other-name',
    severity: 'blocks',
    message: `${action.id} exists as ${resource}${whose}; ${action.resource} would be a second one beside it`,
    hint: isInherited
      ? `names follow from the first owner in spec.formerly of Settings, which is ${firstOwner}: put the one that made it there, before the others`
      : firstOwner !== today
        ? `names follow from the first owner in spec.formerly of Settings, which is ${firstOwner}, and the first name in metadata.formerly: put those there under which it was made`
        : `put the name under which it was made first into metadata.formerly: [${names}]`,
  };
}
