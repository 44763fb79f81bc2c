import { join } from 'node:path';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  DeleteRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { describe, expect, it, vi } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import { schedule } from '../support/github/events.ts';
import { scheduleOf, SETTINGS } from '../support/loop.ts';
import { openWorkshop } from '../github/step.ts';
import { openSlack } from './fake-slack.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 240_000 });

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:ops';
const REGION = { region: 'eu-west-1' };
const NOTIFY = `  notify: { sns: "${TOPIC}", slack: "ssm:/slack" }\n`;

async function deleteRule(account: EmbeddedAccount): Promise<void> {
  const client = account.client(EventBridgeClient, REGION);
  const { Rules = [] } = await client.send(new ListRulesCommand({}));
  for (const { Name = '' } of Rules) {
    const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: Name }));
    await client.send(new RemoveTargetsCommand({ Rule: Name, Ids: Targets.map(({ Id = '' }) => Id) }));
    await client.send(new DeleteRuleCommand({ Name }));
  }
}

describe('drift', () => {
  it('is told when its issue is opened, taken up again or closed, and not in between', async () => {
    const shop = await openWorkshop({
      'config/settings.yaml': `${SETTINGS}${NOTIFY}`,
      'config/a.yaml': scheduleOf('a'),
    });
    const slack = await openSlack();
    const opened = async <Result>(work: (account: EmbeddedAccount) => Promise<Result>): Promise<Result> => {
      const account = openEmbedded(join(shop.temp, 'account.json'));
      try {
        return await work(account);
      } finally {
        account.close();
      }
    };
    const told = (): Promise<readonly string[]> =>
      opened(async (account) => account.messages(TOPIC).map(({ attributes }) => attributes['event'] ?? ''));
    const look = () => shop.step(schedule(shop.github), ['drift', '--issue']);
    const apply = () => shop.step(schedule(shop.github), ['apply', '--yes', '--unreviewed']);
    await opened(async (account) => {
      await account.client(SNSClient, REGION).send(new CreateTopicCommand({ Name: 'ops' }));
      account.putSecret('ssm:/slack', slack.url, REGION);
    });

    expect(await apply()).toMatchObject({ exit: 0 });
    await look();
    expect(await told()).toEqual(['applied']);

    await opened(deleteRule);
    await look();
    await look();
    expect(await told()).toEqual(['applied', 'drift-opened']);
    const [, message] = await opened(async (account) => account.messages(TOPIC));
    expect(message!.subject).toBe('trueup acme-network: 1 of 1 document drifted');
    expect(message!.message).toMatch(/\n- InstanceSchedule\/a: \d objects? gone\n/);
    expect(message!.message).toMatch(/\/issues\/1\n/);

    await apply();
    await look();
    expect(await told()).toEqual(['applied', 'drift-opened', 'applied', 'drift-gone']);

    await opened(deleteRule);
    const { stderr } = await shop.step(schedule(shop.github), ['drift']);
    expect(stderr).not.toContain('was not told');
    await look();
    expect(await told()).toEqual(['applied', 'drift-opened', 'applied', 'drift-gone', 'drift-opened']);
    expect(slack.posts.map(({ body }) => body.text)).toEqual([
      expect.stringMatching(/changes applied$/) as string,
      'acme-network: 1 of 1 document drifted',
      expect.stringMatching(/changes? applied$/) as string,
      'acme-network: no drift any more',
      'acme-network: 1 of 1 document drifted',
    ]);
  });
});
