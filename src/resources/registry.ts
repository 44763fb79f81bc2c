import type { Aws } from '../aws/clients.ts';
import type { TransferCounts } from '../dns/transfer/errors.ts';
import type { ResourceType } from '../engine/types.ts';
import { createLambdaFunctionType } from './aws-lambda-function.ts';
import type { BundleLookup } from './aws-lambda-function.ts';
import { createLambdaPermissionType } from './aws-lambda-permission.ts';
import { createHostedZoneType } from './aws-route53-hosted-zone.ts';
import { createRecordSetsType } from './record-sets/index.ts';
import { createSourceReader } from './record-sets/source.ts';

/**
 * `when-moved`: a live mirror whose serial has not moved is neither transferred nor listed; `always`: everything is
 * listed; `drift`: the same, and a source that cannot be reached is something that could not be looked at.
 */
export type ListingMode = 'when-moved' | 'always' | 'drift';

export interface ResourceOptions {
  readonly listing: ListingMode;
  /** The code of handlers, by the hash of the zip; default: there are none. */
  readonly bundles?: BundleLookup;
  readonly onTransfer: (zone: string, counts: Readonly<TransferCounts>) => void;
}

/** One line a resource type: all that trueup knows of AWS's resources is here. */
export function resourceTypes(aws: Aws, options: ResourceOptions): readonly ResourceType[] {
  const sources = createSourceReader(aws, { onProgress: options.onTransfer });
  const recordSets = {
    listing: options.listing === 'when-moved' ? 'when-moved' : 'always',
    unreachable: options.listing === 'drift' ? 'unknown' : 'finding',
  } as const;
  return [
    erased(createHostedZoneType(aws)),
    erased(createLambdaFunctionType(aws, options.bundles ?? (() => undefined))),
    erased(createLambdaPermissionType(aws)),
    erased(createRecordSetsType(aws, sources, recordSets)),
  ];
}

/** The engine hands each type the targets that it made for that type, and looks at none of the properties. */
function erased<Properties, Attributes>(type: ResourceType<Properties, Attributes>): ResourceType {
  return type as unknown as ResourceType;
}
