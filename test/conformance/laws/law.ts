import { expect } from 'vitest';
import type { Action, ApplyResult, Desired, Plan, ResourceType, Target } from '../../../src/engine/types.ts';
import { inDependencyOrder } from '../../../src/engine/order.ts';
import { targetOf } from '../../../src/engine/observe.ts';
import { resourceAddress } from '../../../src/engine/address.ts';
import { isMarked } from '../../../src/engine/inventory.ts';
import { KINDS } from '../../../src/reconcilers/registry.ts';
import type { Present, Value } from '../../../src/engine/types.ts';
import type { StartedSamples } from '../samples.ts';
import type { Stage } from '../stage.ts';

export interface Bench {
  readonly kind: string;
  readonly samples: StartedSamples;
  /** A new directory and account, prepared. */
  stage(): Stage;
}

export interface Law {
  /** One line for docs/conformance.md. */
  readonly says: string;
  /** @returns the figure that is printed, where the law counts something. */
  check(bench: Bench): Promise<string | undefined | void>;
}

/** The document that laws are tried on, and one that stands beside it. */
export const MAIN = 'corp';
export const OTHER = 'other';

/** A stage on which the document of this name was applied. */
export async function applied({ samples, stage }: Bench, ...names: readonly string[]): Promise<Stage> {
  const stand = stage();
  for (const name of names.length > 0 ? names : [MAIN]) stand.write(`${name}.yaml`, samples.document(name));
  expectApplied(await stand.process().apply());
  return stand;
}

export function expectApplied(result: ApplyResult): void {
  const { outcome, failed, skipped, refused, guards } = result;
  expect({ outcome, failed, skipped, refused, guards }).toEqual({
    outcome: 'applied',
    failed: [],
    skipped: [],
    refused: [],
    guards: [],
  });
}

/** Nothing to do, everything seen, nothing in the way. */
export async function expectEmpty(stand: Stage): Promise<void> {
  const plan = await stand.process().plan();
  expect(plan.actions.map(({ action, id, changes }) => [action, id, ...changes.map(({ path }) => path)])).toEqual([]);
  expect(plan.complete).toBe(true);
  expect(blocking(plan)).toEqual([]);
}

export function blocking(plan: Plan): readonly string[] {
  const findings = [...plan.findings, ...plan.documents.flatMap((document) => document.findings)];
  return findings.filter(({ severity }) => severity === 'blocks').map(({ code, message }) => `${code}: ${message}`);
}

/** Applies until there is nothing left to do, at most so often; every try must be better than refused. */
export async function converge(stand: Stage, tries = 3): Promise<void> {
  for (let left = tries; left > 0; left -= 1) {
    const { outcome } = await stand.process().apply();
    if (outcome === 'nothing') return;
    expect(['applied', 'partial', 'not-converged']).toContain(outcome);
  }
  await expectEmpty(stand);
}

export function verbs({ actions }: Pick<Plan, 'actions'>): readonly string[] {
  return [...new Set(actions.map(({ action }) => action))].sort();
}

/** An object as its type finds it. */
export interface FoundObject {
  readonly id: string;
  readonly desired: Desired;
  readonly type: ResourceType;
  readonly target: Target;
  readonly seen: Present;
}

/** The objects of a document that carry a mark of their own, as they are. */
export async function markedObjects(stand: Stage, name = MAIN): Promise<readonly FoundObject[]> {
  const found = (await foundObjects(stand, name)).filter(({ type }) => isMarked(type));
  if (found.length === 0) throw new Error(`${name} has no objects`);
  return found;
}

/** What a document has written into objects that are not its own, and that is found without it. */
export async function listedEntries(stand: Stage, name = MAIN): Promise<readonly FoundObject[]> {
  return (await foundObjects(stand, name)).filter(({ type }) => !isMarked(type) && type.list);
}

async function foundObjects(stand: Stage, name: string): Promise<readonly FoundObject[]> {
  const project = await stand.load();
  const document = project.documents.find((one) => one.name === name);
  if (!document) throw new Error(`there is no document ${name}`);
  const kind = KINDS.find((one) => one.kind.kind === document.kind)?.kind;
  if (!kind) throw new Error(`there is no kind ${document.kind}`);
  const types = await stand.types();
  const attributes = new Map<string, Readonly<Record<string, Value>>>();
  const found: FoundObject[] = [];
  for (const desired of inDependencyOrder(kind.compile(document, project.estate))) {
    const type = types.get(desired.type);
    if (!type) throw new Error(`there is no type ${desired.type}`);
    const world = { estate: project.estate, formerOwners: [], types } as unknown as Parameters<typeof targetOf>[0];
    const target = targetOf(world, document, desired, '', (id, attribute) => attributes.get(id)?.[attribute]);
    if (!target) throw new Error(`${desired.id} refers to something that is not known`);
    const seen = await type.observe(target);
    if (seen.state !== 'present') continue;
    attributes.set(desired.id, { ...type.predict?.(target), ...seen.attributes } as Record<string, Value>);
    found.push({ id: resourceAddress(document, desired.id), desired, type, target, seen });
  }
  return found;
}

/** Moves one object outside of any process: a step of its type until that is done. */
export async function until(step: () => Promise<{ readonly done: boolean }> | undefined): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    if ((await step())?.done) return;
  }
  throw new Error('it does not come to an end');
}

export function idsOf(actions: readonly Action[]): readonly string[] {
  return actions.map(({ action, id }) => `${action} ${id}`).sort();
}
