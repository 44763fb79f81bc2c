import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreatePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListHostedZonesCommand, ListTagsForResourcesCommand } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import type { EmbeddedAccount } from '../src/embedded/index.ts';
import type { ApplyResult, Plan, Value } from '../src/engine/types.ts';
import { verify } from '../src/operations/verify.ts';
import { ownerPolicy } from '../src/reconcilers/instance-schedule/owner-policy.ts';
import type { InstanceSchedule } from '../src/reconcilers/instance-schedule/places.ts';
import { pageOf, policyBelow } from './support/documented-policies.ts';
import { createEstate, mirror, SECRET } from './support/estate.ts';
import type { TestEstate } from './support/estate.ts';

const SCHEDULES = pageOf('instance-schedule');
const REGION = { region: 'eu-west-1' };
const HOME = '111122223333';
const HEADINGS = ['The permissions boundary', 'The plan role', 'The apply role'];
const TOPIC = `arn:aws:sns:eu-west-1:${HOME}:ops`;
const REFERENCE = 'ssm:/trueup/example/xfr-key';

function spec(memory: string): readonly string[] {
  return [
    `tsig: { name: xfr-key, algorithm: hmac-sha256, secret: "${REFERENCE}" }`,
    'network: { subnets: [subnet-0a11bb22cc33dd44e], securityGroups: [sg-0a11bb22cc33dd44e] }',
    `function: { memory: ${memory} }`,
  ];
}

/** An estate whose roles and boundary are those of the page, and nothing else has rights. */
async function createGuardedEstate(applyRole = policyBelow('The apply role')): Promise<TestEstate> {
  const estate = await createEstate();
  const { account } = estate;
  account.putSecret(REFERENCE, SECRET.toString('base64'), REGION);
  account.putNetwork(
    {
      vpc: { id: 'vpc-0a11bb22cc33dd44e' },
      subnets: [{ id: 'subnet-0a11bb22cc33dd44e', cidr: '10.0.1.0/24', defaultRoute: 'nat-0a11bb22cc33dd44e' }],
      securityGroups: [{ id: 'sg-0a11bb22cc33dd44e' }],
    },
    REGION,
  );
  await createRoles(account, HOME, { applyRole });
  estate.write(
    'settings.yaml',
    `apiVersion: trueup/v1
kind: Settings
metadata: { name: estate }
spec:
  owner: acme-network
  accounts: { prod: { ${accountOf(HOME)} } }
  defaultAccount: prod
  defaultRegion: eu-west-1
  permissionsBoundary: trueup-boundary
  guards: { deletes: { percent: 100, count: 100 } }
  tags: { team: network }
  notify: { sns: "${TOPIC}" }
`,
  );
  await makeTopic(account);
  estate.serve('corp.test', 5, 'ns1 A 10.0.0.1\nwww A 10.0.0.2');
  estate.write('corp.yaml', mirror(estate, spec('256, reservedConcurrency: 1')));
  return estate;
}

/** The topic that alarms tell, by Settings of both estates. */
async function makeTopic(account: EmbeddedAccount): Promise<void> {
  await account.client(SNSClient, REGION).send(new CreateTopicCommand({ Name: 'ops' }));
}

/** Fields of an account in Settings. */
function accountOf(id: string): string {
  const roles = ['plan', 'apply'].map((verb) => `${verb}Role: "arn:aws:iam::${id}:role/trueup-${verb}"`);
  return [`id: "${id}"`, ...roles].join(', ');
}

interface Policies {
  /** Default: that of ZoneMirror. */
  readonly page?: string;
  /** Default: the page's own. */
  readonly applyRole?: string;
}

/** The boundary and the two roles of a page, in an account whose id takes the place of the page's. */
async function createRoles(
  account: EmbeddedAccount,
  id: string,
  { page, applyRole = policyBelow('The apply role', page) }: Policies,
): Promise<void> {
  const iam = account.client(IAMClient, { ...REGION, account: id });
  const plan = policyBelow('The plan role', page);
  const here = (policy: string): string => policy.replaceAll(`:${HOME}:`, `:${id}:`);
  const PolicyDocument = here(policyBelow('The permissions boundary', page));
  await iam.send(new CreatePolicyCommand({ PolicyName: 'trueup-boundary', PolicyDocument }));
  const roles = { 'trueup-plan': [plan], 'trueup-apply': [plan, applyRole] };
  for (const [RoleName, documents] of Object.entries(roles)) {
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${HOME}:root` }, Action: 'sts:AssumeRole' }],
    };
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
    for (const [index, document] of documents.entries()) {
      const policy = { RoleName, PolicyName: `p${index}`, PolicyDocument: here(document) };
      await iam.send(new PutRolePolicyCommand(policy));
    }
  }
}

async function expectApplied(estate: TestEstate): Promise<ApplyResult> {
  const result = await estate.apply(await estate.plan());
  expect(result).toMatchObject({ outcome: 'applied', failed: [], replan: { summary: { create: 0, update: 0 } } });
  return result;
}

/** What a plan says of permissions: what is missing, and what could not be asked or looked at. */
function saidOfPermissions({ documents, findings }: Plan): readonly string[] {
  return [...findings, ...documents.flatMap((document) => document.findings)]
    .filter(({ code }) => /^permission|^boundary|^prune|topic|^unknown$/.test(code))
    .map(({ message }) => message);
}

/** Two mirrors, applied; then the document of one is gone. */
async function createEstateWithRemoval(metadata = ''): Promise<TestEstate> {
  const estate = await createGuardedEstate();
  estate.serve('gone.test', 5, 'ns1 A 10.0.0.1\nwww A 10.0.0.2');
  const document = mirror(estate, spec('256'), 'gone', 'gone.test');
  estate.write('gone.yaml', document.replace('name: gone', `name: gone${metadata}`));
  await expectApplied(estate);
  rmSync(join(estate.directory, 'config', 'gone.yaml'));
  return estate;
}

async function zonesOf({ client }: TestEstate): Promise<readonly string[]> {
  const { HostedZones = [] } = await client.send(new ListHostedZonesCommand({}));
  return HostedZones.map(({ Name = '' }) => Name).sort();
}

describe('the policies of docs/kinds/zone-mirror.md', () => {
  it('suffice to plan, apply, update, verify and look for drift', async () => {
    const estate = await createGuardedEstate();
    await expectApplied(estate);

    estate.serve('corp.test', 6, 'ns1 A 10.0.0.1\nwww A 10.0.0.3');
    estate.write('corp.yaml', mirror(estate, spec('512')));
    await expectApplied(estate);

    expect(await estate.drift()).toMatchObject({ complete: true, drifted: [], missing: [], orphans: [] });
    const endpoint = { kind: 'embedded', account: estate.account } as const;
    expect(await verify(await estate.load(), { endpoint })).toMatchObject({ ok: true });
  });

  it('suffice, as plan sees it, to make, to change and to remove', async () => {
    const estate = await createGuardedEstate();
    const first = await estate.plan();
    expect(first).toMatchObject({ complete: true, summary: { create: 13 } });
    expect(saidOfPermissions(first)).toEqual([]);
    await expectApplied(estate);

    estate.write('corp.yaml', mirror(estate, spec('512')));
    const second = await estate.plan();
    expect(second).toMatchObject({ complete: true, summary: { update: 2 } });
    expect(saidOfPermissions(second)).toEqual([]);

    const removal = await (await createEstateWithRemoval(', onRemove: delete')).plan();
    expect(removal).toMatchObject({ complete: true, summary: { delete: 9, release: 0 } });
    expect(saidOfPermissions(removal)).toEqual([]);
  });

  it('suffice to remove a mirror and to let its zone go', async () => {
    const estate = await createEstateWithRemoval();
    const plan = await estate.plan();
    expect(plan).toMatchObject({ complete: true, summary: { delete: 8, release: 1 } });
    expect(saidOfPermissions(plan)).toEqual([]);

    await expectApplied(estate);

    expect(await zonesOf(estate)).toEqual(['corp.test.', 'gone.test.']);
    const { HostedZones = [] } = await estate.client.send(new ListHostedZonesCommand({}));
    const gone = HostedZones.find(({ Name }) => Name === 'gone.test.')!;
    const ResourceIds = [gone.Id!.replace('/hostedzone/', '')];
    const { ResourceTagSets } = await estate.client.send(
      new ListTagsForResourcesCommand({ ResourceType: 'hostedzone', ResourceIds }),
    );
    expect(ResourceTagSets?.flatMap(({ Tags = [] }) => Tags.map(({ Key }) => Key))).toEqual(['team']);
  });

  it('suffice to remove a mirror with its zone', async () => {
    const estate = await createEstateWithRemoval(', onRemove: delete');

    await expectApplied(estate);

    expect(await zonesOf(estate)).toEqual(['corp.test.']);
  });

  it.each(['lambda:DeleteFunction', 'events:DeleteRule', 'iam:DeleteRole', 'route53:DeleteHostedZone', 's3:PutObject'])(
    'are needed: without %s the plan of a removal says so',
    async (action) => {
      const estate = await createEstateWithRemoval(', onRemove: delete');
      const policy = policyBelow('The apply role').replace(`"${action}"`, '"iam:GetUser"');
      await estate.account
        .client(IAMClient, REGION)
        .send(new PutRolePolicyCommand({ RoleName: 'trueup-apply', PolicyName: 'p1', PolicyDocument: policy }));

      expect(saidOfPermissions(await estate.plan()).join()).toContain(`may not ${action}`);
    },
  );

  it('are needed: without sns:GetTopicAttributes a plan says that it did not see the topic', async () => {
    const estate = await createGuardedEstate();
    const policy = policyBelow('The plan role').replace('"sns:GetTopicAttributes"', '"iam:GetUser"');
    await estate.account
      .client(IAMClient, REGION)
      .send(new PutRolePolicyCommand({ RoleName: 'trueup-plan', PolicyName: 'p0', PolicyDocument: policy }));

    const plan = await estate.plan();

    expect(plan).toMatchObject({ complete: true });
    expect(saidOfPermissions(plan).join()).toMatch(/ops exists.*could not be seen .*sns:GetTopicAttributes/);
  });

  it.each(HEADINGS)('fit into a managed policy: %s', (heading) => {
    expect(policyBelow(heading).replaceAll(/\s/g, '').length).toBeLessThanOrEqual(6144);
  });

  it('are needed: without iam:PassRole no function is made', async () => {
    const policy = policyBelow('The apply role').replace('iam:PassRole', 'iam:GetUser');
    const estate = await createGuardedEstate(policy);

    const { failed } = await estate.apply(await estate.plan());

    expect(failed.map(({ error }) => error).join()).toContain('iam:PassRole');
  });

  it('show the policy of the mirror as it is compiled', async () => {
    const estate = await createGuardedEstate();
    const { actions } = await estate.plan();

    const action = actions.find(({ id }) => id === 'ZoneMirror/corp/MirrorPolicy');
    const compiled = action?.changes.find(({ path }) => path === 'PolicyDocument')?.after;

    const zone: Value = { $join: ['arn:aws:route53:::hostedzone/', { $get: ['Zone', 'Id'] }] };
    const written = policyBelow('What the functions may do');
    expect(compiled).toEqual(JSON.parse(written.replace('"arn:aws:route53:::hostedzone/ZONE"', JSON.stringify(zone))));
  });
});

const MEMBER = '444455556666';
const DUE = 'tue;0900;tue;1005;';

function schedule(name: string, lines: readonly string[]): string {
  const head = ['apiVersion: trueup/v1', 'kind: InstanceSchedule', `metadata: { name: ${name} }`, 'spec:'];
  return `${[...head, ...lines.map((line) => `  ${line}`)].join('\n')}\n`;
}

const OFFICE = [
  'accounts: [prod, partner]',
  'schedules:',
  '  london: { timezone: Europe/London, periods: [{ days: mon-fri, on: "08:30", off: "18:00" }] }',
  'assign: [{ select: { tags: { team: data } }, schedule: london, override: true }]',
];

/** Two accounts with instances, whose roles and boundaries are those of the page; the clock stands at 10:00 of a Tuesday. */
async function createScheduledEstate(page = SCHEDULES): Promise<TestEstate> {
  const estate = await createEstate();
  for (const id of [HOME, MEMBER]) {
    await createRoles(estate.account, id, { page });
    estate.account.putInstances(
      [
        { type: 'm5.large', tags: { EntScheduler: DUE } },
        { type: 'm5.large', tags: { EntScheduler: 'nonsense' } },
        { type: 'm5.large', tags: { EntScheduler: 'tue;1005;tue;1100;' }, state: 'stopped' },
        { type: 'm5.large', tags: { team: 'data', EntScheduler: DUE } },
      ],
      { ...REGION, account: id },
    );
  }
  estate.rewrite('settings.yaml', (yaml) =>
    yaml
      .replace(/^ {4}prod: .*$/m, `    prod: { ${accountOf(HOME)} }`)
      .replace(/^ {4}partner: .*$/m, `    partner: { ${accountOf(MEMBER)} }`)
      .concat(`  guards: { deletes: { percent: 100, count: 100 } }\n  notify: { sns: "${TOPIC}" }\n`),
  );
  await makeTopic(estate.account);
  estate.write('kept.yaml', schedule('kept', ['tagKey: Kept']));
  estate.write('office.yaml', schedule('office-hours', OFFICE));
  return estate;
}

/** State and tags of the instances of an account, in the order in which they were put. */
async function instancesOf({ account }: TestEstate, id: string): Promise<readonly string[]> {
  const client = account.client(EC2Client, { ...REGION, account: id });
  const { Reservations = [] } = await client.send(new DescribeInstancesCommand({}));
  return Reservations.flatMap(({ Instances = [] }) => Instances)
    .map(({ State, Tags = [] }) => {
      const own = Tags.filter(({ Key }) => Key !== 'trueup:stamped').map(({ Value = '' }) => Value);
      return [State?.Name, ...own.toSorted()].join(' ');
    })
    .sort();
}

describe('the policies of docs/kinds/instance-schedule.md', () => {
  it('suffice to plan, apply, start, stop, say what is wrong and look for drift, in two accounts', async () => {
    const estate = await createScheduledEstate();
    const plan = await estate.plan();
    expect(plan).toMatchObject({ complete: true });
    expect(saidOfPermissions(plan)).toEqual([]);
    await expectApplied(estate);

    await estate.account.advance(12 * 60_000);

    for (const id of [HOME, MEMBER]) {
      expect(await instancesOf(estate, id)).toEqual([
        'running EntScheduler: unknown-schedule at column 1 nonsense',
        'running data london tue;0900;tue;1005;',
        'running tue;1005;tue;1100;',
        'stopped tue;0900;tue;1005;',
      ]);
    }
    expect(await estate.drift()).toMatchObject({ complete: true, drifted: [], missing: [], orphans: [] });
  });

  it('suffice, as plan sees it too, to remove a document and its stamps', async () => {
    const estate = await createScheduledEstate();
    await expectApplied(estate);
    rmSync(join(estate.directory, 'config', 'office.yaml'));

    const removal = await estate.plan();
    expect(saidOfPermissions(removal)).toEqual([]);
    await expectApplied(estate);

    for (const id of [HOME, MEMBER]) {
      expect(await instancesOf(estate, id)).toContain('running data tue;0900;tue;1005;');
    }
  });

  it.each([
    ['ec2:DescribeInstances', 'ec2:DescribeVpcs'],
    ['ec2:StopInstances', 'ec2:RebootInstances'],
    ['ec2:StartInstances', 'ec2:RebootInstances'],
    ['ec2:CreateTags', 'ec2:RebootInstances'],
    ['sts:AssumeRole', 'sts:TagSession'],
  ])('have nothing in the boundary that is not needed: %s', async (action, other) => {
    const boundary = policyBelow('The permissions boundary', SCHEDULES);
    const estate = await createScheduledEstate(
      SCHEDULES.replace(boundary, boundary.replace(`"${action}"`, `"${other}"`)),
    );
    await expectApplied(estate);
    const before = await instancesOf(estate, MEMBER);

    await estate.account.advance(12 * 60_000);

    const full = await createScheduledEstate();
    await expectApplied(full);
    expect(before).toEqual(await instancesOf(full, MEMBER));
    await full.account.advance(12 * 60_000);
    expect(await instancesOf(estate, MEMBER)).not.toEqual(await instancesOf(full, MEMBER));
  });

  it.each(HEADINGS)('fit into a managed policy: %s', (heading) => {
    expect(policyBelow(heading, SCHEDULES).replaceAll(/\s/g, '').length).toBeLessThanOrEqual(6144);
  });

  it('show the policy of the function as it is compiled, and that of the owners', async () => {
    const estate = await createEstate();
    estate.write('office.yaml', schedule('office-hours', ['regions: [eu-west-1]']));
    const { actions } = await estate.plan();

    const action = actions.find(({ id }) => id === 'InstanceSchedule/office-hours/SchedulerPolicy');
    const compiled = action?.changes.find(({ path }) => path === 'PolicyDocument')?.after;
    expect(compiled).toEqual(JSON.parse(policyBelow('What the function may do', SCHEDULES)));

    const { documents, estate: look } = await estate.load();
    const document = documents.find(({ name }) => name === 'office-hours') as InstanceSchedule;
    expect(ownerPolicy(document, look)).toEqual(JSON.parse(policyBelow('The owners', SCHEDULES)));
  });
});
