import { copyPlan, MAX_OBJECT, MAX_PARTS } from './copy-plan.ts';

const MIB = 2 ** 20;
/** Octets a second that S3 copies by one call between far regions; within one region it is more. */
const RATE = 20e6;
/** Left of a function's time when nothing new is begun: copies in flight end, and large ones are handed on. */
export const RESERVE_SECONDS = 30;
const SECONDS_A_MINUTE = 60;

/** Seconds that a function needs for an object of so many octets: in each of its invocations one call must come to its end. */
export function secondsFor(size: number): number {
  const plan = copyPlan(size);
  return secondsOf(plan.kind === 'single' ? size : plan.partSize);
}

/** Seconds that a function needs for one call that copies so many octets. */
function secondsOf(octets: number): number {
  return RESERVE_SECONDS + Math.ceil(octets / RATE);
}

/** The least `timeout` that is enough for calls of so many octets. */
export function timeoutFor(octets: number): string {
  return `${Math.ceil(secondsOf(octets) / SECONDS_A_MINUTE)}m`;
}

/** Octets of the largest object that a function of so many seconds brings to its end. */
export function mostWithin(seconds: number): number {
  const part = Math.floor(((seconds - RESERVE_SECONDS) * RATE) / MIB) * MIB;
  return Math.min(MAX_OBJECT, part * MAX_PARTS);
}
