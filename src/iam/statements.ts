import { canonical } from '../engine/value.ts';
import type { Permission } from '../engine/types.ts';
import { distinct, numbered } from './policy.ts';
import type { PolicyStatement } from './policy.ts';

const ANY = '*';

/** What the actions of a service are about, in our words: the beginning of a statement's id. */
const SUBJECTS: Readonly<Record<string, string>> = {
  cloudtrail: 'Trail',
  cloudwatch: 'Alarms',
  dynamodb: 'Lease',
  ec2: 'Machines',
  events: 'Rules',
  iam: 'Roles',
  kms: 'Keys',
  lambda: 'Functions',
  logs: 'Logs',
  route53: 'Zones',
  s3: 'Lease',
  secretsmanager: 'Secrets',
  sns: 'Topics',
  ssm: 'Secrets',
  sts: 'OtherAccounts',
  tag: 'Marked',
};

/** What a condition on one of these keys makes of it. */
const QUALIFIERS: Readonly<Record<string, string>> = {
  'iam:PassedToService': 'Passed',
  'iam:PermissionsBoundary': 'Bounded',
  'kms:ViaService': 'Via',
  'lambda:Principal': 'StartedBy',
};

/**
 * Statements that allow exactly these: one for the actions of a service that are allowed on the same resources under the
 * same conditions. Sorted; no action, resource or statement is there twice.
 */
export function statementsOf(permissions: readonly Permission[]): readonly PolicyStatement[] {
  const byAction = groupedBy(permissions, ({ action, context = {} }) => canonical([action, context]));
  const alike = groupedBy(
    byAction.map(([first, ...rest]) => ({
      action: first.action,
      context: first.context ?? {},
      resources: widest([first, ...rest].map(({ resource }) => resource)),
    })),
    ({ action, context, resources }) => canonical([serviceOf(action), context, resources]),
  );
  const statements = alike.map((group) => {
    const [{ context, resources }] = group;
    const hasContext = Object.keys(context).length > 0;
    const actions = distinct(group.map(({ action }) => action));
    return {
      Sid: subjectOf(actions, context, resources),
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
      ...(hasContext && { Condition: { StringEquals: context } }),
    } as const satisfies PolicyStatement;
  });
  return numbered(statements.sort((a, b) => (canonical([a.Sid, a]) < canonical([b.Sid, b]) ? -1 : 1)));
}

function subjectOf(actions: readonly string[], context: object, resources: readonly string[]): string {
  const subject = SUBJECTS[serviceOf(actions[0] ?? '')] ?? 'Other';
  const qualifiers = Object.keys(context).map((key) => QUALIFIERS[key] ?? '');
  return `${resources[0] === ANY ? 'All' : ''}${subject}${qualifiers.join('')}`;
}

/** Without those that another of them covers. */
function widest(resources: readonly string[]): readonly string[] {
  const all = distinct(resources);
  return all.filter((resource) => !all.some((other) => other !== resource && covers(other, resource)));
}

/** Whether a pattern that ends in `*` holds for a resource. */
export function covers(pattern: string, resource: string): boolean {
  if (pattern === resource || pattern === ANY) return true;
  return pattern.endsWith('*') && !pattern.slice(0, -1).includes('*') && resource.startsWith(pattern.slice(0, -1));
}

function serviceOf(action: string): string {
  return action.slice(0, action.indexOf(':'));
}

function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly [Item, ...Item[]][] {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
