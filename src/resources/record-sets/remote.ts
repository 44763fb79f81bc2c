import { AwsError } from '../../aws/errors.ts';
import type { Target, Value } from '../../engine/types.ts';
import type { Invoke } from '../invoke.ts';
import { documentOf } from '../../engine/address.ts';
import { MIRROR_ACTION, PLAN_ACTION } from './function-contract.ts';
import type { MirrorAnswer, MirrorRequest, PlanAnswer, PlanRequest } from './function-contract.ts';
import type { RecordSetsProperties } from './types.ts';

/** The mirror's own functions, which stand where the primary can be reached. */
export interface RemoteMirror {
  /** Asks the function that only looks; undefined: it does not exist yet. */
  compare(target: Target<RecordSetsProperties>, listing: PlanRequest['listing']): Promise<PlanAnswer | undefined>;
  /** Runs a pass of the function that writes. @param expect what was reviewed, of a mirror in `reviewed` mode. */
  mirror(target: Target<RecordSetsProperties>, expect?: Value): Promise<MirrorAnswer>;
}

export function createRemoteMirror(invoke: Invoke): RemoteMirror {
  return {
    async compare({ address, place, properties }, listing) {
      const request: PlanRequest = { action: PLAN_ACTION, document: documentOf(address), listing };
      return (await invoke(place, properties.Functions.Plan, request)) as PlanAnswer | undefined;
    },
    async mirror({ address, place, properties }, expect) {
      const request: MirrorRequest = {
        action: MIRROR_ACTION,
        document: documentOf(address),
        ...(expect !== undefined && { expect }),
      };
      const name = properties.Functions.Mirror;
      const answer = await invoke(place, name, request);
      if (answer === undefined) throw new AwsError('TU2031', `the function ${name} does not exist`);
      return answer as MirrorAnswer;
    },
  };
}
