import { resourceAddress } from '../engine/address.ts';
import type { Address, Place } from '../engine/types.ts';
import { declaredResources } from '../iam/declared.ts';
import type { IamTree } from '../iam/tree.ts';
import { loopFindings, resourceFindings, sizeFindings } from './findings.ts';
import { placeName } from './names.ts';
import { renderResource } from './resource.ts';
import type { Others, RenderedResource } from './resource.ts';
import type { HandlerFile, LeftOut, RenderedPlace, RenderResult } from './types.ts';

export interface CloudFormationOptions {
  /** The name of the handler whose zip has this hash (base64 of SHA-256); undefined: none of this trueup. */
  readonly handlerName: (sha256: string) => string | undefined;
  /** A value as it is written to a file of its own. */
  readonly toText: (value: object) => string;
}

/**
 * An estate as CloudFormation: a template for every account and region, and what no template holds. From the tree alone;
 * physical names are those that trueup gives, so that a stack can take over what exists.
 */
export function renderCloudFormation(tree: IamTree, { handlerName, toText }: CloudFormationOptions): RenderResult {
  const declared = new Map(
    declaredResources(tree).map((one) => [resourceAddress(one.document, one.desired.id), one] as const),
  );
  const rendered = new Map<Address, RenderedResource>();
  const leftOut: LeftOut[] = [];
  const others: Others = {
    rendered: (address) => rendered.get(address),
    predicted: (address, attribute) => declared.get(address)?.attributes[attribute],
    handlerName: (sha256) => handlerName(sha256) ?? 'code',
  };
  // What is referred to stands before what refers to it.
  for (const [address, one] of declared) {
    const resource = renderResource(one, others);
    if ('why' in resource) leftOut.push(resource);
    else {
      rendered.set(address, resource);
      leftOut.push(...resource.leftOut);
    }
  }
  const resources = [...rendered.values()];
  const templates = byPlace(resources).map(([place, own]) => renderPlace(tree.estate.owner, place, own));
  return {
    format: 'trueup/render@1',
    owner: tree.estate.owner,
    templates,
    leftOut,
    findings: [
      ...loopFindings(tree.documents),
      ...resources.flatMap(resourceFindings),
      ...templates.flatMap((place) => sizeFindings(place, toText(place.template))),
    ],
  };
}

/** In the order of account and region. */
function byPlace(resources: readonly RenderedResource[]): readonly (readonly [Place, readonly RenderedResource[]])[] {
  const places = new Map<string, { readonly place: Place; readonly own: RenderedResource[] }>();
  for (const resource of resources) {
    const { place } = resource;
    const known = places.get(placeName(place)) ?? { place, own: [] };
    known.own.push(resource);
    places.set(placeName(place), known);
  }
  return [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { place, own }]) => [place, own]);
}

function renderPlace(owner: string, { account, region }: Place, resources: readonly RenderedResource[]): RenderedPlace {
  const parameters = Object.fromEntries(resources.flatMap((one) => Object.entries(one.parameters)));
  const outputs = Object.fromEntries(resources.flatMap((one) => Object.entries(one.outputs)));
  const handlers = new Map(
    resources.flatMap(({ handler }): [string, HandlerFile][] => (handler ? [[handler.name, handler]] : [])),
  );
  return {
    account,
    region,
    template: {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: `What the estate ${owner} declares in ${account} ${region}.`,
      ...(Object.keys(parameters).length > 0 && { Parameters: parameters }),
      Resources: Object.fromEntries(resources.map((one) => [one.logicalId, one.template])),
      ...(Object.keys(outputs).length > 0 && { Outputs: outputs }),
    },
    import: resources.map((one) => one.import),
    handlers: [...handlers.values()],
  };
}
