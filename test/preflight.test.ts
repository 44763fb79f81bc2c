import { CreatePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { Aws } from '../src/aws/clients.ts';
import type { Finding, Plan } from '../src/engine/types.ts';
import { callingPrincipal } from '../src/resources/simulation.ts';
import { ACCOUNT, allow, createIamBench, document, trust } from './support/embedded-iam.ts';
import type { Actor } from './support/embedded-iam.ts';
import { createEstate, mirror } from './support/estate.ts';
import type { TestEstate } from './support/estate.ts';

const REGION = { region: 'eu-west-1' };
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/trueup-boundary`;
const PARTNER = '444455556666';

interface Missing {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly by: string;
}

/** A mirror of public zone `corp`, applied by roles of this name that the test makes. */
async function createRoledEstate(roles: { readonly plan?: true; readonly partner?: true } = {}): Promise<TestEstate> {
  const estate = await createEstate();
  const arnOf = (name: string, account = ACCOUNT): string => `arn:aws:iam::${account}:role/${name}`;
  const own = [`applyRole: "${arnOf('applier')}"`, ...(roles.plan ? [`planRole: "${arnOf('planner')}"`] : [])];
  estate.rewrite('settings.yaml', (yaml) =>
    yaml.replace('prod: { id: "111122223333" }', `prod: { id: "${ACCOUNT}", ${own.join(', ')} }`),
  );
  await estate.account
    .client(IAMClient, REGION)
    .send(new CreatePolicyCommand({ PolicyName: 'trueup-boundary', PolicyDocument: document(allow('*')) }));
  estate.serve('corp.test', 5, 'ns1 A 10.0.0.1\nwww A 10.0.0.2');
  estate.write('corp.yaml', mirror(estate, ['hostedZone: { private: false }']));
  return estate;
}

async function makeRole(
  { account }: TestEstate,
  RoleName: string,
  statements: readonly object[],
  rest: { readonly account?: string; readonly PermissionsBoundary?: string } = {},
): Promise<void> {
  const { account: id = ACCOUNT, ...more } = rest;
  const iam = account.client(IAMClient, { ...REGION, account: id });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust({ AWS: [ACCOUNT, id] }), ...more }));
  await setPolicy(account.client(IAMClient, { ...REGION, account: id }), RoleName, statements);
}

async function setPolicy(iam: IAMClient, RoleName: string, statements: readonly object[]): Promise<void> {
  const PolicyDocument = document(...(statements.length > 0 ? statements : [allow('sts:GetCallerIdentity')]));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'rights', PolicyDocument }));
}

function findingsOf(plan: Plan, code: string): readonly Finding[] {
  return [...plan.findings, ...plan.documents.flatMap(({ findings }) => findings)].filter((one) => one.code === code);
}

function missingIn(plan: Plan): readonly Missing[] {
  return findingsOf(plan, 'permission-missing').flatMap(
    ({ data }) => data!['missing'] as unknown as readonly Missing[],
  );
}

/** All that apply needs, as a plan says it for a role that may do nothing. */
async function neededBy(estate: TestEstate): Promise<readonly Missing[]> {
  return missingIn(await estate.plan());
}

function statementsFor(needed: readonly Missing[]): readonly object[] {
  return needed.map(({ action, resource }) => allow(action, resource));
}

/** Denied calls of the account so far, as `action on resource`. */
function denials({ account }: TestEstate): readonly string[] {
  return account.events().flatMap(({ errorCode, errorMessage = '' }) => {
    if (!errorCode?.startsWith('AccessDenied')) return [];
    const [, action = '', resource = '*'] = /perform: (\S+)(?: on resource: (\S+))?/.exec(errorMessage) ?? [];
    return [`${action} on ${resource}`];
  });
}

describe('permissions of whoever applies', () => {
  it('that suffice are not mentioned, and apply is denied nothing', async () => {
    const estate = await createRoledEstate();
    await makeRole(estate, 'applier', []);
    const needed = await neededBy(estate);
    await setPolicy(estate.account.client(IAMClient, REGION), 'applier', statementsFor(needed));

    const plan = await estate.plan();
    const result = await estate.apply(plan);

    expect(needed.length).toBeGreaterThan(40);
    expect(findingsOf(plan, 'permission-missing')).toEqual([]);
    expect(findingsOf(plan, 'permissions-not-checked')).toEqual([]);
    expect(result).toMatchObject({ outcome: 'applied', failed: [] });
    expect(denials(estate)).toEqual([]);
  });

  it.each([
    'iam:CreateRole',
    'iam:PassRole',
    'lambda:CreateFunction',
    'route53:CreateHostedZone',
    'events:PutTargets',
    's3:PutObject',
    'tag:GetResources',
  ])('foretell what is denied: %s', async (action) => {
    const estate = await createRoledEstate();
    await makeRole(estate, 'applier', []);
    const needed = await neededBy(estate);
    const rest = needed.filter((one) => one.action !== action);
    await setPolicy(estate.account.client(IAMClient, REGION), 'applier', statementsFor(rest));

    const plan = await estate.plan();
    await estate.apply(plan).catch(() => undefined);

    const foretold = missingIn(plan);
    expect(foretold).toEqual(needed.filter((one) => one.action === action));
    expect(foretold.length).toBeGreaterThan(0);
    const really = denials(estate);
    expect(really.length).toBeGreaterThan(0);
    const known = foretold.map((one) => `${one.action} on ${one.resource}`);
    expect(really.filter((one) => !known.includes(one))).toEqual([]);
  });

  it('are said in a sentence a document: who, what, on what and by what', async () => {
    const estate = await createRoledEstate();
    await makeRole(estate, 'applier', []);
    const needed = await neededBy(estate);
    const role = needed.find((one) => one.action === 'lambda:CreateFunction')!;
    const rest = needed.filter((one) => one !== role);
    await setPolicy(estate.account.client(IAMClient, REGION), 'applier', statementsFor(rest));

    const [finding, ...others] = findingsOf(await estate.plan(), 'permission-missing');

    expect(others).toEqual([]);
    expect(finding).toEqual({
      document: 'ZoneMirror/corp',
      code: 'permission-missing',
      severity: 'warning',
      message: `apply will be denied: arn:aws:iam::${ACCOUNT}:role/applier may not lambda:CreateFunction on ${role.resource} (no policy allows it)`,
      hint: expect.stringContaining('trueup plan --format json'),
      data: { missing: [role] },
    });
  });

  it('are five in a sentence, and the rest is counted', async () => {
    const estate = await createRoledEstate();
    await makeRole(estate, 'applier', []);
    const plan = await estate.plan();
    const [whole, corp] = findingsOf(plan, 'permission-missing');

    expect([whole!.document, corp!.document]).toEqual(['', 'ZoneMirror/corp']);
    const all = corp!.data!['missing'] as readonly unknown[];
    expect(corp!.message.match(/ on arn:| on \*/g)).toHaveLength(5);
    expect(corp!.message).toContain(`, and ${all.length - 5} more`);
    expect(plan.documents[0]!.findings).toContainEqual(corp);
    expect(plan.findings).toContainEqual(whole);
  });

  it.each<[string, string, readonly object[], string]>([
    ['a boundary', 'boundary', [], 'its permissions boundary forbids it'],
    ['an explicit denial', 'denied', [{ ...allow('events:PutRule'), Effect: 'Deny' }], 'a policy denies it'],
  ])('are refused by %s, which is told apart', async (_what, by, statements, words) => {
    const estate = await createRoledEstate();
    const everything = by === 'boundary' ? { NotAction: 'events:PutRule' } : { Action: '*' };
    await estate.account.client(IAMClient, REGION).send(
      new CreatePolicyCommand({
        PolicyName: 'limit',
        PolicyDocument: document({ Effect: 'Allow', Resource: '*', ...everything }),
      }),
    );
    const PermissionsBoundary = `arn:aws:iam::${ACCOUNT}:policy/limit`;
    await makeRole(estate, 'applier', [allow('*'), ...statements], { PermissionsBoundary });

    const plan = await estate.plan();
    await estate.apply(plan).catch(() => undefined);

    expect(missingIn(plan).map((one) => [one.action, one.by])).toEqual([['events:PutRule', by]]);
    expect(findingsOf(plan, 'permission-missing')[0]!.message).toContain(words);
    expect(denials(estate).every((one) => one.startsWith('events:PutRule'))).toBe(true);
    expect(denials(estate).length).toBeGreaterThan(0);
  });

  it('are asked with the context of the call', async () => {
    const estate = await createRoledEstate();
    const others = { Effect: 'Allow', NotAction: ['iam:PassRole', 'iam:CreateRole'], Resource: '*' };
    const toLambda = allow('iam:PassRole', '*', { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } });
    const bounded = allow('iam:CreateRole', '*', { StringEquals: { 'iam:PermissionsBoundary': BOUNDARY } });
    await makeRole(estate, 'applier', [others, toLambda, bounded]);
    expect(missingIn(await estate.plan())).toEqual([]);

    const toAnother = allow('iam:PassRole', '*', { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } });
    await setPolicy(estate.account.client(IAMClient, REGION), 'applier', [others, toAnother, bounded]);
    expect(new Set(missingIn(await estate.plan()).map(({ action }) => action))).toEqual(new Set(['iam:PassRole']));
  });

  it('that depend on what a simulation does not know are said so', async () => {
    const estate = await createRoledEstate();
    const tagged = allow('events:PutRule', '*', { StringEquals: { 'aws:RequestTag/team': 'network' } });
    await makeRole(estate, 'applier', [{ Effect: 'Allow', NotAction: 'events:PutRule', Resource: '*' }, tagged]);

    const [finding] = findingsOf(await estate.plan(), 'permission-missing');

    expect(finding!.message).toMatch(/; conditions on aws:RequestTag\/team were not known to the simulation$/);
  });

  it('are advice: neither digest, nor completeness, nor what is applied depends on them', async () => {
    const estate = await createRoledEstate();
    const before = await estate.plan();
    await makeRole(estate, 'applier', []);
    const plan = await estate.plan();

    expect(findingsOf(plan, 'permission-missing')).toHaveLength(2);
    expect(plan).toMatchObject({ digest: before.digest, complete: true, guards: [] });
    await setPolicy(estate.account.client(IAMClient, REGION), 'applier', [allow('*')]);
    expect(await estate.apply(plan)).toMatchObject({ outcome: 'applied' });
  });

  it('are asked for by plan alone, in few calls that it counts, and only where something is planned', async () => {
    const estate = await createRoledEstate();
    await makeRole(estate, 'applier', [allow('*')]);
    const simulations = (): number =>
      estate.account.events().filter(({ eventName }) => eventName === 'SimulatePrincipalPolicy').length;
    const iamCalls = (): number => {
      const { reads = 0, writes = 0 } = estate.account.calls()['iam'] ?? {};
      return reads + writes;
    };

    const before = iamCalls();
    const plan = await estate.plan();
    expect(plan.calls['IAM']).toEqual({ reads: iamCalls() - before, writes: 0 });
    const asked = simulations();
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(8);
    await estate.plan({ only: ['ZoneMirror/corp'] });
    expect(simulations()).toBeGreaterThan(asked);

    const known = simulations();
    await estate.drift();
    await estate.apply(plan);
    const calm = await estate.plan();

    expect(calm.actions).toEqual([]);
    expect(simulations()).toBe(known);
  });

  it('are those of each account’s own role', async () => {
    const estate = await createRoledEstate();
    estate.serve('partner.test', 5, 'ns1 A 10.0.0.1');
    const domain = mirror(estate, ['hostedZone: { private: false }', 'account: partner'], 'partner', 'partner.test');
    estate.write('partner.yaml', domain);
    await makeRole(estate, 'applier', [{ Effect: 'Allow', NotAction: 'events:PutRule', Resource: '*' }]);
    const NotAction = 'logs:CreateLogGroup';
    await makeRole(estate, 'trueup-apply', [{ Effect: 'Allow', NotAction, Resource: '*' }], { account: PARTNER });
    await makeRole(estate, 'trueup-plan', [allow('*')], { account: PARTNER });

    const plan = await estate.plan();

    const said = findingsOf(plan, 'permission-missing').map(({ document: about, data }) => {
      const missing = data!['missing'] as unknown as readonly Missing[];
      return [about, new Set(missing.map(({ principal, action }) => `${principal} ${action}`))];
    });
    expect(said).toEqual([
      ['ZoneMirror/corp', new Set([`arn:aws:iam::${ACCOUNT}:role/applier events:PutRule`])],
      ['ZoneMirror/partner', new Set([`arn:aws:iam::${PARTNER}:role/trueup-apply logs:CreateLogGroup`])],
    ]);
  });

  it('of what nothing declares any more are those of its removal', async () => {
    const estate = await createRoledEstate();
    await makeRole(estate, 'applier', [allow('*')]);
    await estate.apply(await estate.plan());
    estate.write('corp.yaml', '# nothing\n');
    await setPolicy(estate.account.client(IAMClient, REGION), 'applier', [
      { Effect: 'Allow', NotAction: ['lambda:DeleteFunction', 'lambda:CreateFunction'], Resource: '*' },
    ]);

    const plan = await estate.plan();

    expect(plan.actions.map(({ action }) => action)).toContain('delete');
    expect(findingsOf(plan, 'permission-missing').map((one) => one.document)).toEqual(['ZoneMirror/corp']);
    expect(new Set(missingIn(plan).map(({ action }) => action))).toEqual(new Set(['lambda:DeleteFunction']));
    expect(plan.findings.map(({ code }) => code)).toContain('permission-missing');
  });
});

describe('permissions that cannot be asked for', () => {
  it('are not checked, and once for all accounts it is said why', async () => {
    const estate = await createRoledEstate({ plan: true });
    const NotAction = 'iam:SimulatePrincipalPolicy';
    await makeRole(estate, 'planner', [{ Effect: 'Allow', NotAction, Resource: '*' }]);
    await makeRole(estate, 'applier', []);
    estate.serve('partner.test', 5, 'ns1 A 10.0.0.1');
    const domain = mirror(estate, ['hostedZone: { private: false }', 'account: partner'], 'partner', 'partner.test');
    estate.write('partner.yaml', domain);

    const plan = await estate.plan();

    expect(findingsOf(plan, 'permission-missing')).toEqual([]);
    const [finding, ...others] = findingsOf(plan, 'permissions-not-checked');
    expect(others).toEqual([]);
    expect(plan.findings).toContainEqual(finding);
    expect(finding).toMatchObject({ document: '', severity: 'info' });
    expect(finding!.message).toMatch(
      /^what apply may do was not checked in prod \(111122223333\) \(denied: .*SimulatePrincipalPolicy.*\); partner \(444455556666\) \(failed: NoSuchEntity.*\)$/,
    );
    expect(plan.complete).toBe(true);
  });

  it('are so where Settings name who plans and not who applies', async () => {
    const estate = await createRoledEstate({ plan: true });
    estate.rewrite('settings.yaml', (yaml) => yaml.replace(/applyRole: "[^"]*applier", /, ''));

    const plan = await estate.plan();

    expect(findingsOf(plan, 'permissions-not-checked').map(({ message }) => message)).toEqual([
      `what apply may do was not checked in prod (${ACCOUNT}) (Settings name a planRole and no applyRole)`,
    ]);
  });

  it('are none of the administrator’s, who applies where Settings name no role', async () => {
    const estate = await createRoledEstate();
    estate.rewrite('settings.yaml', (yaml) => yaml.replace(/, applyRole: "[^"]*applier"/, ''));

    const plan = await estate.plan();

    expect(findingsOf(plan, 'permissions-not-checked')).toEqual([]);
    expect(findingsOf(plan, 'permission-missing')).toEqual([]);
    expect(estate.account.events().some(({ eventName }) => eventName === 'SimulatePrincipalPolicy')).toBe(true);
  });
});

describe('the caller’s principal', () => {
  const place = { account: ACCOUNT, ...REGION };

  function awsOf({ client }: Actor): Aws {
    return { client: async (constructor: never) => client(constructor), calls: () => ({}) } as unknown as Aws;
  }

  it('of a session is its role, with its path where that may be asked for', async () => {
    const { role, grant, assume } = createIamBench();
    const arn = await role('caller', { Path: '/team/' });
    await grant('caller', allow('iam:GetRole'));
    expect(await callingPrincipal(awsOf(await assume(arn)), place)).toBe(arn);

    await grant('caller', allow('iam:GetUser'));
    expect(await callingPrincipal(awsOf(await assume(arn)), place)).toBe(`arn:aws:iam::${ACCOUNT}:role/caller`);
  });

  it.each([
    [`arn:aws:iam::${ACCOUNT}:user/team/jo`, `arn:aws:iam::${ACCOUNT}:user/team/jo`],
    [`arn:aws:iam::${ACCOUNT}:root`, undefined],
    [`arn:aws:sts::${ACCOUNT}:federated-user/jo`, undefined],
  ])('of %s is %s', async (Arn, principal) => {
    const aws = { client: async () => ({ send: async () => ({ Arn }) }), calls: () => ({}) } as unknown as Aws;
    expect(await callingPrincipal(aws, place)).toBe(principal);
  });
});

describe('the permissions boundary of new roles', () => {
  it('that does not exist is said once, with what AWS would do', async () => {
    const estate = await createEstate();
    estate.serve('corp.test', 5, 'ns1 A 10.0.0.1');
    estate.write('corp.yaml', mirror(estate, ['hostedZone: { private: false }']));

    const plan = await estate.plan();

    const [finding, ...others] = findingsOf(plan, 'boundary-missing');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ document: '', severity: 'warning' });
    expect(finding!.message).toContain(`${BOUNDARY} that is to bound new roles is missing: AWS refuses`);
    await estate.apply(plan);
    estate.serve('corp.test', 6, 'ns1 A 10.0.0.2');
    estate.rewrite('corp.yaml', (yaml) => yaml.replace('15 minutes', '5 minutes'));
    const later = await estate.plan();
    expect(later.actions.length).toBeGreaterThan(0);
    expect(findingsOf(later, 'boundary-missing')).toEqual([]);
  });

  it('that exists is not mentioned, and one that may not be asked for is not checked', async () => {
    const estate = await createRoledEstate({ plan: true });
    await makeRole(estate, 'planner', [allow('*')]);
    await makeRole(estate, 'applier', [allow('*')]);
    const codes = async (): Promise<readonly string[]> => (await estate.plan()).findings.map(({ code }) => code);
    expect(await codes()).toEqual(['lease-bucket']);

    const iam = estate.account.client(IAMClient, REGION);
    await setPolicy(iam, 'planner', [{ Effect: 'Allow', NotAction: 'iam:GetPolicy', Resource: '*' }]);
    expect(await codes()).toEqual(['lease-bucket', 'boundary-not-checked']);
  });
});
