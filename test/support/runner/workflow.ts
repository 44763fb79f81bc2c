import { parse } from 'yaml';
import type { Permissions } from '../github/types.ts';

export type Texts = Readonly<Record<string, string | number | boolean>>;

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string | boolean;
  readonly uses?: string;
  readonly with?: Texts;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Texts;
  readonly 'working-directory'?: string;
  readonly 'continue-on-error'?: boolean;
  readonly 'timeout-minutes'?: number;
}

export interface Job {
  readonly name?: string;
  readonly if?: string | boolean;
  readonly needs?: string | readonly string[];
  readonly 'runs-on': string | readonly string[];
  readonly 'timeout-minutes'?: number;
  readonly environment?: string | { readonly name: string; readonly url?: string };
  readonly permissions?: PermissionsOf;
  readonly concurrency?: string | { readonly group: string };
  readonly env?: Texts;
  readonly outputs?: Texts;
  readonly steps: readonly Step[];
}

export type PermissionsOf = 'read-all' | 'write-all' | Permissions;

/** Filters of one event of `on`. */
export interface Trigger {
  readonly types?: string | readonly string[];
  readonly branches?: readonly string[];
  readonly cron?: string;
}

export interface Workflow {
  readonly name?: string;
  readonly on: string | readonly string[] | Readonly<Record<string, Trigger | readonly Trigger[] | null>>;
  readonly permissions?: PermissionsOf;
  readonly env?: Texts;
  readonly concurrency?: Job['concurrency'];
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface CompositeAction {
  readonly name: string;
  readonly inputs?: Readonly<
    Record<string, { readonly required?: boolean; readonly default?: string | number | boolean }>
  >;
  readonly outputs?: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const WORKFLOW = ['name', 'run-name', 'on', 'permissions', 'env', 'concurrency', 'jobs'];
const TRIGGER = ['types', 'branches', 'cron', 'inputs'];
const JOB = 'name if needs runs-on timeout-minutes environment permissions concurrency env outputs steps'.split(' ');
const STEP = 'id name if uses with run shell env working-directory continue-on-error timeout-minutes'.split(' ');

/** @throws Error for a key that this runner does not know, so that no test passes for want of it */
export function readWorkflow(text: string): Workflow {
  const workflow = parse(text) as Workflow;
  assertKeys('workflow', workflow, WORKFLOW);
  if (typeof workflow.on === 'object' && !Array.isArray(workflow.on)) {
    for (const trigger of Object.values(workflow.on).flat()) assertKeys('on', trigger ?? {}, TRIGGER);
  }
  for (const [id, job] of Object.entries(workflow.jobs)) {
    assertKeys(`job ${id}`, job, JOB);
    for (const step of job.steps) assertStep(id, step);
  }
  return workflow;
}

/** @throws Error for an action that is not composite, or for a key that this runner does not know */
export function readCompositeAction(text: string): CompositeAction {
  const action = parse(text) as CompositeAction;
  if (action.runs.using !== 'composite') throw new Error(`${action.name} is not composite`);
  for (const step of action.runs.steps) assertStep(action.name, step);
  return action;
}

function assertStep(place: string, step: Step): void {
  assertKeys(`step of ${place}`, step, STEP);
  if ((step.run === undefined) === (step.uses === undefined)) throw new Error(`${place}: a step runs or uses`);
}

function assertKeys(place: string, value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Error(`this runner does not know ${unknown} of ${place}`);
}
