import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { parseFaults } from '../src/embedded/index.ts';
import type { ExplainResult, ExplainedObject } from '../src/engine/explain.ts';
import { explain } from '../src/operations/explain.ts';
import { renderJson } from '../src/report/json.ts';
import { renderExplain } from '../src/report/render.ts';
import { trust } from './support/embedded-iam.ts';
import { createEstate, mirror } from './support/estate.ts';
import type { EstateOptions, TestEstate } from './support/estate.ts';

const REGION = { region: 'eu-west-1' };
const CORP = 'ZoneMirror/corp';
const OWNER = 'acme-network';
const CANARY = 'canary-7f31';

async function createCorp(options: EstateOptions = {}, applied = true): Promise<TestEstate> {
  const estate = await createEstate(options);
  estate.serve('corp.test', 5, 'ns1 A 10.0.0.1\nwww A 10.0.0.2');
  estate.write('corp.yaml', mirror(estate, ['hostedZone: { private: false }']));
  if (applied) expect((await estate.apply()).outcome).toBe('applied');
  return estate;
}

async function explained(estate: TestEstate, address: string): Promise<ExplainResult> {
  return explain(await estate.load(), { endpoint: { kind: 'embedded', account: estate.account }, address });
}

function objectOf({ objects }: ExplainResult, id: string): ExplainedObject {
  const object = objects.find((one) => one.id.endsWith(`/${id}`));
  if (!object) throw new Error(`there is no ${id}`);
  return object;
}

/** All that anybody sees of it. */
function shown(result: ExplainResult): string {
  const options = { width: 120, color: false, unicode: true } as const;
  return [
    renderJson(result),
    renderExplain(result, { ...options, format: 'text' }),
    renderExplain(result, { ...options, format: 'markdown' }),
  ].join('\n');
}

describe('a document that is new', () => {
  it('is explained object by object: what would be made, why, and in which order', async () => {
    const estate = await createCorp({}, false);
    const { actions } = await estate.plan();
    const result = await explained(estate, CORP);

    expect(result).toMatchObject({
      format: 'trueup/explain@1',
      address: CORP,
      owner: OWNER,
      complete: true,
      document: { address: CORP, file: 'config/corp.yaml', line: 1, adopt: false, protect: false, onRemove: null },
      next: `trueup plan --only ${CORP} --out plan.json`,
    });
    const names = (list: readonly { readonly id: string; readonly resource: string | null }[]): readonly string[] =>
      list.map(({ id, resource }) => `${id} ${resource}`).toSorted();
    expect(names(result.objects)).toEqual(names(actions));
    expect(objectOf(result, 'Mirror')).toMatchObject({
      declared: true,
      state: 'absent',
      ownership: { verdict: 'absent', says: 'nothing is there', marker: null, by: 'tag' },
      plan: { action: 'create', reason: 'missing', says: 'create: it does not exist' },
      dependsOn: expect.arrayContaining([`${CORP}/MirrorRole`, `${CORP}/Zone`]),
      neededBy: expect.arrayContaining([`${CORP}/Permission`]),
    });
  });

  it('says the permissions that a plan says are missing', async () => {
    const estate = await createCorp({}, false);
    const iam = estate.account.client(IAMClient, REGION);
    await iam.send(new CreateRoleCommand({ RoleName: 'applier', AssumeRolePolicyDocument: trust() }));
    estate.rewrite('settings.yaml', (yaml) =>
      yaml.replace(
        '{ id: "111122223333" }',
        '{ id: "111122223333", applyRole: "arn:aws:iam::111122223333:role/applier" }',
      ),
    );
    const [document] = (await estate.plan()).documents;
    const { data } = document!.findings.find(({ code }) => code === 'permission-missing')!;
    const missing = data!['missing'] as unknown as readonly { readonly action: string; readonly resource: string }[];

    const { objects } = await explained(estate, CORP);

    const said = objects.flatMap(({ permissions: { look, act } }) => [...look, ...act]);
    const names = (list: typeof missing): ReadonlySet<string> =>
      new Set(list.map(({ action, resource }) => `${action} ${resource}`));
    expect(names(said)).toEqual(names(missing));
    const role = objects.find(({ id }) => id === `${CORP}/MirrorRole`)!;
    expect(objectOf({ objects } as unknown as ExplainResult, 'Mirror').permissions.act).toContainEqual({
      action: 'iam:PassRole',
      resource: `arn:aws:iam::111122223333:role/trueup/${OWNER}/${role.resource}`,
      context: { 'iam:PassedToService': 'lambda.amazonaws.com' },
    });
  });
});

describe('what is applied', () => {
  it('is ours, with its marker, and there is nothing to do', async () => {
    const estate = await createCorp();
    const result = await explained(estate, CORP);

    expect(result.complete).toBe(true);
    expect(result.next).toBe(`trueup verify --only ${CORP}`);
    expect(new Set(result.objects.map(({ plan }) => plan.says))).toEqual(new Set(['nothing: it is as it should be']));
    expect(result.objects.every(({ permissions: { look, act } }) => look.length > 0 && act.length === 0)).toBe(true);
    const own = (id: string): unknown => {
      const { ownership, protected: isProtected, onRemove } = objectOf(result, id);
      return [ownership.verdict, ownership.marker, ownership.by, isProtected, onRemove];
    };
    expect(own('Mirror')).toEqual(['ours', `${OWNER}/${CORP}/Mirror`, 'tag', false, 'delete']);
    expect(own('Zone')).toEqual(['ours', `${OWNER}/${CORP}/Zone`, 'companion', false, 'release']);
    expect(own('Records')).toEqual(['ours', null, 'container', null, null]);
  });

  it('is protected, and released, as it says itself', async () => {
    const estate = await createCorp();
    estate.rewrite('corp.yaml', (yaml) =>
      yaml.replace('{ name: corp }', '{ name: corp, protect: true, onRemove: release }'),
    );
    const before = objectOf(await explained(estate, CORP), 'Mirror');
    await estate.apply();
    const after = await explained(estate, CORP);

    expect([before.protected, before.onRemove]).toEqual([false, 'delete']);
    expect(objectOf(after, 'Mirror')).toMatchObject({ protected: true, onRemove: 'release' });
    expect(after.document).toMatchObject({ protect: true, onRemove: 'release' });
  });

  it('differs in words: who moved', async () => {
    const estate = await createCorp();
    const lambda = estate.account.client(LambdaClient, REGION);
    const FunctionName = await estate.functionName('Mirror');
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 1024 }));
    const drifted = objectOf(await explained(estate, `${CORP}/Mirror`), 'Mirror');
    estate.rewrite('corp.yaml', (yaml) => `${yaml}  function: { memory: 512 }\n`);
    const both = objectOf(await explained(estate, `${CORP}/Mirror`), 'Mirror');
    const git = objectOf(await explained(estate, `${CORP}/Plan`), 'Plan');

    const memory = ({ plan }: ExplainedObject): unknown => {
      const { before, after, cause, says } = plan.changes.find(({ path }) => path === 'MemorySize')!;
      return [plan.reason, before, after, cause, says];
    };
    expect(memory(drifted)).toEqual(['drifted', 1024, 256, 'drift', 'it was changed outside git']);
    expect(memory(both)).toEqual([
      'both',
      1024,
      512,
      'both',
      'the document changed, and so did the object outside git',
    ]);
    expect(memory(git)).toEqual(['declared', 256, 512, 'git', 'the document changed since the last apply']);
  });

  it('T28 shows no value of an environment, declared or found', async () => {
    const estate = await createCorp();
    const lambda = estate.account.client(LambdaClient, REGION);
    const FunctionName = await estate.functionName('Mirror');
    const Environment = { Variables: { TRUEUP_DOCUMENT: CANARY, TOKEN: CANARY } };
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment }));

    const result = await explained(estate, `${CORP}/Mirror`);

    const { plan, properties } = objectOf(result, 'Mirror');
    expect(plan.changes.map(({ path }) => path)).toEqual(['Environment']);
    expect(JSON.stringify(properties.find(({ path }) => path === 'Environment'))).toContain('{"secret":true}');
    expect(shown(result)).not.toContain(CANARY);
  });

  it('that is paused is not looked at', async () => {
    const estate = await createCorp();
    estate.rewrite('corp.yaml', (yaml) =>
      yaml.replace('{ name: corp }', '{ name: corp, pause: { until: 2026-12-01, reason: migration } }'),
    );
    const result = await explained(estate, CORP);

    expect(result.document).toMatchObject({ paused: { until: '2026-12-01', reason: 'migration' } });
    expect(objectOf(result, 'Zone')).toMatchObject({
      state: 'not-looked-at',
      resource: null,
      ownership: { says: 'not looked at while the document is paused' },
      plan: { action: null },
      permissions: { look: [], act: [] },
    });
  });
});

describe('what is not ours', () => {
  it('T29 is its id and that it is not ours, and nothing of what hangs on it', async () => {
    const estate = await createCorp({}, false);
    const { objects } = await explained(estate, CORP);
    const RoleName = objects.find(({ id }) => id === `${CORP}/MirrorRole`)!.resource!;
    const role = { RoleName, Path: `/trueup/${OWNER}/`, AssumeRolePolicyDocument: trust({ AWS: '111122223333' }) };
    const iam = estate.account.client(IAMClient, REGION);
    await iam.send(new CreateRoleCommand({ ...role, Description: CANARY, Tags: [{ Key: 'team', Value: CANARY }] }));

    const result = await explained(estate, CORP);

    expect(objectOf(result, 'MirrorRole')).toMatchObject({
      resource: RoleName,
      state: 'present',
      ownership: { verdict: 'foreign', says: 'not ours: it carries no marker', marker: null },
      protected: null,
      onRemove: null,
      plan: { action: null, says: 'nothing: it is not ours', changes: [] },
    });
    expect(objectOf(result, 'MirrorPolicy')).toMatchObject({
      state: 'not-looked-at',
      resource: null,
      ownership: { verdict: null, says: 'not looked at: it hangs on an object that is not ours' },
    });
    expect(result.findings.map(({ code }) => code)).toContain('foreign');
    expect(shown(result)).not.toContain(CANARY);
  });
});

describe('what could not be looked at', () => {
  it('is said with the reason, and the explanation is not complete', async () => {
    const faults = parseFaults(
      JSON.stringify([{ service: 'eventbridge', command: 'DescribeRule', times: 99, fault: 'access-denied' }]),
    );
    const estate = await createCorp({ faults }, false);

    const result = await explained(estate, `${CORP}/Rule`);

    expect(result.complete).toBe(false);
    expect(objectOf(result, 'Rule')).toMatchObject({
      state: 'unknown',
      ownership: { verdict: null, says: expect.stringMatching(/^could not be looked at \(denied\): /) },
      plan: { action: null, says: 'nothing: it was not looked at' },
    });
    expect(result.next).toBe(`trueup plan --only ${CORP}`);
    expect((await explained(estate, CORP)).complete).toBe(false);
    expect((await explained(estate, `${CORP}/Zone`)).complete).toBe(true);
  });
});

describe('what nothing declares', () => {
  it('is found in the account, whole or by one object', async () => {
    const estate = await createCorp();
    estate.write('corp.yaml', mirror(estate, ['hostedZone: { private: false }'], 'other', 'other.test'));
    estate.serve('other.test', 1, 'www A 10.0.0.1');

    const whole = await explained(estate, CORP);
    const one = await explained(estate, `${CORP}/MirrorRole`);

    expect(whole).toMatchObject({ document: null, complete: true, next: 'trueup plan --out plan.json' });
    expect(whole.objects.map(({ id }) => id)).toEqual(
      ['Alarm', 'Mirror', 'MirrorLogs', 'MirrorRole', 'Plan', 'PlanLogs', 'PlanRole', 'Rule', 'Zone'].map(
        (id) => `${CORP}/${id}`,
      ),
    );
    expect(one.objects).toHaveLength(1);
    expect(one.objects[0]).toMatchObject({
      declared: false,
      ownership: {
        verdict: 'ours',
        says: 'ours: it carries our marker, and nothing declares it',
        marker: `${OWNER}/${CORP}/MirrorRole`,
      },
      protected: false,
      onRemove: 'delete',
      plan: { action: 'delete', reason: 'not-declared', says: 'delete: nothing declares it any more' },
      permissions: { act: expect.arrayContaining([expect.objectContaining({ action: 'iam:DeleteRole' })]) },
    });
    expect(objectOf(whole, 'Zone')).toMatchObject({ onRemove: 'release', plan: { action: 'release' } });
  });

  it('and the account does not have is an error with what there is', async () => {
    const estate = await createCorp();
    await expect(explained(estate, 'ZoneMirror/nope')).rejects.toMatchObject({
      code: 'TU2022',
      message: 'nothing has the address ZoneMirror/nope',
      hint: `documents: ${CORP}`,
    });
    await expect(explained(estate, `${CORP}/Nope`)).rejects.toMatchObject({
      code: 'TU2022',
      hint: expect.stringMatching(/^objects of ZoneMirror\/corp: ZoneMirror\/corp\/Zone, /),
    });
  });
});
