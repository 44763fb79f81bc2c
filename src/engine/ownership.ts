import type { Address, Observation, Present } from './types.ts';

/** Who owns what was found under a target's name (docs/concepts.md, "Whose an object is"). */
export type Ownership =
  | { readonly verdict: 'absent' | 'ours' | 'unfinished' | 'foreign' | 'adoptable' | 'copy' }
  | { readonly verdict: 'taken'; readonly by: Address }
  | { readonly verdict: 'renamed'; readonly from: Address }
  /** Of this estate under an owner that it had. */
  | { readonly verdict: 'inherited'; readonly from: string }
  | { readonly verdict: 'theirs'; readonly by: string };

export interface Claim {
  /** `owner` of Settings. */
  readonly owner: string;
  /** Earlier owners, from `Settings.formerly`. */
  readonly formerOwners: readonly string[];
  readonly address: Address;
  /** The same resource under the document's earlier names. */
  readonly formerAddresses: readonly Address[];
  readonly adopt: boolean;
  /** Does the type write `trueup:applied`? Types without own tags are never half made. */
  readonly stamped: boolean;
  /** Is this address declared by a document of the tree? */
  declared(address: Address): boolean;
}

/** May what hangs on it be looked at and changed? Not so for what is foreign, nor before an adoption is done. */
export function isOurs(ownership: Ownership | undefined): boolean {
  if (ownership === undefined) return true;
  return ['absent', 'ours', 'unfinished', 'renamed', 'inherited'].includes(ownership.verdict);
}

export function splitMarker(marker: string): { readonly owner: string; readonly address: Address } {
  const cut = marker.indexOf('/');
  return { owner: marker.slice(0, cut), address: marker.slice(cut + 1) };
}

function ownershipOfMarked(marker: string, seen: Present, claim: Claim): Ownership {
  const { owner, address } = splitMarker(marker);
  const isOurOwner = owner === claim.owner;
  if (!isOurOwner && !claim.formerOwners.includes(owner)) return { verdict: 'theirs', by: owner };
  const isFormer = claim.formerAddresses.includes(address) && !claim.declared(address);
  if (!isOurOwner) {
    // Without a witness the marker may have been copied: then nothing is changed before the takeover was applied.
    const isSame = (address === claim.address || isFormer) && seen.witness;
    return isSame ? { verdict: 'inherited', from: owner } : { verdict: 'adoptable' };
  }
  if (address === claim.address) {
    if (!seen.witness) return { verdict: 'copy' };
    return { verdict: claim.stamped && seen.applied === undefined ? 'unfinished' : 'ours' };
  }
  if (isFormer) return { verdict: 'renamed', from: address };
  return { verdict: 'taken', by: address };
}

export function ownershipOf(observation: Exclude<Observation, { state: 'unknown' }>, claim: Claim): Ownership {
  if (observation.state === 'absent') return { verdict: 'absent' };
  if (observation.marker === undefined) return { verdict: claim.adopt ? 'adoptable' : 'foreign' };
  return ownershipOfMarked(observation.marker, observation, claim);
}
