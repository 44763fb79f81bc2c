import { canonical } from '../engine/value.ts';
import type { Permission } from '../engine/types.ts';
import { distinct, numbered } from './policy.ts';
import type { Condition, PolicyStatement } from './policy.ts';

const ANY = '*';

/** What the actions of a service are about, in our words. */
const SUBJECTS: Readonly<Record<string, string>> = {
  apigateway: 'Apis',
  cloudwatch: 'Alarms',
  dynamodb: 'Tables',
  ec2: 'Compute',
  events: 'Rules',
  iam: 'Roles',
  kms: 'Keys',
  lambda: 'Functions',
  logs: 'Logs',
  route53: 'Zones',
  s3: 'Buckets',
  secretsmanager: 'Secrets',
  sns: 'Topics',
  sqs: 'Queues',
  ssm: 'Secrets',
};

/** Actions that are about something else than their service's other ones. */
const OWN_SUBJECTS: readonly (readonly [actions: RegExp, subject: string])[] = [
  [/^lambda:[A-Z][a-z]+EventSourceMappings?$/, 'Mappings'],
  [/^sns:(?:[GS]etSubscriptionAttributes|Unsubscribe)$/, 'Subscriptions'],
];

/** Statements of one action that is worth a name of its own. */
const NAMES: Readonly<Record<string, string>> = {
  'cloudtrail:LookupEvents': 'ReadTrail',
  'execute-api:Invoke': 'AskServices',
  'iam:GetPolicy': 'ReadBoundary',
  'iam:ListRoles': 'FindRoles',
  'iam:PassRole': 'PassRoles',
  'iam:SimulatePrincipalPolicy': 'SimulateApply',
  'lambda:AddPermission': 'LetStart',
  'lambda:GetAccountSettings': 'ReadConcurrency',
  'lambda:InvokeFunction': 'Invoke',
  'sts:AssumeRole': 'OtherAccounts',
  'tag:GetResources': 'FindMarked',
};

/** Of API Gateway the actions are the methods of HTTP. */
const READS = /:(?:Describe|Get|List|Lookup)|:GET$/;
/** Changes nothing, and somebody hears of it. */
const TELLS = /:Publish$/;

/** One action on one resource, under a condition. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
  readonly condition?: Condition;
}

export function grantOf({ action, resource, context }: Permission): Grant {
  return { action, resource, ...(context && { condition: conditionOf(context) }) };
}

/** What a service says of what it encrypts: of an object its ARN, of which a permission knows the beginning. */
const LIKE = /^kms:EncryptionContext:/;

function conditionOf(context: NonNullable<Permission['context']>): Condition {
  const entries = Object.entries(context);
  const equal = entries.filter(([key]) => !LIKE.test(key));
  const like = entries.filter(([key]) => LIKE.test(key));
  return {
    ...(equal.length > 0 && { StringEquals: Object.fromEntries(equal) }),
    ...(like.length > 0 && { StringLike: Object.fromEntries(like) }),
  };
}

/** Of one condition; a statement is divided by its resources only, and has to have room in a managed policy. */
const MOST_PATTERNS = 24;

/** Grants that differ in one pattern are one, with all of them, or few: any pattern will do. */
function withPatterns(grants: readonly Grant[]): readonly Grant[] {
  const keyOf = ({ action, resource, condition: { StringLike: like = {}, ...rest } = {} }: Grant): string =>
    canonical([action, resource, rest, Object.keys(like), Object.keys(like).length > 1 ? like : {}]);
  return groupedBy(grants, keyOf).flatMap((group): readonly Grant[] => {
    const [{ action, resource, condition }] = group;
    const [key] = Object.keys(condition?.['StringLike'] ?? {});
    if (key === undefined || group.length === 1) return group.slice(0, 1);
    const patterns = distinct(group.flatMap((one) => one.condition?.['StringLike']?.[key] ?? []));
    return Array.from({ length: Math.ceil(patterns.length / MOST_PATTERNS) }, (_, index) => {
      const StringLike = { [key]: patterns.slice(index * MOST_PATTERNS, (index + 1) * MOST_PATTERNS) };
      return { action, resource, condition: { ...condition, StringLike } };
    });
  });
}

/**
 * Statements that allow exactly these: one for the actions of a service that are about the same, and are allowed on the
 * same resources under the same condition. Sorted; nothing is there twice, or beside what covers it.
 *
 * @param leases ARNs of what applies exclude each other by: its statements are told from those of other buckets and tables
 */
export function statementsOf(
  grants: readonly Grant[],
  leases: ReadonlySet<string> = new Set(),
): readonly PolicyStatement[] {
  const told = withPatterns(grants).map((grant) => ({ ...grant, subject: subjectOf(grant, leases) }));
  const byAction = groupedBy(told, ({ action, condition = {}, subject }) => canonical([action, condition, subject]));
  const alike = groupedBy(
    byAction.map((group) => {
      const [{ action, condition, subject }] = group;
      const resources = widest(group.map(({ resource }) => resource));
      return { action, subject, ...(condition && { condition }), resources };
    }),
    ({ action, subject, condition = {}, resources }) => canonical([serviceOf(action), subject, condition, resources]),
  );
  const statements = alike.map((group): PolicyStatement & { readonly Sid: string } => {
    const [{ condition, resources, subject }] = group;
    const actions = distinct(group.map(({ action }) => action));
    return {
      Sid: nameOf(actions, subject, resources, condition),
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
      ...(condition && { Condition: condition }),
    };
  });
  return numbered(statements.sort((a, b) => (canonical([a.Sid, a]) < canonical([b.Sid, b]) ? -1 : 1)));
}

function subjectOf({ action, resource }: Grant, leases: ReadonlySet<string>): string {
  if (leases.has(resource)) return 'Lease';
  const own = OWN_SUBJECTS.find(([actions]) => actions.test(action));
  if (own) return own[1];
  const service = serviceOf(action);
  // A bucket's ARN has no slash, those of its objects have one.
  return service === 's3' && resource.includes('/') ? 'Objects' : (SUBJECTS[service] ?? 'Others');
}

/** `ReadRules`, `ManageBoundedRoles`, `ReadAllZones`. */
function nameOf(
  actions: readonly string[],
  subject: string,
  resources: readonly string[],
  condition: Condition = {},
): string {
  const [first = ''] = actions;
  const own = actions.length === 1 ? NAMES[first] : undefined;
  if (own !== undefined) return own;
  const verb = verbOf(actions);
  // Only `notify.sns` is told.
  if (verb === 'Tell') return 'TellTopic';
  const isBounded = condition['StringEquals']?.['iam:PermissionsBoundary'] !== undefined;
  const reach = resources[0] === ANY ? 'All' : isBounded ? 'Bounded' : '';
  return `${verb}${reach}${subject}`;
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
