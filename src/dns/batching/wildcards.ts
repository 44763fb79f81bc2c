import { compareNames, labelsOf } from '../name.ts';
import type { RRset, WireName } from '../types.ts';

/** The label `*` (RFC 4592 §2.1.1) in front of a name. */
const WILDCARD = '\x01*';

/** One version of a zone as far as wildcards need it: owner names, sorted, each once. */
interface Names {
  readonly sorted: readonly WireName[];
  /** Names that have a wildcard right below. */
  readonly parents: ReadonlySet<WireName>;
}

export function hasWildcard(zone: readonly RRset[]): boolean {
  return zone.some(({ name }) => name.startsWith(WILDCARD));
}

/**
 * Which names hide each other from a wildcard (RFC 4592 §3.3.1): with the first name at or below a node, the wildcard
 * stops answering for everything at and below that node.
 * @param names new names, sorted, none of which is in the zone
 * @returns the node for each name; undefined: no wildcard of the zone answers there
 */
export function shadowedNodes(names: readonly WireName[], zone: readonly RRset[]): (WireName | undefined)[] {
  const { sorted, parents } = namesOf(zone);
  if (parents.size === 0) return names.map(() => undefined);
  let next = 0;
  return names.map((name) => {
    while (next < sorted.length && compareNames(sorted[next] ?? name, name) < 0) next += 1;
    return shadowedNode(name, sorted[next - 1], sorted[next], parents);
  });
}

/** In canonical order the closest ancestor that exists is shared with one of the two neighbours. */
function shadowedNode(
  name: WireName,
  previous: WireName | undefined,
  next: WireName | undefined,
  parents: ReadonlySet<WireName>,
): WireName | undefined {
  const labels = labelsOf(name);
  const shared = Math.max(sharedLabels(labels, previous), sharedLabels(labels, next));
  const above = labels.slice(0, labels.length - shared);
  const octets = above.reduce((sum, label) => sum + 1 + label.length, 0);
  const topmost = above.at(-1);
  if (topmost === undefined || !parents.has(name.slice(octets))) return undefined;
  return name.slice(octets - 1 - topmost.length);
}

function sharedLabels(labels: readonly string[], other: WireName | undefined): number {
  if (other === undefined) return 0;
  const others = labelsOf(other);
  let shared = 0;
  while (shared < labels.length && labels.at(-1 - shared) === others.at(-1 - shared)) shared += 1;
  return shared;
}

function namesOf(zone: readonly RRset[]): Names {
  const sorted: WireName[] = [];
  const parents = new Set<WireName>();
  for (const { name } of zone) {
    if (sorted.at(-1) === name) continue;
    sorted.push(name);
    if (name.startsWith(WILDCARD)) parents.add(name.slice(WILDCARD.length));
  }
  return { sorted, parents };
}
