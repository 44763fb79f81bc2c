import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListRolesCommand, IAMClient } from '@aws-sdk/client-iam';
import { ListHostedZonesCommand } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { orphans } from '../src/operations/orphans.ts';
import { renderPlan } from '../src/report/render.ts';
import { OPEN, createFileBench, createPruneBench, deploy, exitOf, removalsOf, verbs } from './support/prune-bench.ts';
import type { PruneBench } from './support/prune-bench.ts';

const MARKED = ['Alarm', 'Mirror', 'MirrorLogs', 'MirrorRole', 'Plan', 'PlanLogs', 'PlanRole', 'Rule', 'Zone'];
const WIDE = { format: 'text', width: 100, unicode: true, color: false } as const;

function rename(bench: PruneBench, owner: string, ...formerly: readonly string[]): void {
  bench.rewrite('settings.yaml', (yaml) =>
    yaml
      .replace(/\n {2}formerly: .*/, '')
      .replace(/owner: .*/, `owner: ${owner}\n  formerly: [${formerly.join(', ')}]`),
  );
}

function marksOf(name: string): readonly string[] {
  return MARKED.map((id) => `mark ZoneMirror/${name}/${id}`);
}

/** Everything that has an id of AWS's, or a name. */
async function things(bench: PruneBench): Promise<readonly string[]> {
  const place = { region: 'eu-west-1' };
  const { HostedZones = [] } = await bench.client.send(new ListHostedZonesCommand({}));
  const { Roles = [] } = await bench.account.client(IAMClient, place).send(new ListRolesCommand({}));
  const { Buckets = [] } = await bench.account.client(S3Client, place).send(new ListBucketsCommand({}));
  return [
    ...HostedZones.map(({ Id }) => Id!),
    ...Roles.map(({ RoleId }) => RoleId!),
    ...Buckets.map(({ Name }) => Name!),
  ];
}

describe('an estate whose owner was renamed', () => {
  it('marks every object anew, each said by a guard, and makes nothing a second time', async () => {
    const bench = await createPruneBench(['one', 'two']);
    const before = await things(bench);
    rename(bench, 'acme-new', 'acme-network');

    const plan = await bench.plan();
    expect(verbs(plan).filter((verb) => !verb.startsWith('update'))).toEqual([...marksOf('one'), ...marksOf('two')]);
    expect(plan.guards.map(({ code, about }) => [code, about])).toEqual(
      plan.actions.filter(({ action }) => action === 'mark').map(({ id }) => ['adopt', id]),
    );
    expect(renderPlan(plan, WIDE)).toContain('of the former owner: is marked anew');
    expect(exitOf(plan)).toBe(0);
    const result = await bench.apply(plan);

    expect(result).toMatchObject({ outcome: 'applied', failed: [], skipped: [], refused: [] });
    expect((await bench.plan({ full: true })).actions).toEqual([]);
    expect(await bench.drift()).toMatchObject({ complete: true, orphans: [], missing: [] });
    expect(await things(bench)).toEqual(before);
  });

  it('prunes later on as every estate does: what was made before the new name, and after it', async () => {
    const bench = await createPruneBench(['one', 'two']);
    bench.settings(OPEN);
    rename(bench, 'acme-new', 'acme-network');
    await deploy(bench);
    bench.serve('three.test', 5, 'www A 10.0.0.1');
    bench.declare('three');
    await deploy(bench);
    bench.remove('two', 'three');

    const plan = await bench.plan();

    expect(verbs(plan)).toEqual([...removalsOf('three'), ...removalsOf('two')]);
    expect(await bench.apply(plan)).toMatchObject({ outcome: 'applied', failed: [], skipped: [] });
    expect(await bench.drift()).toMatchObject({ complete: true, orphans: [], missing: [] });
  });

  it('twice: the names still follow from the first', async () => {
    const bench = await createPruneBench(['one']);
    const before = await things(bench);
    rename(bench, 'acme-new', 'acme-network');
    await deploy(bench);
    rename(bench, 'acme-newest', 'acme-network', 'acme-new');
    expect(verbs(await bench.plan()).filter((verb) => !verb.startsWith('update'))).toEqual(marksOf('one'));
    await deploy(bench);
    expect((await bench.plan({ full: true })).actions).toEqual([]);
    expect(await things(bench)).toEqual(before);
  });

  it('with a document that was renamed in the same change', async () => {
    const bench = await createPruneBench(['one']);
    const before = await things(bench);
    rename(bench, 'acme-new', 'acme-network');
    bench.rewrite('one.yaml', (yaml) => yaml.replace('{ name: one }', '{ name: other, formerly: [one] }'));
    expect(await bench.drift()).toMatchObject({ complete: true, orphans: [], missing: [] });
    // Its caller reference follows from neither name of today: of the zone only the mark is written at first.
    const plan = await bench.plan();
    expect(verbs(plan)).toContain('adopt ZoneMirror/other/Zone');
    expect(await bench.apply(plan)).toMatchObject({ outcome: 'applied', failed: [] });
    expect(verbs(await bench.plan()).filter((verb) => /^(create|delete|release)/.test(verb))).toEqual([]);
    await deploy(bench);
    expect(await things(bench)).toEqual(before);
    expect((await bench.plan({ full: true })).actions).toEqual([]);
  });

  it('says what the former owner has and nothing declares, and leaves it', async () => {
    const bench = await createPruneBench(['one', 'two']);
    bench.settings(OPEN);
    rename(bench, 'acme-new', 'acme-network');
    bench.remove('two');

    const plan = await bench.plan();
    expect(verbs(plan).filter((verb) => verb.includes('/two/'))).toEqual([]);
    const found = await orphans(await bench.load(), { endpoint: { kind: 'embedded', account: bench.account } });
    expect(found.orphans.map(({ id, action }) => [id, action])).toEqual(
      MARKED.map((id) => [`ZoneMirror/two/${id}`, 'none']),
    );
    for (const { why } of found.orphans) expect(why).toContain('the earlier owner acme-network');
  });

  it('whose first owner is not named first makes nothing a second time', async () => {
    const bench = await createPruneBench(['one']);
    for (const formerly of [['acme-else', 'acme-network'], ['acme-else']]) {
      rename(bench, formerly.length === 2 ? 'acme-new' : 'acme-network', ...formerly);
      const plan = await bench.plan();
      const found = plan.documents.flatMap(({ findings }) => findings).filter(({ code }) => code === 'other-name');
      expect(found.length).toBeGreaterThan(0);
      for (const { severity, hint } of found) {
        expect([severity, hint]).toEqual(['blocks', expect.stringContaining('which is acme-else')]);
      }
      const writes = bench.allWrites();
      expect(exitOf(await bench.apply(plan))).toBe(4);
      expect(bench.allWrites()).toBe(writes);
    }
  });

  it('and that names no former owner has nothing of it', async () => {
    const bench = await createPruneBench(['one']);
    bench.rewrite('settings.yaml', (yaml) => yaml.replace('owner: acme-network', 'owner: stranger'));
    const [document] = (await bench.plan()).documents;
    expect(document!.findings.map(({ code }) => code)).toContain('other-owner');
  });
});

it.each([
  ['route-53', 'ChangeTagsForResource', 1],
  ['lambda', 'TagResource', 2],
  ['lambda', 'UpdateFunctionConfiguration', 2],
  ['iam', 'TagRole', 2],
  ['cloudwatch-logs', 'TagResource', 2],
  ['eventbridge', 'TagResource', 1],
])(
  'an apply that a refused %s %s ends in the middle is finished by the same review',
  async (service, command, calls) => {
    const bench = await createFileBench(['one']);
    rename(bench, 'acme-new', 'acme-network');
    bench.freeze();
    const reviewed = await (await bench.strike([])).plan();
    for (let nth = 1; nth <= calls; nth++) {
      const struck = await bench.strike([{ service, command, nth, fault: 'access-denied' }]);
      expect([nth, (await struck.apply(reviewed)).outcome]).toEqual([nth, 'partial']);
      const again = await struck.apply(reviewed);
      expect([nth, again.outcome, again.refused, again.failed]).toEqual([nth, 'applied', [], []]);
      expect([nth, (await struck.plan()).actions]).toEqual([nth, []]);
    }
  },
);
