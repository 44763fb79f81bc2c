import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it, vi } from 'vitest';
import { policyIn } from '../../src/iam/files.ts';
import { iamGrowth } from '../../src/iam/growth.ts';
import type { NoticeFault } from '../../src/notify/notice.ts';
import { iam } from '../../src/operations/iam.ts';
import { notify } from '../../src/operations/notify.ts';
import { openSlack } from '../notify/fake-slack.ts';
import { actAs } from '../support/act-as.ts';
import {
  allowsOf,
  createExample,
  HOME,
  loopOf,
  makeRoles,
  PARTNER,
  policiesOf,
  roleArn,
  troubles,
  withoutStatement,
} from '../support/generated-roles.ts';
import type { Change } from '../support/generated-roles.ts';
import type { TestEstate } from '../support/estate.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const REGION = { region: 'eu-west-1' };
const TOPIC = `arn:aws:sns:eu-west-1:${HOME}:ops`;
const NOTICE = {
  event: 'drift-opened',
  estate: 'acme-network',
  title: '1 of 3 documents drifted',
  lines: [],
  at: '2026-11-24T10:00:00Z',
  documents: [],
} as const;

/** The example, whose Settings name a topic and Slack, with the roles that are printed for it. */
async function createTold(change?: Change, topic = TOPIC): Promise<TestEstate> {
  const twoAccounts = topic !== TOPIC;
  const estate = await createExample(twoAccounts ? { twoAccounts } : {});
  const slack = await openSlack();
  const account = topic === TOPIC ? HOME : PARTNER;
  await estate.account.client(SNSClient, { ...REGION, account }).send(new CreateTopicCommand({ Name: 'ops' }));
  estate.account.putSecret('ssm:/slack', slack.url, REGION);
  estate.rewrite('settings.yaml', (yaml) => `${yaml}\n  notify: { sns: "${topic}", slack: "ssm:/slack" }\n`);
  await makeRoles(estate, await policiesOf(estate), change);
  return estate;
}

/** Who is not told by a session of the role. */
async function deaf(estate: TestEstate, role: 'plan' | 'apply'): Promise<readonly NoticeFault['to'][]> {
  const account = await actAs(estate.account, roleArn(HOME, role));
  const faults = await notify(await estate.load(), NOTICE, { endpoint: { kind: 'embedded', account }, role });
  return faults.map(({ to }) => to);
}

describe('the policies that are printed where Settings name a topic and Slack', () => {
  it('let the plan role publish on it, the apply role do both, and suffice for the rest as before', async () => {
    const estate = await createTold();
    expect([await deaf(estate, 'plan'), await deaf(estate, 'apply')]).toEqual([['slack'], []]);
    expect(estate.account.messages(TOPIC)).toHaveLength(2);

    const loop = await loopOf(estate);
    const plan = await loop.plan();
    expect([troubles(plan), await loop.applied(plan), await loop.looked()]).toEqual([[], [], []]);
  });

  it.each([
    ['plan', 'TellTopic', ['sns', 'slack']],
    ['apply', 'TellTopic', ['sns']],
    ['apply', 'ReadSecrets', ['slack']],
  ] as const)('of the %s role %s is needed', async (role, sid, expected) => {
    expect(await deaf(await createTold(withoutStatement(sid, role)), role)).toEqual(expected);
  });

  it('name the topic and the secret, and nothing else of their kind; T61 the plan role reads none', async () => {
    const { plan, apply, findings } = iam(await (await createTold()).load());
    const of = (policy: typeof plan, action: RegExp): readonly unknown[] =>
      allowsOf(policyIn(policy, 'prod'))
        .filter(({ Action }) => Action.some((one) => action.test(one)))
        .map(({ Action, Resource }) => [Action, Resource]);

    const topic = [['sns:GetTopicAttributes', 'sns:Publish'], [TOPIC]];
    expect([of(plan, /^sns:/), of(apply, /^sns:/)]).toEqual([[topic], [topic]]);
    expect(of(apply, /^(?:ssm|secretsmanager):/)).toEqual([
      [['ssm:GetParameter'], [`arn:aws:ssm:eu-west-1:${HOME}:parameter/slack`]],
    ]);
    expect(of(plan, /^(?:ssm|secretsmanager|kms):/)).toEqual([]);
    expect(findings.filter(({ code }) => code === 'slack-not-for-plan')).toMatchObject([
      { severity: 'info', hint: 'the topic hears of it' },
    ]);
  });

  it('let whoever becomes a role of another account publish there', async () => {
    const estate = await createTold(undefined, TOPIC.replace(HOME, PARTNER));
    expect([await deaf(estate, 'plan'), await deaf(estate, 'apply')]).toEqual([['slack'], []]);
    expect(estate.account.messages(TOPIC.replace(HOME, PARTNER))).toHaveLength(2);
  });

  it('of an account of none of Settings, or without a role there, are none', async () => {
    const estate = await createTold();
    estate.rewrite('settings.yaml', (yaml) => yaml.replace(`sns:eu-west-1:${HOME}`, 'sns:eu-west-1:999988887777'));
    const { plan, apply } = iam(await estate.load());
    expect(JSON.stringify([plan, apply])).not.toContain('sns:Publish');
  });

  it('grow by what a change of Settings adds', async () => {
    const estate = await createTold();
    const after = await estate.load();
    estate.rewrite('settings.yaml', (yaml) => yaml.replace(/^ {2}notify: .*\n/m, ''));
    const { added, taken } = iamGrowth(await estate.load(), after);
    expect(
      added.map(({ role, action }) => `${role} ${action}`).filter((one) => !one.endsWith('GetTopicAttributes')),
    ).toEqual(['apply kms:Decrypt', 'apply sns:Publish', 'plan sns:Publish', 'apply ssm:GetParameter']);
    expect(taken).toEqual([]);
  });
});
