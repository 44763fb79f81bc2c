/** The library entry `trueup/schedule`: when machines run, from tags and declared schedules; pure functions throughout. */
export { decide } from './decide.ts';
export type { Decision, DecideRequest } from './decide.ts';
export { parseDeclared } from './declared.ts';
export type { Reason } from './judge.ts';
export { parseTag } from './tag.ts';
export { transitions } from './transitions.ts';
export type { Instant, TransitionsOptions } from './transitions.ts';
export type * from './types.ts';
