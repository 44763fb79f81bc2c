import type { Permission, Place } from '../../engine/types.ts';
import { arn } from '../arns.ts';
import { permit } from '../permissions.ts';

/** ARNs of API Gateway are paths of its control plane, and name no account (Developer Guide, "Resource ARNs"). */
export function gatewayArn(place: Place, path: string): string {
  return arn('apigateway', { ...place, account: '' }, path);
}

/** @param id `*`: every one. */
export function apiArn(place: Place, id: string): string {
  return gatewayArn(place, `/apis/${id}`);
}

export function stageArn(place: Place, apiId: string, stage: string): string {
  return `${apiArn(place, apiId)}/stages/${stage}`;
}

/** Its actions are the verbs of HTTP, on paths (Service Authorization Reference, "Amazon API Gateway Management V2"). */
export function permitVerbs(place: Place, path: string, verbs: readonly Verb[]): readonly Permission[] {
  return permit('apigateway', gatewayArn(place, path), verbs);
}

/**
 * Tags have a path of their own: it holds the ARN of what carries them, with the version of the control plane in its path.
 *
 * @param tagged path of what carries them: `/apis/ID`.
 */
export function permitTags(place: Place, tagged: string, verbs: readonly Verb[]): readonly Permission[] {
  return permitVerbs(place, `/tags/${encodeURIComponent(gatewayArn(place, `/v2${tagged}`))}`, verbs);
}

type Verb = 'DELETE' | 'GET' | 'PATCH' | 'POST';
