import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect, it } from 'vitest';
import { scheduleOf } from '../support/loop.ts';
import { expectSuccess, openStage } from '../support/stage.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:ops';
const FILE = 'config/a.yaml';

it('what was reviewed and merged is told as the workflows do it: applied, refused', { timeout: 600_000 }, async () => {
  const stage = await openStage({ settings: `  notify: { sns: "${TOPIC}" }\n` });
  const { github } = stage;
  await stage.within((account) =>
    account.client(SNSClient, { region: 'eu-west-1' }).send(new CreateTopicCommand({ Name: 'ops' })),
  );
  const told = () => stage.within(async (account) => account.messages(TOPIC));

  const first = github.openPull({ files: { [FILE]: scheduleOf('a') } }).number;
  expectSuccess(await stage.planned(first));
  expect(await told()).toEqual([]);
  github.merge(first);
  expectSuccess(await stage.applied());

  const [applied, ...rest] = await told();
  expect(rest).toEqual([]);
  expect(applied).toMatchObject({ attributes: { event: 'applied', owner: 'acme-network' } });
  expect(applied!.message).toMatch(new RegExp(`Applied: (\\d+) of \\1\\. Plan [0-9a-f]{8} of #${first}\\.`));
  expect(applied!.message).toMatch(/\/actions\/runs\/\d+\n/);

  const second = github.openPull({ files: { [FILE]: scheduleOf('a', { memory: 512 }) } }).number;
  expectSuccess(await stage.planned(second));
  await stage.tamper(1024);
  github.merge(second);
  expect((await stage.applied()).conclusion).toBe('failure');

  const [, failed] = await told();
  expect(failed).toMatchObject({
    subject: 'trueup acme-network: not applied as reviewed',
    attributes: { event: 'failed' },
  });
  expect(failed!.message).toContain('- InstanceSchedule/a: not as reviewed');
});
