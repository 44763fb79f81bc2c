import { canonical } from '../engine/value.ts';
import type { Permission } from '../engine/types.ts';
import { distinct, numbered } from './policy.ts';
import type { Condition, PolicyStatement } from './policy.ts';

const ANY = '*';

/** What the actions of a service are about, in our words. */
const SUBJECTS: Readonly<Record<string, string>> = {
  cloudwatch: 'Alarms',
  dynamodb: 'Lease',
  ec2: 'Compute',
  events: 'Rules',
  iam: 'Roles',
  kms: 'Keys',
  lambda: 'Functions',
  logs: 'Logs',
  route53: 'Zones',
  s3: 'Lease',
  secretsmanager: 'Secrets',
  sns: 'Topic',
  ssm: 'Secrets',
};

/** Statements of one action that is worth a name of its own. */
const NAMES: Readonly<Record<string, string>> = {
  'cloudtrail:LookupEvents': 'ReadTrail',
  'iam:GetPolicy': 'ReadBoundary',
  'iam:ListRoles': 'FindRoles',
  'iam:PassRole': 'PassRoles',
  'iam:SimulatePrincipalPolicy': 'SimulateApply',
  'lambda:AddPermission': 'LetStart',
  'lambda:InvokeFunction': 'Invoke',
  'sts:AssumeRole': 'OtherAccounts',
  'tag:GetResources': 'FindMarked',
};

const READS = /:(?:Describe|Get|List|Lookup)/;
/** Changes nothing, and somebody hears of it. */
const TELLS = /:Publish$/;

/** One action on one resource, under a condition. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
  readonly condition?: Condition;
}

export function grantOf({ action, resource, context }: Permission): Grant {
  return { action, resource, ...(context && { condition: { StringEquals: context } }) };
}

/**
 * Statements that allow exactly these: one for the actions of a service that are allowed on the same resources under the
 * same condition. Sorted; nothing is there twice, or beside what covers it.
 */
export function statementsOf(grants: readonly Grant[]): readonly PolicyStatement[] {
  const byAction = groupedBy(grants, ({ action, condition = {} }) => canonical([action, condition]));
  const alike = groupedBy(
    byAction.map((group) => {
      const [{ action, condition }] = group;
      return { action, ...(condition && { condition }), resources: widest(group.map(({ resource }) => resource)) };
    }),
    ({ action, condition = {}, resources }) => canonical([serviceOf(action), condition, resources]),
  );
  const statements = alike.map((group): PolicyStatement & { readonly Sid: string } => {
    const [{ condition, resources }] = group;
    const actions = distinct(group.map(({ action }) => action));
    return {
      Sid: nameOf(actions, resources, condition),
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
      ...(condition && { Condition: condition }),
    };
  });
  return numbered(statements.sort((a, b) => (canonical([a.Sid, a]) < canonical([b.Sid, b]) ? -1 : 1)));
}

/** `ReadRules`, `ManageBoundedRoles`, `ReadAllZones`, `TellTopic`. */
function nameOf(actions: readonly string[], resources: readonly string[], condition: Condition = {}): string {
  const [first = ''] = actions;
  const own = actions.length === 1 ? NAMES[first] : undefined;
  if (own !== undefined) return own;
  const verb = verbOf(actions);
  const isBounded = condition['StringEquals']?.['iam:PermissionsBoundary'] !== undefined;
  const reach = resources[0] === ANY ? 'All' : isBounded ? 'Bounded' : '';
  return `${verb}${reach}${SUBJECTS[serviceOf(first)] ?? 'Others'}`;
}

function verbOf(actions: readonly string[]): string {
  const changing = actions.filter((action) => !READS.test(action));
  if (changing.length === 0) return 'Read';
  return changing.every((action) => TELLS.test(action)) ? 'Tell' : 'Manage';
}

/** Without those that another of them covers. */
function widest(resources: readonly string[]): readonly string[] {
  const all = distinct(resources);
  // Those with a wildcard at their end alone, by what is before it.
  const beginnings = all.filter((one) => one.indexOf(ANY) === one.length - 1).map((one) => one.slice(0, -1));
  return all.filter((resource) => !beginnings.some((one) => resource !== one + ANY && resource.startsWith(one)));
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
