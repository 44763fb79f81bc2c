/** The library entry `trueup`: what the command line calls, with endpoint, clock and reporter handed in. */
export { apply } from './operations/apply.ts';
export type { AppliedPlan, ApplyOptions } from './operations/apply.ts';
export { drift } from './operations/drift.ts';
export type { DriftOptions } from './operations/drift.ts';
export { explain } from './operations/explain.ts';
export type { ExplainOptions } from './operations/explain.ts';
export { orphans } from './operations/orphans.ts';
export type { OrphansOptions } from './operations/orphans.ts';
export type { Endpoint } from './operations/endpoint.ts';
export { plan } from './operations/plan.ts';
export type { CommandOptions, PlanOptions } from './operations/plan.ts';
export { loadConfig } from './operations/project.ts';
export type { Base, LoadedProject, LoadOptions, Project } from './operations/project.ts';
export type { Reporter } from './operations/reporter.ts';
export { validate } from './operations/validate.ts';
export type { ExplainedObject, ExplainResult } from './engine/explain.ts';
export type * from './engine/types.ts';
