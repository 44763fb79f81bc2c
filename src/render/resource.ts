import { documentAddress } from '../engine/address.ts';
import { refsOf } from '../engine/value.ts';
import type { Address, Place, Value } from '../engine/types.ts';
import { TYPES } from '../iam/declared.ts';
import type { Declared } from '../iam/declared.ts';
import { functionKey, getAtt, ref, toTemplate } from './intrinsics.ts';
import { logicalId } from './logical-ids.ts';
import { ROWS } from './rows.ts';
import type { Declaration, Form, Properties, Rendered } from './rows.ts';
import type {
  HandlerFile,
  LeftOut,
  ResourceToImport,
  TemplateOutput,
  TemplateParameter,
  TemplateResource,
} from './types.ts';

/** One resource in its template, and what it takes beside it. */
export interface RenderedResource {
  readonly address: Address;
  readonly place: Place;
  readonly logicalId: string;
  readonly template: TemplateResource;
  readonly import: ResourceToImport;
  /** Parts of its identifier that AWS chose, and that nobody knows offline. */
  readonly toFind: readonly string[];
  readonly parameters: Readonly<Record<string, TemplateParameter>>;
  /** By logical id. */
  readonly outputs: Readonly<Record<string, TemplateOutput>>;
  readonly handler?: HandlerFile;
  /** What of it no template holds. */
  readonly leftOut: readonly LeftOut[];
  /** What it comes after and stands in other templates. */
  readonly afterOthers: readonly RenderedResource[];
}

/** What is known of the other resources of the estate. */
export interface Others {
  /** Undefined: it is left out. */
  readonly rendered: (address: Address) => RenderedResource | undefined;
  /** Undefined: nothing tells before AWS made the object. */
  readonly predicted: (address: Address, attribute: string) => Value | undefined;
  /** The name of the handler whose zip has this hash. */
  readonly handlerName: (sha256: string) => string;
}

/** @returns the resource, or why none of it can stand in a template */
export function renderResource(declared: Declared, others: Others): RenderedResource | LeftOut {
  const { document, desired, draft } = declared;
  const { place } = desired;
  const row = ROWS[desired.type];
  const owner = documentAddress(document);
  const addressOf = (id: string): Address => `${owner}/${id}`;
  const address = addressOf(desired.id);
  const leftOut: LeftOut[] = [];
  const parameters: Record<string, TemplateParameter> = {};

  if (row === undefined) return whole(`there is no rendering of ${desired.type}`);
  const declaration: Declaration = {
    document,
    desired,
    properties: toTemplate(desired.properties, attributeForm) as Properties,
    name: TYPES.get(desired.type)?.describe(draft) ?? desired.id,
    handlerName: others.handlerName,
  };
  if ('leftOut' in row) return whole(row.leftOut(declaration));
  const key = functionKey(desired.properties);
  if (key !== undefined) return whole(`CloudFormation would take its key ${key} for a function of its own`);
  const form = row.form?.(declaration) ?? { properties: declaration.properties };
  if ('why' in form) return whole(form.why);

  const ownId = logicalId(document, desired.id);
  const properties = said(form);
  const identifier = row.identifier(declaration);
  const policy = deletionPolicy(declared);
  const dependsOn = dependenciesOf(declared, (id) => inThisTemplate(addressOf(id)));
  return {
    address,
    place,
    logicalId: ownId,
    template: {
      Type: desired.type,
      Metadata: { 'trueup:address': address },
      ...(dependsOn.length > 0 && { DependsOn: dependsOn }),
      DeletionPolicy: policy,
      UpdateReplacePolicy: policy,
      Properties: properties,
    },
    import: {
      ResourceType: desired.type,
      LogicalResourceId: ownId,
      ResourceIdentifier: Object.fromEntries(
        Object.entries(identifier).map(([name, value]) => [name, value ?? `${name} of ${address}`]),
      ),
    },
    toFind: Object.keys(identifier).filter((name) => identifier[name] === null),
    parameters: { ...parameters, ...form.parameters },
    outputs: Object.fromEntries(
      Object.entries(row.outputs?.(ownId, properties) ?? {}).map(([end, { what, value }]) => [
        ownId + end,
        { Description: `${what} ${address}`, Value: value },
      ]),
    ),
    ...(form.handler && { handler: form.handler }),
    leftOut: [
      ...leftOut,
      ...Object.entries(form.leftOut ?? {}).map(([name, why]) => ({
        document: owner,
        resource: `${address}.${name}`,
        why,
      })),
    ],
    afterOthers: (desired.after ?? []).flatMap((id) => {
      const other = others.rendered(addressOf(id));
      return other && !isSame(other.place, place) ? [other] : [];
    }),
  };

  function whole(why: string): LeftOut {
    return { document: owner, resource: address, why };
  }

  function inThisTemplate(other: Address): RenderedResource | undefined {
    const found = others.rendered(other);
    return found && isSame(found.place, place) ? found : undefined;
  }

  /** An attribute by CloudFormation's own way, where it has one; else as it is known, or as a parameter. */
  function attributeForm(id: string, attribute: string): Value {
    const other = addressOf(id);
    const found = inThisTemplate(other);
    if (found) {
      const { attributes } = ROWS[found.template.Type] as Rendered;
      return attributes?.[attribute]?.(found.logicalId) ?? getAtt(found.logicalId, attribute);
    }
    const known = others.predicted(other, attribute);
    if (known !== undefined) return known;
    const name = logicalId(document, id) + attribute;
    parameters[name] = { Type: 'String', Description: `${attribute} of ${other}` };
    const why = `this template does not hold ${other}: the parameter ${name} takes its ${attribute}`;
    leftOut.push({ document: owner, resource: address, why });
    return ref(name);
  }
}

/** What says nothing in trueup is left away: no value, and empty lists. */
function said({ properties }: Form): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  );
}

/** What it waits for without taking a value of it: whatever it refers to, CloudFormation makes first by itself. */
function dependenciesOf({ desired }: Declared, find: (id: string) => RenderedResource | undefined): readonly string[] {
  const referred = new Set(refsOf(desired.properties).map(([id]) => id));
  const after = (desired.after ?? []).filter((id) => !referred.has(id));
  return after.flatMap((id) => find(id)?.logicalId ?? []).sort();
}

/** As trueup treats what no document declares any more (docs/concepts.md, "Removing things"). */
function deletionPolicy({ document, desired }: Declared): TemplateResource['DeletionPolicy'] {
  const usual = TYPES.get(desired.type)?.stateful ? 'release' : 'delete';
  return document.protect || (document.onRemove ?? usual) === 'release' ? 'Retain' : 'Delete';
}

function isSame(a: Place, b: Place): boolean {
  return a.account === b.account && a.region === b.region;
}
