import type { Delivery } from '../service.ts';
import type { Transaction } from '../store/database.ts';
import { functionKey } from './model.ts';
import type { FunctionPlace } from './model.ts';
import { policies } from './policy-store.ts';
import type { PolicyStatement } from './policy-store.ts';

/** Does the function's own policy let this service invoke it for this source? */
export function admits(place: FunctionPlace, delivery: Omit<Delivery, 'event'>, data: Transaction): boolean {
  const { statements = [] } = data.get(policies, functionKey(place)) ?? {};
  return statements.some((statement) => admitsBy(statement, delivery));
}

function admitsBy({ Principal, Action, Condition = {} }: PolicyStatement, delivery: Omit<Delivery, 'event'>): boolean {
  const isNamed = Principal === '*' || ('Service' in Principal && Principal.Service === delivery.principal);
  if (!isNamed || !['lambda:InvokeFunction', 'lambda:*'].includes(Action)) return false;
  const known = new Map([
    ['aws:sourcearn', delivery.sourceArn],
    ['aws:sourceaccount', delivery.sourceAccount],
  ]);
  return Object.entries(Condition).every(([operator, conditions]) =>
    Object.entries(conditions).every(([key, wanted]) => holds(operator, known.get(key.toLowerCase()), wanted)),
  );
}

/** A key that the request does not have makes its condition fail (IAM: "Condition operators"). */
function holds(operator: string, value: string | undefined, wanted: string): boolean {
  if (value === undefined) return false;
  return operator === 'ArnLike' ? isArnLike(value, wanted) : value === wanted;
}

/** "Each of the six colon-delimited components of the ARN is checked separately and each can include … * or ?". */
function isArnLike(arn: string, pattern: string): boolean {
  const [values, patterns] = [components(arn), components(pattern)];
  return patterns.every((part, index) => wildcard(part).test(values[index] ?? ''));
}

function components(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`);
}
