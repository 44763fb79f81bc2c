import { parse } from 'yaml';

/** What matters of a workflow file for whether the loop runs, and on what. */
export interface WorkflowFacts {
  /** Event → its filters. */
  readonly events: Readonly<Record<string, Fields>>;
  /** Environments of its jobs. */
  readonly environments: readonly string[];
  /** Branches that it names: those of `push`, those that it checks out, those of the conditions of jobs. */
  readonly branches: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

const REF_IN_CONDITION = /refs\/heads\/([^'"\s)]+)/g;

/** Undefined: it is no YAML, or no mapping. Pure. */
export function workflowFacts(text: string): WorkflowFacts | undefined {
  const workflow = parsed(text);
  if (workflow === undefined) return undefined;
  const events = eventsOf(workflow['on']);
  const jobs = Object.values(fieldsOf(workflow['jobs'])).map(fieldsOf);
  const branches = [
    ...textsOf(events['push']?.['branches']),
    ...jobs.flatMap((job) => [...refsOfCheckouts(job), ...refsOfCondition(job['if'])]),
  ];
  return { events, environments: unique(jobs.flatMap(environmentOf)), branches: unique(branches) };
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = parse(text);
    return isMapping(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function eventsOf(on: unknown): Readonly<Record<string, Fields>> {
  if (isMapping(on))
    return Object.fromEntries(Object.entries(on).map(([event, filters]) => [event, fieldsOf(filters)]));
  return Object.fromEntries(textsOf(on).map((event) => [event, {}]));
}

function refsOfCheckouts({ steps }: Fields): readonly string[] {
  const used = (Array.isArray(steps) ? steps : []).map(fieldsOf);
  const checkouts = used.filter(({ uses }) => typeof uses === 'string' && uses.startsWith('actions/checkout@'));
  return checkouts
    .flatMap((step) => textsOf(fieldsOf(step['with'])['ref']))
    .map((ref) => ref.replace(/^refs\/heads\//, ''));
}

function refsOfCondition(condition: unknown): readonly string[] {
  return textsOf(condition).flatMap((text) => [...text.matchAll(REF_IN_CONDITION)].map(([, branch = '']) => branch));
}

/** `environment: name` or `environment: { name, url }`. */
function environmentOf({ environment }: Fields): readonly string[] {
  return textsOf(isMapping(environment) ? environment['name'] : environment);
}

/** A text, or a list of them. */
function textsOf(value: unknown): readonly string[] {
  return [value].flat().filter((item) => typeof item === 'string');
}

function fieldsOf(value: unknown): Fields {
  return isMapping(value) ? value : {};
}

function isMapping(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
