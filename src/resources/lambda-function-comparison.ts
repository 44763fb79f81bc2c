import { causeOf } from '../engine/applied.ts';
import type { Difference, Late, Value } from '../engine/types.ts';
import { equal } from '../engine/value.ts';
import { MANAGED } from './lambda-function-properties.ts';
import type { LambdaFunctionProperties } from './lambda-function-properties.ts';

type Properties = Readonly<Record<string, Value | undefined>>;

const SECRET = { secret: true } as const;

/** A property as a plan shows it: variables by their names, code by its version. */
export function shownProperty(property: string, value: Late<Value>): Late<Value> {
  if (property === 'Environment') return { Variables: named(variablesOf(value)) };
  if (property === 'Code') return shownCode(value as Value);
  return value;
}

/** What of the declared properties is otherwise. A property that is not declared is not managed, but for layers. */
export function functionDifferences(
  declared: LambdaFunctionProperties,
  found: Properties,
  applied: string | undefined,
): readonly Difference[] {
  const wanted: Properties = { ...declared };
  return MANAGED.flatMap((path) => {
    const before = found[path] ?? null;
    const after = path === 'Layers' ? (wanted[path] ?? []) : wanted[path];
    if (after === undefined || equal(before, sorted(path, after))) return [];
    if (path === 'Code' && isSameCode(before, after)) return [relabelled(before, after)];
    const shown = path === 'Environment' ? shownVariables(before, after) : undefined;
    return [
      {
        path,
        before: shown?.before ?? (shownProperty(path, before) as Value),
        after: shown?.after ?? shownProperty(path, after),
        cause: causeOf(MANAGED, applied, path, before, wanted[path]),
      },
    ];
  });
}

function isSameCode(before: Value, after: Value): boolean {
  return equal(shownCode(before).sha256, shownCode(after).sha256);
}

/** The code is deployed and its label is behind, as after a crash between the two: nothing that a review is about. */
function relabelled(before: Value, after: Value): Difference {
  return { path: 'Code', before: shownCode(before), after: shownCode(after), cause: 'git', live: true };
}

/** Subnets and security groups are sets. */
function sorted(path: string, value: Value): Value {
  if (path !== 'VpcConfig') return value;
  const lists = Object.entries(value as Readonly<Record<string, readonly string[]>>);
  return Object.fromEntries(lists.map(([name, ids]) => [name, [...ids].sort()]));
}

/** Only variables that differ, so that a changed value shows in the name of its variable. */
function shownVariables(before: Value, after: Value): { readonly before: Value; readonly after: Value } {
  const [old, wanted] = [variablesOf(before), variablesOf(after)];
  const changed = [...new Set([...Object.keys(old), ...Object.keys(wanted)])]
    .filter((name) => !equal(old[name], wanted[name]))
    .sort();
  const only = (variables: Readonly<Record<string, unknown>>): Value => ({
    Variables: Object.fromEntries(changed.filter((name) => name in variables).map((name) => [name, SECRET])),
  });
  return { before: only(old), after: only(wanted) };
}

function named(variables: Readonly<Record<string, unknown>>): Value {
  return Object.fromEntries(
    Object.keys(variables)
      .sort()
      .map((name) => [name, SECRET]),
  );
}

export function variablesOf(value: unknown): Readonly<Record<string, unknown>> {
  const environment = value as { readonly Variables?: Readonly<Record<string, unknown>> } | null;
  return environment?.Variables ?? {};
}

function shownCode(value: Value): { readonly sha256: Value; readonly version: Value } {
  const { Sha256, Version } = value as { readonly Sha256: Value; readonly Version: Value };
  return { sha256: Sha256, version: Version };
}
