import type { Place } from '../engine/types.ts';
import { globalArn } from './arns.ts';

/** Where roles of an owner live. */
export function rolePath(owner: string): string {
  return `/trueup/${owner}/`;
}

export function roleArn(place: Place, path: string, name: string): string {
  return globalArn('iam', place, `role${path}${name}`);
}

/** A role that is not there is asked for without its path: IAM knows none then. */
export function absentRoleArn(place: Place, name: string): string {
  return roleArn(place, '/', name);
}
