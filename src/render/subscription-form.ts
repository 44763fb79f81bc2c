import { equal } from '../engine/value.ts';
import type { Declaration, Form, Properties } from './rows.ts';

/** An empty policy stands for none: a template says so by leaving it out, and the scope of a filter with it. */
export function subscriptionForm({ properties }: Declaration): Form {
  const isNone = (name: string): boolean => equal(properties[name] ?? {}, {});
  const without = [
    ...['FilterPolicy', 'RedrivePolicy'].filter(isNone),
    ...(isNone('FilterPolicy') ? ['FilterPolicyScope'] : []),
  ];
  return { properties: withoutNames(properties, without) };
}

function withoutNames(properties: Properties, names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}
