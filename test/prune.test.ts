import { readFileSync, rmSync } from 'node:fs';
import { GetHostedZoneCommand, ListHostedZonesCommand } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../src/engine/types.ts';
import { exitOfOrphans } from '../src/cli/exit-codes.ts';
import { apply } from '../src/operations/apply.ts';
import { orphans } from '../src/operations/orphans.ts';
import { plan as planOf } from '../src/operations/plan.ts';
import { loadConfig } from '../src/operations/project.ts';
import { renderPlan } from '../src/report/render.ts';
import { NOW, mirror } from './support/estate.ts';
import { OPEN, createPruneBench, deploy, exitOf, removalsOf, verbs } from './support/prune-bench.ts';
import type { PruneBench } from './support/prune-bench.ts';

function codes({ guards }: Plan): readonly string[] {
  return guards.filter(({ allowed }) => !allowed).map(({ code }) => code);
}

/** Refused by these guards: exit 4 from both verbs, and not one write. */
async function refusedBy(bench: PruneBench, expected: readonly string[]): Promise<Plan> {
  const plan = await bench.plan();
  const writes = bench.allWrites();
  expect([codes(plan), exitOf(plan)]).toEqual([expected, 4]);
  for (const reviewed of [undefined, plan]) {
    const result = await bench.apply(reviewed);
    expect([result.outcome, result.done, exitOf(result)]).toEqual(['refused', [], 4]);
  }
  expect(bench.allWrites()).toBe(writes);
  for (const { allow, allowed, code } of plan.guards) {
    if (!allowed) expect(allow).toBe(`- { digest: ${plan.digest}, allow: [${code}], reason: "…", until: 2026-12-01 }`);
  }
  return plan;
}

describe('one of several mirrors loses its document', () => {
  it('guarded, allowed by its line, gone but for the zone; the others and the world after it as they should be', async () => {
    const bench = await createPruneBench(['one', 'two', 'three']);
    bench.remove('two');

    const plan = await refusedBy(bench, ['deletes']);
    expect(verbs(plan)).toEqual(removalsOf('two'));
    expect(plan.guards[0]!.message).toBe('ZoneMirror would lose 8 of 27 objects (29.6 %, limit 20 %)');
    const text = renderPlan(plan, { format: 'text', width: 200, unicode: true, color: false });
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      `- { digest: ${plan.digest}, allow: [deletes], reason: "…", until: 2026-12-01 }`,
    );
    expect(text).toContain('- ZoneMirror/two');

    bench.override(plan);
    const zone = plan.actions.find(({ action }) => action === 'release')!.resource;
    const others = (await bench.plan({ full: true })).documents.map(({ name }) => name);
    expect(others).toEqual(['one', 'three']);
    const before = bench.account.events().length;
    const result = await bench.apply(plan);

    expect(result).toMatchObject({ outcome: 'applied', failed: [], skipped: [], refused: [] });
    expect([...result.done].sort()).toEqual(plan.actions.map(({ id }) => id));
    const written = bench.account
      .events()
      .slice(before)
      .filter(({ readOnly }) => !readOnly);
    expect(written.length).toBeGreaterThan(8);
    expect(JSON.stringify(written)).not.toMatch(/\b(one|three)[-.]/);
    const after = await bench.plan();
    expect([after.actions, after.guards, after.complete]).toEqual([[], [], true]);
    expect(await bench.drift()).toMatchObject({ complete: true, drifted: [], missing: [], orphans: [] });
    // The zone is whole, and nobody's.
    const { HostedZone } = await bench.client.send(new GetHostedZoneCommand({ Id: zone }));
    expect(HostedZone).toMatchObject({ Name: 'two.test.', ResourceRecordSetCount: 4, Config: { Comment: 'mirror' } });

    bench.declare('two');
    const foreign = await bench.plan();
    expect(foreign.documents.flatMap(({ findings }) => findings).map(({ code }) => code)).toContain('foreign');
    expect(exitOf(foreign)).toBe(4);
    bench.declare('two', { metadata: 'adopt: true' });
    const adopting = await bench.plan();
    expect(verbs(adopting)).toContain('adopt ZoneMirror/two/Zone');
    expect(adopting.guards).toMatchObject([{ code: 'adopt', allowed: true, allowedBy: 'metadata.adopt' }]);
    const adoptingText = renderPlan(adopting, { format: 'text', width: 200, unicode: true, color: false });
    expect(adoptingText.replaceAll(/\s+/g, ' ')).toContain(
      `= guard adopt is allowed by metadata.adopt: ZoneMirror/two/Zone takes over AWS::Route53::HostedZone ${zone}`,
    );
    expect((await bench.apply(adopting)).outcome).toBe('applied');
  });

  it('an override of another plan, or past its day, lets nothing pass', async () => {
    const bench = await createPruneBench(['one', 'two']);
    bench.remove('two');
    const plan = await bench.plan();
    const line = (digest: string, until: string) =>
      `    - { digest: ${digest}, allow: [deletes], reason: "decommission", until: ${until} }`;
    bench.settings('  overrides:', line('f'.repeat(64), '2026-12-01'), line(plan.digest, '2026-11-24'));
    expect((await refusedBy(bench, ['deletes'])).digest).toBe(plan.digest);

    bench.settings(line(plan.digest, '2026-11-25'));
    expect(codes(await bench.plan())).toEqual([]);
  });
});

describe('YAML is lost', () => {
  it('T15 all of it, one kind’s folder, half the documents, one broken file: the right guard, and 0 writes', async () => {
    const bench = await createPruneBench(['one', 'two', 'three']);

    bench.remove('one', 'two');
    const half = await refusedBy(bench, ['deletes']);
    expect(half.guards[0]!.message).toBe('ZoneMirror would lose 16 of 27 objects (59.3 %, limit 20 %)');

    bench.remove('three');
    const all = await refusedBy(bench, ['empty-config', 'deletes']);
    expect(all.guards[0]!.message).toBe('no document is left but Settings, and 27 objects of this estate would go');
    // The limits of the deletes may be loose: an empty configuration is stopped all the same.
    bench.settings(OPEN);
    await refusedBy(bench, ['empty-config']);

    for (const name of ['one', 'two', 'three']) bench.declare(name);
    for (let more = 0; more < 6; more++) bench.declare(`more${more}`);
    bench.write('broken.yaml', 'apiVersion: trueup/v1\nkind: ZoneMirror\nmetadata: { name: broken\n');
    const calls = JSON.stringify(bench.account.calls());
    await expect(bench.plan()).rejects.toThrow('TU1');
    await expect(bench.apply()).rejects.toThrow('TU1');
    bench.remove('broken');
    bench.write('settings.yaml', '');
    await expect(bench.plan()).rejects.toThrow('TU1');
    expect(JSON.stringify(bench.account.calls())).toBe(calls);
  });
});

describe('T14', () => {
  it.each([
    ['formerly of a declared name', { metadata: 'formerly: [one]' }],
    ['a pause for ever', { metadata: 'pause: { until: 2099-01-01, reason: "later" }' }],
  ])('T14 %s is invalid, and asks nobody', async (_what, rest) => {
    const bench = await createPruneBench(['one'], { undeployed: true });
    bench.declare('two', rest);
    const { result, project } = await loadConfig(`${bench.directory}/config`, {
      cwd: bench.directory,
      now: Date.parse('2026-11-24'),
    });
    expect(project).toBeUndefined();
    expect(result.errors.map(({ file }) => file)).toEqual(['config/two.yaml']);
    expect(bench.account.calls()).toEqual({});
  });

  it('T14 a takeover is no quiet matter: it stands among the guards of text and markdown', async () => {
    const bench = await createPruneBench(['one']);
    bench.remove('one');
    bench.settings(OPEN);
    bench.override(await bench.plan());
    await deploy(bench);
    bench.declare('one', { metadata: 'adopt: true' });
    const plan = await bench.plan();
    for (const format of ['text', 'markdown'] as const) {
      const text = renderPlan(plan, { format, width: 200, unicode: true, color: false });
      expect(text.replaceAll(/<details>[^]*?<\/details>/g, '')).toContain('guard adopt is allowed by metadata.adopt');
    }
  });
});

describe('T13 a change of Settings and its use in one go', () => {
  const inGit = async (...names: string[]): Promise<PruneBench> => {
    const bench = await createPruneBench(names, { undeployed: true });
    bench.git('init', '--quiet', '--initial-branch=main');
    bench.commit();
    await deploy(bench);
    return bench;
  };

  it('T13 limits loosened and documents removed: refused, 0 writes; loosened one merge before: allowed', async () => {
    const bench = await inGit('one', 'two', 'three');
    bench.settings(OPEN);
    bench.remove('one', 'two');
    const plan = await refusedBy(bench, ['deletes']);
    expect(plan.guards[0]!.message).toContain('a loosening counts from its own merge on');
    bench.commit();
    await refusedBy(bench, ['deletes']);

    bench.git('reset', '--quiet', '--hard', 'HEAD^');
    bench.settings(OPEN);
    bench.commit();
    bench.remove('one', 'two');
    bench.commit();
    const allowed = await bench.plan();
    expect([codes(allowed), verbs(allowed).length]).toEqual([[], 18]);
    expect((await bench.apply(allowed)).outcome).toBe('applied');
  });

  it('T13 protection taken back in the YAML that goes: the tag on the object holds', async () => {
    const bench = await createPruneBench(['one', 'two'], { undeployed: true });
    bench.declare('two', { metadata: 'protect: true' });
    bench.settings(OPEN);
    bench.git('init', '--quiet', '--initial-branch=main');
    bench.commit();
    await deploy(bench);
    bench.remove('two');
    bench.settings('  # loosened with it');
    bench.rewrite('settings.yaml', (yaml) =>
      yaml.replace('count: 1000 }', 'count: 1000 }, requireProtectedOverride: false'),
    );
    const plan = await refusedBy(
      bench,
      Array.from({ length: 9 }, () => 'protected'),
    );
    expect(plan.guards.map(({ about }) => about)).toEqual(removalsOf('two').map((verb) => verb.split(' ')[1]));

    bench.commit();
    bench.git('commit', '--quiet', '--allow-empty', '--message=later');
    // requireProtectedOverride: false holds now, from a merge of its own.
    expect(codes(await bench.plan())).toEqual([]);
    expect((await bench.apply()).outcome).toBe('applied');
  });

  it.each([
    [
      'under the same alias',
      'prod: { id: "111122223333" }',
      (roles: string) => `prod: { id: "111122223333", ${roles} }`,
    ],
    [
      'under another alias',
      'prod: { id: "111122223333" }',
      (roles: string) => `live: { id: "111122223333", ${roles} }`,
    ],
  ])('T13 other roles of an account %s, and used: refused; alone: no guard', async (_what, before, after) => {
    const bench = await inGit('one');
    const roles = ['plan', 'apply']
      .map((role) => `${role}Role: "arn:aws:iam::111122223333:role/trueup-${role}"`)
      .join(', ');
    bench.rewrite('settings.yaml', (yaml) =>
      yaml
        .replace(before, after(roles))
        .replace(
          'defaultAccount: prod',
          after(roles).startsWith('live') ? 'defaultAccount: live' : 'defaultAccount: prod',
        ),
    );
    expect(codes(await bench.plan())).toEqual([]);
    bench.serve('two.test', 5, 'www A 10.0.0.1');
    bench.declare('two');
    const plan = await refusedBy(bench, ['loosened-settings']);
    expect(plan.guards[0]!.message).toContain('planRole, applyRole of account');

    bench.commit();
    bench.git('commit', '--quiet', '--allow-empty', '--message=later');
    expect(codes(await bench.plan())).toEqual([]);
  });

  it('T13 another place of the lease, with something to do: refused', async () => {
    const bench = await inGit('one');
    bench.settings('  lease: { bucket: another-bucket }');
    bench.serve('two.test', 5, 'www A 10.0.0.1');
    bench.declare('two');
    const plan = await bench.plan();
    expect(codes(plan)).toEqual(['loosened-settings']);
    expect(plan.guards[0]!.message).toContain('where the lease lies');
  });

  it.each([
    { broken: 'another file', file: 'broken.yaml', only: true },
    { broken: 'the Settings', file: 'settings.yaml', only: false },
    { broken: 'a second file of Settings', file: 'more.yaml', copied: true, only: false },
  ])('T13 loosened guards and their use, where $broken could not be read before', async (row) => {
    const bench = await inGit('one', 'two', 'three');
    const { file, only, copied } = row;
    const settings = readFileSync(`${bench.directory}/config/settings.yaml`, 'utf8');
    bench.write(file, copied ? settings.replace('count: ', 'count: 1') : 'kind: [');
    bench.commit();
    if (file === 'settings.yaml') bench.write(file, settings);
    else rmSync(`${bench.directory}/config/${file}`);
    bench.settings(OPEN);
    bench.remove('two');
    bench.commit();

    const plan = await refusedBy(bench, [only ? 'deletes' : 'unreadable-base']);
    expect(plan.findings).toMatchObject([
      {
        code: 'base-unreadable',
        message: expect.stringContaining(only ? 'only Settings can be read' : "by today's Settings alone") as string,
      },
    ]);
    if (only) expect(plan.guards[0]!.message).toContain('the limit of Settings before this change');
  });

  it('T13 the heir of another owner, in one change with the taking: refused', async () => {
    const bench = await inGit('one');
    bench.rewrite('settings.yaml', (yaml) =>
      yaml.replace('owner: acme-network', 'owner: acme-new\n  formerly: [acme-network]'),
    );
    const plan = await bench.plan();
    // Each object by itself: none is folded away (T14).
    expect(plan.guards.map(({ code, about, allowedBy }) => [code, about, allowedBy])).toEqual([
      ...plan.actions.map(({ id }) => ['adopt', id, 'spec.formerly of Settings']),
      ['loosened-settings', 'owner or formerly (acme-new)', undefined],
    ]);
    expect(exitOf(plan)).toBe(4);
  });
});

it('where a guard stands nobody is asked, and nothing is written, though another apply meanwhile takes its ground away', async () => {
  const bench = await createPruneBench(['one', 'two', 'three']);
  bench.remove('two');
  bench.serve('four.test', 5, 'www A 10.0.0.1');
  bench.declare('four');
  const endpoint = { kind: 'embedded', account: bench.account } as const;
  let writes = 0;
  const { plan, result } = await apply(await bench.load(), {
    endpoint,
    async confirm() {
      bench.remove('four');
      bench.settings(OPEN);
      await deploy(bench);
      writes = bench.allWrites();
      return true;
    },
  });

  expect(codes(plan)).toEqual(['deletes']);
  expect(result).toMatchObject({ outcome: 'refused', done: [], failed: [] });
  expect(bench.allWrites()).toBe(writes);
});

describe('what is left alone', () => {
  it('--only and --exclude: nothing is removed, and that is said', async () => {
    const bench = await createPruneBench(['one', 'two', 'three']);
    bench.remove('two');
    bench.settings(OPEN);
    // A pattern is a part, though it may name all that is left.
    for (const selection of [{ only: ['ZoneMirror/one'] }, { exclude: ['ZoneMirror/one'] }, { only: ['*'] }]) {
      const plan = await bench.plan(selection);
      expect(plan).toMatchObject({ partial: true, actions: [] });
      for (const format of ['text', 'markdown'] as const) {
        expect(renderPlan(plan, { format, width: 100, unicode: true, color: false })).toContain('nothing is pruned');
      }
    }
    expect(verbs(await bench.plan())).toEqual(removalsOf('two'));
  });

  it('a paused document: its objects stay where they are, until the pause ends', async () => {
    let now = NOW;
    const bench = await createPruneBench(['one', 'two'], { now: () => now });
    bench.settings(OPEN);
    bench.declare('two', {
      metadata: 'pause: { until: 2026-11-26, reason: "migration" }',
      spec: ['region: us-east-1'],
    });
    expect((await bench.plan()).actions).toEqual([]);
    // What stands in the old region is nobody's any more; the pause speaks for it.
    const drifted = await bench.drift();
    expect(drifted.orphans.map(({ id, action, why }) => [id, action, why])).toContainEqual([
      'ZoneMirror/two/Rule',
      'none',
      'its document is paused',
    ]);
    // One that has ended is no longer valid: somebody has to decide first, and nothing is removed until then.
    now += 2 * 86_400_000;
    await expect(bench.plan()).rejects.toThrow('TU1022');
    bench.declare('two', { spec: ['region: us-east-1'] });
    expect(verbs(await bench.plan())).toContain('delete ZoneMirror/two/Rule@111122223333/eu-west-1');
  });
});

it('a mirror moves to another region: made there, then removed here; the zone and the roles are the same', async () => {
  const bench = await createPruneBench(['one', 'two']);
  bench.settings(OPEN);
  bench.declare('two', { spec: ['region: us-east-1'] });
  const plan = await bench.plan();
  const here = '@111122223333/eu-west-1';
  const moving = ['Alarm', 'Mirror', 'MirrorLogs', 'Plan', 'PlanLogs', 'Rule'];
  expect(verbs(plan).filter((verb) => verb.startsWith('delete'))).toEqual(
    moving.map((id) => `delete ZoneMirror/two/${id}${here}`),
  );
  expect(verbs(plan).filter((verb) => verb.startsWith('release'))).toEqual([]);
  for (const id of moving) expect(verbs(plan)).toContain(`create ZoneMirror/two/${id}`);
  const made = new Set(plan.actions.filter(({ action }) => action !== 'delete').map(({ id }) => id));
  for (const { dependsOn } of plan.actions.filter(({ action }) => action === 'delete')) {
    for (const id of made) expect(dependsOn).toContain(id);
  }

  expect(await bench.apply(plan)).toMatchObject({ outcome: 'applied', failed: [], skipped: [] });
  expect((await bench.plan()).actions).toEqual([]);
  expect(await bench.drift()).toMatchObject({ complete: true, orphans: [], missing: [] });
});

it('so with --base: what belongs to no region is still declared, and stays', async () => {
  const bench = await createPruneBench(['one', 'two'], { undeployed: true });
  bench.settings(OPEN);
  bench.git('init', '--quiet', '--initial-branch=main');
  bench.commit();
  await deploy(bench);
  bench.declare('two', { metadata: 'onRemove: delete', spec: ['region: us-east-1'] });
  const removals = async (base?: string): Promise<readonly string[]> => {
    const options = { cwd: bench.directory, now: bench.account.now(), ...(base && { base }) };
    const { project } = await loadConfig(`${bench.directory}/config`, options);
    return verbs(await planOf(project!, { endpoint: { kind: 'embedded', account: bench.account } })).filter((verb) =>
      /^(delete|release)/.test(verb),
    );
  };

  const regional = ['Alarm', 'Mirror', 'MirrorLogs', 'Plan', 'PlanLogs', 'Rule'];
  const expected = regional.map((id) => `delete ZoneMirror/two/${id}@111122223333/eu-west-1`);
  expect(await removals()).toEqual(expected);
  expect(await removals('HEAD')).toEqual(expected);
});

it('an account that goes with its documents is not forgotten in silence, with --base and without', async () => {
  const bench = await createPruneBench(['one'], { undeployed: true });
  bench.serve('two.test', 5, 'www A 10.0.0.1');
  bench.declare('two', { spec: ['account: partner', 'region: eu-central-1'] });
  bench.settings(OPEN);
  bench.git('init', '--quiet', '--initial-branch=main');
  bench.commit();
  bench.remove('two');
  const endpoint = { kind: 'embedded', account: bench.account } as const;
  const planned = async (options: { base?: string } = {}): Promise<Plan> =>
    planOf((await loadConfig(`${bench.directory}/config`, options)).project!, { endpoint });
  for (const options of [{}, { base: 'HEAD' }]) {
    expect((await planned(options)).findings.map(({ code }) => code)).not.toContain('account-removed');
  }

  bench.rewrite('settings.yaml', (yaml) => yaml.replace(/\n {4}partner: .*/, ''));
  for (const options of [{}, { base: 'HEAD' }]) {
    const { findings } = await planned(options);
    expect(findings.filter(({ code }) => code === 'account-removed')).toEqual([
      {
        document: '',
        code: 'account-removed',
        severity: 'warning',
        message:
          'Settings do not have the account 444455556666 any more, where ZoneMirror/two had objects in eu-central-1: nobody looks for them',
        hint: expect.stringContaining('trueup orphans --region eu-central-1') as string,
      },
    ]);
  }
  const part = await planOf((await loadConfig(`${bench.directory}/config`)).project!, { endpoint, only: ['*'] });
  expect(part.findings.map(({ code }) => code)).not.toContain('account-removed');
});

it('what lies in the default region of before is found, though nothing names that region any more', async () => {
  const bench = await createPruneBench(['one', 'two'], { undeployed: true });
  bench.settings(OPEN);
  await deploy(bench);
  bench.remove('one', 'two');
  bench.serve('new.test', 5, 'www A 10.0.0.1');
  bench.declare('new', { spec: ['region: us-east-1'] });
  bench.git('init', '--quiet', '--initial-branch=main');
  bench.commit();
  bench.rewrite('settings.yaml', (yaml) => yaml.replace('defaultRegion: eu-west-1', 'defaultRegion: us-east-1'));
  bench.commit();
  const found = await orphans(await bench.load(), { endpoint: { kind: 'embedded', account: bench.account } });
  const functions = found.orphans.filter(({ type }) => type === 'AWS::Lambda::Function');
  expect(functions.map(({ id, region, action }) => [id, region, action])).toEqual(
    ['one', 'two'].flatMap((name) =>
      ['Mirror', 'Plan'].map((id) => [`ZoneMirror/${name}/${id}`, 'eu-west-1', 'delete']),
    ),
  );
});

describe('a mirror that was renamed', () => {
  const renamed = async (): Promise<PruneBench> => {
    const bench = await createPruneBench(['one', 'two']);
    bench.settings(OPEN);
    bench.remove('two');
    return bench;
  };
  const again = (bench: PruneBench, name: string, metadata: string, spec: readonly string[] = []): void =>
    bench.write(
      'two.yaml',
      mirror(bench, spec, name, 'two.test').replace(`{ name: ${name} }`, `{ name: ${name}, ${metadata} }`),
    );

  it.each([
    { reason: 'once more, and only its newest name is named', name: 'newest', metadata: 'formerly: [new]' },
    { reason: 'and its earlier names are not named any more', name: 'new', metadata: 'protect: false' },
  ])('is not made once more: $reason', async ({ name, metadata }) => {
    const bench = await renamed();
    again(bench, 'new', 'formerly: [two]');
    await deploy(bench);
    again(bench, name, metadata);
    const plan = await bench.plan();

    const found = plan.documents.flatMap(({ findings }) => findings).filter(({ code }) => code === 'other-name');
    expect(found.length).toBeGreaterThan(0);
    for (const { message, severity } of found)
      expect([severity, message]).toEqual(['blocks', expect.stringMatching(/ exists as (.*\/)?two-/)]);
    expect(verbs(plan).filter((verb) => /^(delete|release)/.test(verb))).toEqual([]);
    expect([exitOf(plan), (await bench.apply()).done]).toEqual([4, []]);

    again(bench, name, name === 'new' ? 'formerly: [two]' : 'formerly: [two, new]');
    expect(verbs(await bench.plan()).filter((verb) => !verb.startsWith('mark'))).toEqual([]);
  });

  it('and moved in one leaves nothing behind, and keeps what belongs to no region', async () => {
    const bench = await renamed();
    again(bench, 'new', 'formerly: [two]', ['region: us-east-1']);
    const plan = await bench.plan();
    expect(verbs(plan).filter((verb) => /^(delete|release|mark)/.test(verb))).toEqual([
      ...['MirrorRole', 'PlanRole', 'Zone'].map((id) => `mark ZoneMirror/new/${id}`),
      ...['Alarm', 'Mirror', 'MirrorLogs', 'Plan', 'PlanLogs', 'Rule'].map((id) => `delete ZoneMirror/two/${id}`),
    ]);
    expect(await bench.apply(plan)).toMatchObject({ outcome: 'applied', failed: [], skipped: [] });
    expect((await bench.plan()).actions).toEqual([]);
    expect(await bench.drift()).toMatchObject({ complete: true, orphans: [], missing: [] });
  });
});

it('what was in a region that nothing names any more is found by the commit before', async () => {
  const bench = await createPruneBench(['one'], { undeployed: true });
  bench.serve('two.test', 5, 'www A 10.0.0.1');
  bench.declare('two', { spec: ['region: ap-southeast-2'] });
  bench.settings(OPEN);
  bench.git('init', '--quiet', '--initial-branch=main');
  bench.commit();
  await deploy(bench);
  bench.remove('two');
  expect(verbs(await bench.plan())).toEqual(removalsOf('two'));
  bench.commit();
  expect(verbs(await bench.plan())).toEqual(removalsOf('two'));
});

it('metadata.onRemove: delete takes the zone with its records, release keeps all', async () => {
  const bench = await createPruneBench(['one', 'two', 'three']);
  bench.declare('two', { metadata: 'onRemove: delete' });
  bench.declare('three', { metadata: 'onRemove: release' });
  bench.settings(OPEN);
  await deploy(bench);
  bench.remove('two', 'three');
  const plan = await bench.plan();

  expect(verbs(plan)).toEqual([
    ...removalsOf('three').map((verb) => verb.replace('delete', 'release')),
    ...removalsOf('two').map((verb) => verb.replace('release', 'delete')),
  ]);
  expect(plan.actions.at(-1)!.changes).toMatchObject([
    { path: 'RecordSets', before: 2, after: 0, extent: { delete: 2 } },
  ]);
  expect(renderPlan(plan, { format: 'text', width: 100, unicode: true, color: false })).toContain(
    'RecordSets   2 go with it',
  );
  expect((await bench.apply(plan)).outcome).toBe('applied');
  const { HostedZones = [] } = await bench.client.send(new ListHostedZonesCommand({}));
  expect(HostedZones.map(({ Name = '' }) => Name).sort()).toEqual(['one.test.', 'three.test.']);
  expect(await bench.drift()).toMatchObject({ complete: true, orphans: [] });
});

describe('orphans', () => {
  const found = async (bench: PruneBench, regions: readonly string[] = []) =>
    orphans(await bench.load(), { endpoint: { kind: 'embedded', account: bench.account }, regions });

  it('says of each what the next apply does, and which guard would stop it; nothing is written', async () => {
    const bench = await createPruneBench(['one', 'two']);
    expect(await found(bench)).toMatchObject({ complete: true, orphans: [], findings: [] });
    bench.remove('two');
    const writes = bench.allWrites();

    const result = await found(bench);
    expect(result.orphans.map(({ action, id }) => `${action} ${id}`)).toEqual(removalsOf('two'));
    for (const orphan of result.orphans) expect(orphan).not.toHaveProperty('why');
    expect(result.findings.map(({ code, message }) => [code, message])).toEqual([
      ['guarded', 'apply is stopped by the guard deletes'],
    ]);
    expect([exitOfOrphans(result, false), exitOfOrphans(result, true)]).toEqual([0, 2]);
    expect(exitOfOrphans({ ...result, complete: false }, true)).toBe(1);
    expect(bench.allWrites()).toBe(writes);

    bench.settings(OPEN);
    expect((await found(bench)).findings).toEqual([]);
  });

  it('--region looks where no document is; apply does not, and that is said', async () => {
    const bench = await createPruneBench(['one'], { undeployed: true });
    bench.serve('two.test', 5, 'www A 10.0.0.1');
    bench.declare('two', { spec: ['region: ap-southeast-2'] });
    bench.settings(OPEN);
    await deploy(bench);
    bench.remove('two');
    const regional = ['Alarm', 'Mirror', 'MirrorLogs', 'Plan', 'PlanLogs', 'Rule'].map((id) => `ZoneMirror/two/${id}`);

    const near = await found(bench);
    expect(near.orphans.map(({ id }) => id).filter((id) => regional.includes(id))).toEqual([]);
    const far = await found(bench, ['ap-southeast-2']);
    const there = far.orphans.filter(({ region }) => region === 'ap-southeast-2');
    expect(there.map(({ id }) => id)).toEqual(regional);
    for (const { action, why } of there) {
      expect(action).toBe('none');
      expect(why).toContain('apply does not look into ap-southeast-2');
    }
    expect(far.orphans.filter(({ region }) => region !== 'ap-southeast-2')).toEqual(near.orphans);
  });
});
