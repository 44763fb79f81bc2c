import type { Aws } from '../../aws/clients.ts';
import { resourceAddress } from '../../engine/address.ts';
import { createScheduler, erasedType } from '../../engine/world.ts';
import type { World } from '../../engine/world.ts';
import type { Clock, Desired, Estate, Kind, ResourceType, Target } from '../../engine/types.ts';
import { guards } from '../../reconcilers/zone-mirror/guards.ts';
import { RECORDS, recordsOf } from '../../reconcilers/zone-mirror/records.ts';
import type { ZoneMirrorSpec } from '../../reconcilers/zone-mirror/spec.gen.ts';
import { createRecordSetsType } from '../../resources/record-sets/index.ts';
import type { LookOptions } from '../../resources/record-sets/look.ts';
import type { SourceReader } from '../../resources/record-sets/source.ts';
import type { RecordSetsAttributes, RecordSetsProperties } from '../../resources/record-sets/types.ts';
import type { Configuration } from './configuration.ts';

/** The function's whole world: the records of one zone, by the same code that plans and applies them elsewhere. */
export interface MirrorWorld {
  readonly world: World;
  readonly type: ResourceType<RecordSetsProperties, RecordSetsAttributes>;
  readonly target: Target<RecordSetsProperties>;
}

export function createMirrorWorld(
  configuration: Configuration,
  aws: Aws,
  sources: SourceReader,
  clock: Clock,
  look: Omit<LookOptions, 'remote'>,
): MirrorWorld {
  const { document, owner, place, zoneId } = configuration;
  const records = recordsOf({
    // The function is where the primary can be reached: there is nobody else to ask.
    spec: { ...document.spec, via: 'local' },
    place,
    zoneId,
    functions: { Mirror: '', Plan: '' },
  });
  const type = createRecordSetsType(aws, sources, { ...look, unreachable: 'unknown' });
  const kind: Kind<ZoneMirrorSpec> = {
    kind: document.kind,
    compile: (): readonly Desired[] => [records],
    guards,
    summary: ({ spec }) => spec.domain,
  };
  return {
    type,
    target: {
      address: resourceAddress(document, RECORDS),
      owner,
      place,
      properties: records.properties as unknown as RecordSetsProperties,
      token: '',
      applied: '',
      protect: false,
    },
    world: {
      kinds: new Map([[document.kind, kind as Kind]]),
      types: new Map([[records.type, erasedType(type)]]),
      estate: estateOf(configuration),
      formerOwners: [],
      clock,
      schedule: createScheduler(),
      calls: () => aws.calls(),
    },
  };
}

function estateOf({ owner, place, document, address }: Configuration): Estate {
  return {
    owner,
    firstOwner: owner,
    tags: {},
    accounts: [],
    lease: {},
    place: () => place,
    document: (other) => (other === address ? document : undefined),
    documents: () => [document],
    handler: (name) => {
      throw new Error(`a function deploys nothing, ${name} neither`);
    },
  };
}
