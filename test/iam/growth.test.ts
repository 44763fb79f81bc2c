import { execFileSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Finding, Plan } from '../../src/engine/types.ts';
import { policyIn } from '../../src/iam/files.ts';
import { iamGrowth } from '../../src/iam/growth.ts';
import type { RoleChange } from '../../src/iam/growth.ts';
import { iam } from '../../src/operations/iam.ts';
import type { Project } from '../../src/operations/project.ts';
import { renderPlan } from '../../src/report/render.ts';
import { createEstate, mirror } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { HOME } from '../support/generated-roles.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const SCHEDULE = `apiVersion: trueup/v1
kind: InstanceSchedule
metadata: { name: office-hours }
spec: { accounts: [prod, partner] }
`;

function git({ directory }: TestEstate, ...args: readonly string[]): void {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  execFileSync('git', [...identity, ...args], { cwd: directory, env, stdio: 'pipe' });
}

/** An estate with one mirror, committed. */
async function createCommitted(): Promise<TestEstate> {
  const estate = await createEstate();
  estate.serve('corp.test', 5, 'ns1 A 10.0.0.1');
  estate.serve('lab.test', 5, 'ns1 A 10.0.0.1');
  estate.write('corp.yaml', mirror(estate));
  git(estate, 'init', '--quiet', '--initial-branch=main');
  git(estate, 'add', '--all', 'config');
  git(estate, 'commit', '--quiet', '--message=x');
  return estate;
}

function growthOf({ findings }: Plan): readonly Finding[] {
  return findings.filter(({ code }) => code === 'role-grows');
}

async function changed(change: (estate: TestEstate) => void): Promise<readonly [before: Project, after: Project]> {
  const estate = await createCommitted();
  const before = await estate.load();
  change(estate);
  return [before, await estate.load()];
}

const addLab = (estate: TestEstate): void => estate.write('lab.yaml', mirror(estate, [], 'lab', 'lab.test'));

describe('what a change of the tree adds to the roles', () => {
  it.each<[string, (estate: TestEstate) => void]>([
    ['nothing', () => undefined],
    [
      'a file by another name',
      ({ directory }) => renameSync(join(directory, 'config', 'corp.yaml'), join(directory, 'config', 'mirror.yaml')),
    ],
    ['another schedule', (estate) => estate.rewrite('corp.yaml', (yaml) => yaml.replace('15 minutes', '5 minutes'))],
    ['other tags', (estate) => estate.rewrite('settings.yaml', (yaml) => yaml.replace('team: network', 'team: dns'))],
  ])('is nothing for %s', async (_what, change) => {
    const [before, after] = await changed(change);
    expect(iamGrowth(before, after)).toEqual({ added: [], taken: [] });
  });

  it('is what the new policies allow and the old ones do not, and the other way round what is taken', async () => {
    const [before, after] = await changed((estate) => {
      addLab(estate);
      estate.write('office.yaml', SCHEDULE);
    });
    const { added, taken } = iamGrowth(before, after);
    expect(taken).toEqual([]);
    expect(iamGrowth(after, before)).toEqual({ added: [], taken: added });

    const allowed = (project: Project) => {
      const printed = iam(project);
      return ({ role, account, action, resource }: RoleChange): boolean => {
        const policy = policyIn(printed[role], account === HOME ? 'prod' : 'partner');
        return policy.Statement.some(
          ({ Effect, Action, Resource = [] }) =>
            Effect === 'Allow' && Action.includes(action) && Resource.includes(resource),
        );
      };
    };
    const [old, fresh] = [allowed(before), allowed(after)];
    expect(added.filter((change) => !fresh(change))).toEqual([]);
    expect(added.filter(old)).toEqual([]);
    expect(new Set(added.map(({ role, account }) => `${role} ${account}`)).size).toBe(6);
    expect(added).toContainEqual({
      role: 'apply',
      account: HOME,
      action: 'ec2:CreateTags',
      resource: `arn:aws:ec2:eu-west-1:${HOME}:instance/*`,
    });
  });

  it('is neither a key that the plan role may not read, nor one that a function reads', async () => {
    const [before, after] = await changed((estate) => {
      const tsig = 'tsig: { name: xfr-key, algorithm: hmac-sha256, secret: "ssm:/xfr" }';
      estate.write('corp.yaml', mirror(estate, [tsig]));
    });
    const { added } = iamGrowth(before, after);
    expect(added.map(({ role, action }) => `${role} ${action}`)).toEqual([
      'boundary kms:Decrypt',
      'boundary ssm:GetParameter',
    ]);
  });
});

describe('a plan', () => {
  it('says which role grows and by what, in text and in markdown, and leaves nothing out', async () => {
    const estate = await createCommitted();
    addLab(estate);
    const plan = await estate.plan();
    const findings = growthOf(plan);

    expect(findings.map(({ data, severity }) => [data!['role'], data!['account'], severity])).toEqual([
      ['plan', HOME, 'info'],
      ['apply', HOME, 'info'],
      ['boundary', HOME, 'info'],
    ]);
    expect(findings.every(({ hint }) => hint?.startsWith('trueup iam'))).toBe(true);
    const adds = findings.flatMap(
      ({ data }) => data!['adds'] as readonly Readonly<Record<'action' | 'resource', string>>[],
    );
    expect(adds.length).toBeGreaterThan(60);
    const options = { color: false, width: 120, unicode: true } as const;
    for (const format of ['text', 'markdown'] as const) {
      const shown = renderPlan(plan, { ...options, format });
      const outside = shown.replaceAll(/<details>[\s\S]*?<\/details>/g, '').replaceAll(/\s+/g, ' ');
      const missing = adds.filter(({ action, resource }) => !outside.includes(action) || !outside.includes(resource));
      expect(missing).toEqual([]);
    }
  });

  it('is the same plan with it and without it, and says nothing where nothing grows', async () => {
    const estate = await createCommitted();
    addLab(estate);
    const { digest } = await estate.plan();
    rmSync(join(estate.directory, '.git'), { recursive: true });
    const without = await estate.plan();
    expect([growthOf(without), without.digest]).toEqual([[], digest]);
  });

  it('tells what comes with a new document from what one takes more that was there, also by another name', async () => {
    const estate = await createCommitted();
    estate.write('office.yaml', SCHEDULE);
    const tsig = 'tsig: { name: xfr-key, algorithm: hmac-sha256, secret: "ssm:/xfr" }';
    estate.write('corp.yaml', mirror(estate, [tsig]).replace('name: corp', 'name: crop, formerly: [corp]'));
    const adds = growthOf(await estate.plan()).flatMap(
      ({ data }) => data!['adds'] as readonly { readonly action: string; readonly new?: true }[],
    );
    const told = (isNew: boolean) =>
      new Set(adds.filter((one) => (one.new ?? false) === isNew).map(({ action }) => action));
    expect(told(false)).toContain('ssm:GetParameter');
    expect(told(true)).toContain('ec2:StartInstances');
    expect([...told(false)].filter((action) => action.startsWith('ec2:'))).toEqual([]);
  });

  it('of a removal says nothing', async () => {
    const estate = await createCommitted();
    addLab(estate);
    git(estate, 'add', '--all', 'config');
    git(estate, 'commit', '--quiet', '--message=y');
    rmSync(join(estate.directory, 'config', 'lab.yaml'));
    expect(growthOf(await estate.plan())).toEqual([]);
  });
});
