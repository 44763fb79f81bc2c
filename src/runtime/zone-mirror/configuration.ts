import { documentAddress } from '../../engine/address.ts';
import type { Address, Document, Place } from '../../engine/types.ts';
import type { MirrorDocument } from '../../reconcilers/zone-mirror/mirror-document.ts';
import type { ZoneMirrorSpec } from '../../reconcilers/zone-mirror/spec.gen.ts';
import { readFunctionDocument } from '../function-document.ts';

/** What a function is, read from its environment once. */
export interface Configuration {
  readonly owner: string;
  readonly address: Address;
  readonly document: Document<ZoneMirrorSpec>;
  readonly place: Place;
  readonly zoneId: string;
  /** Of a public zone: the server that is asked for the mirror's serial. */
  readonly nameServer?: string;
  /** `plan` only looks, whatever it is asked. */
  readonly duty: 'mirror' | 'plan';
}

export function readConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const { owner, name, place, spec } = readFunctionDocument(environment) as MirrorDocument;
  const { TRUEUP_ZONE_ID: zoneId, TRUEUP_NAME_SERVER: nameServer, TRUEUP_FUNCTION: duty } = environment;
  if (!zoneId) throw new Error('TRUEUP_ZONE_ID is missing: this function is configured by trueup apply');
  const document: Document<ZoneMirrorSpec> = {
    kind: 'ZoneMirror',
    name,
    formerly: [],
    protect: false,
    adopt: false,
    spec,
    source: { file: '', line: 0 },
  };
  return {
    owner,
    address: documentAddress(document),
    document,
    place,
    zoneId,
    ...(nameServer && { nameServer }),
    duty: duty === 'mirror' ? 'mirror' : 'plan',
  };
}
