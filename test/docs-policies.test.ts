import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CreatePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListHostedZonesCommand, ListTagsForResourcesCommand } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import type { ApplyResult, Plan, Value } from '../src/engine/types.ts';
import { verify } from '../src/operations/verify.ts';
import { policyBelow } from './support/documented-policies.ts';
import { createEstate, mirror, SECRET } from './support/estate.ts';
import type { TestEstate } from './support/estate.ts';

const REGION = { region: 'eu-west-1' };
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
  const iam = account.client(IAMClient, REGION);
  const PolicyDocument = policyBelow('The permissions boundary');
  await iam.send(new CreatePolicyCommand({ PolicyName: 'trueup-boundary', PolicyDocument }));
  const plan = policyBelow('The plan role');
  await createRole('trueup-plan', [plan]);
  await createRole('trueup-apply', [plan, applyRole]);
  const roles = ['plan', 'apply'].map((verb) => `${verb}Role: "arn:aws:iam::111122223333:role/trueup-${verb}"`);
  estate.write(
    'settings.yaml',
    `apiVersion: trueup/v1
kind: Settings
metadata: { name: estate }
spec:
  owner: acme-network
  accounts: { prod: { id: "111122223333", ${roles.join(', ')} } }
  defaultAccount: prod
  defaultRegion: eu-west-1
  permissionsBoundary: trueup-boundary
  guards: { deletes: { percent: 100, count: 100 } }
  tags: { team: network }
`,
  );
  estate.serve('corp.test', 5, 'ns1 A 10.0.0.1\nwww A 10.0.0.2');
  estate.write('corp.yaml', mirror(estate, spec('256, reservedConcurrency: 1')));
  return estate;

  async function createRole(RoleName: string, documents: readonly string[]): Promise<void> {
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'sts:AssumeRole' }],
    };
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
    for (const [index, document] of documents.entries()) {
      await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: `p${index}`, PolicyDocument: document }));
    }
  }
}

async function expectApplied(estate: TestEstate): Promise<ApplyResult> {
  const result = await estate.apply(await estate.plan());
  expect(result).toMatchObject({ outcome: 'applied', failed: [], replan: { summary: { create: 0, update: 0 } } });
  return result;
}

/** What a plan says of permissions: what is missing, and what could not be asked. */
function saidOfPermissions({ documents, findings }: Plan): readonly string[] {
  return [...findings, ...documents.flatMap((document) => document.findings)]
    .filter(({ code }) => /^permission|^boundary|^prune|^unknown$/.test(code))
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

  it.each(['The permissions boundary', 'The plan role', 'The apply role'])(
    'fit into a managed policy: %s',
    (heading) => {
      expect(policyBelow(heading).replaceAll(/\s/g, '').length).toBeLessThanOrEqual(6144);
    },
  );

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
