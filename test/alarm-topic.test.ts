import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { Finding, Plan } from '../src/engine/types.ts';
import { allow, document, trust } from './support/embedded-iam.ts';
import { createEstate, mirror } from './support/estate.ts';
import type { EstateOptions, TestEstate } from './support/estate.ts';

const REGION = 'eu-west-1';
const HOME = '111122223333';
const PARTNER = '444455556666';
const DOCUMENTS = ['InstanceSchedule/office', 'ZoneMirror/corp'];

function arnOf(account: string, region = REGION): string {
  return `arn:aws:sns:${region}:${account}:ops`;
}

const SCHEDULE =
  'apiVersion: trueup/v1\nkind: InstanceSchedule\nmetadata: { name: office }\nspec: { tagKey: Office }\n';

/** A document of each kind that makes an alarm, and Settings that name a topic, or none. */
async function createAlarmed(topic: string | undefined, options: EstateOptions = {}): Promise<TestEstate> {
  const estate = await createEstate(options);
  estate.serve('corp.test', 5, 'ns1 A 10.0.0.1\nwww A 10.0.0.2');
  estate.write('corp.yaml', mirror(estate));
  estate.write('office.yaml', SCHEDULE);
  if (topic !== undefined) estate.rewrite('settings.yaml', (yaml) => `${yaml}  notify: { sns: "${topic}" }\n`);
  return estate;
}

async function makeTopic({ account }: TestEstate, id = HOME, region = REGION): Promise<void> {
  await account.client(SNSClient, { region, account: id }).send(new CreateTopicCommand({ Name: 'ops' }));
}

/** Findings about topics, of all documents. */
function saidOfTopics({ documents }: Plan): readonly Finding[] {
  return documents.flatMap(({ findings }) => findings).filter(({ code }) => code.includes('topic'));
}

function asked({ account }: TestEstate): number {
  return account.calls()['sns']?.reads ?? 0;
}

/** The plan role of an account, which may do what is listed. */
async function createPlanRole({ account }: TestEstate, id: string, ...statements: readonly object[]): Promise<void> {
  const iam = account.client(IAMClient, { region: REGION, account: id });
  const RoleName = 'trueup-plan';
  const AssumeRolePolicyDocument = trust({ AWS: HOME });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = document(...statements);
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'plan', PolicyDocument }));
}

describe('the topic that alarms are to tell', () => {
  it('is not asked for where Settings name none', async () => {
    const estate = await createAlarmed(undefined);

    expect(saidOfTopics(await estate.plan())).toEqual([]);
    expect(asked(estate)).toBe(0);
  });

  it('is asked for once in a plan, and nothing is said where it exists', async () => {
    const estate = await createAlarmed(arnOf(HOME));
    await makeTopic(estate);

    const plan = await estate.plan();

    expect(saidOfTopics(plan)).toEqual([]);
    expect(plan).toMatchObject({ complete: true });
    expect(asked(estate)).toBe(1);
  });

  it('is missed by every document whose alarm would tell nobody, and the plan is applied', async () => {
    const estate = await createAlarmed(arnOf(HOME));

    const plan = await estate.plan();

    expect(saidOfTopics(plan)).toEqual(
      DOCUMENTS.map((address) => ({
        document: address,
        code: 'no-such-topic',
        severity: 'warning',
        message: `the topic ${arnOf(HOME)} does not exist: the alarm would tell nobody`,
        hint: `in account ${HOME}: aws sns create-topic --name ops --region ${REGION}; or correct spec.notify.sns of Settings`,
      })),
    );
    expect(asked(estate)).toBe(1);
    expect(await estate.apply(plan)).toMatchObject({ outcome: 'applied', failed: [] });

    await makeTopic(estate);
    expect(saidOfTopics(await estate.plan())).toEqual([]);
  });

  it('in another region blocks, unasked, where CloudWatch would refuse the alarm', async () => {
    const estate = await createAlarmed(arnOf(HOME, 'us-east-1'));
    await makeTopic(estate, HOME, 'us-east-1');
    estate.write('far.yaml', SCHEDULE.replace('office', 'far').replace('tagKey', 'region: us-east-1, tagKey'));

    const said = saidOfTopics(await estate.plan());

    expect(said.map((finding) => finding.document)).toEqual(DOCUMENTS);
    for (const finding of said) {
      expect(finding).toMatchObject({ code: 'topic-elsewhere', severity: 'blocks' });
      expect(finding.message).toMatch(/ops, which is in us-east-1, .* an alarm in eu-west-1 that does$/);
    }
    expect(asked(estate)).toBe(1);
  });

  it('in another account of Settings is looked at there', async () => {
    const estate = await createAlarmed(arnOf(PARTNER));
    await createPlanRole(estate, PARTNER, allow('*'));

    expect(saidOfTopics(await estate.plan()).map(({ code }) => code)).toEqual(['no-such-topic', 'no-such-topic']);
    await makeTopic(estate, PARTNER);
    expect(saidOfTopics(await estate.plan())).toEqual([]);
  });

  it.each([
    ['may not be looked at', PARTNER, /AuthorizationErrorException: .*sns:GetTopicAttributes/, 1],
    ['is in an account that Settings do not declare', '777788889999', /account 777788889999 is not declared/, 0],
  ])('is said not to be checked where it %s, and the plan stays complete', async (_what, id, why, calls) => {
    const estate = await createAlarmed(arnOf(id));
    await createPlanRole(estate, PARTNER, allow('tag:GetResources'), allow('iam:ListRoles'));

    const plan = await estate.plan();

    expect(plan).toMatchObject({ complete: true });
    const said = saidOfTopics(plan);
    expect(said.map((finding) => finding.document)).toEqual(DOCUMENTS);
    for (const finding of said) {
      expect(finding).toMatchObject({ code: 'topic-not-checked', severity: 'info' });
      expect(finding.message).toMatch(why);
      expect(finding.hint).toContain(`allow sns:GetTopicAttributes to the plan role of account ${id}`);
    }
    expect(asked(estate)).toBe(calls);
  });

  it('is said not to be checked while SNS throttles', async () => {
    const faults = [{ service: 'sns', command: '*', times: 1000, fault: 'throttle' }] as const;
    const estate = await createAlarmed(arnOf(HOME), { faults });

    const plan = await estate.plan();

    expect(plan).toMatchObject({ complete: true });
    expect(saidOfTopics(plan)).toHaveLength(DOCUMENTS.length);
    const [finding] = saidOfTopics(plan);
    expect(finding).toMatchObject({ code: 'topic-not-checked', severity: 'info' });
    expect(finding!.message).toContain('Rate exceeded');
    expect(finding!.hint).toMatch(/^try again, or look yourself: .*:ops$/);
  });

  it('is said not to be checked in an account of Settings that names no role', async () => {
    const estate = await createAlarmed(arnOf(PARTNER));
    estate.rewrite('settings.yaml', (yaml) => yaml.replace(/^ {4}partner: .*$/m, `    partner: { id: "${PARTNER}" }`));

    const [finding] = saidOfTopics(await estate.plan());

    expect(finding).toMatchObject({
      code: 'topic-not-checked',
      message: expect.stringContaining('planRole') as string,
    });
  });
});
