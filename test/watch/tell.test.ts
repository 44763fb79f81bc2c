import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect, it, vi } from 'vitest';
import { temporaryDirectory } from '../config/tree.ts';
import { openSlack } from '../notify/fake-slack.ts';
import { CLI } from '../support/cli-process.ts';
import { createEstate } from '../support/estate.ts';
import { createWatchBench, office } from './bench.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 240_000 });

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:ops';
const PLACE = { region: 'eu-west-1' };

it('watch tells whoever Settings name, and one line says who was not told', async () => {
  const home = await temporaryDirectory();
  const file = join(home, 'account.json');
  const bench = await createWatchBench(await createEstate({ file }));
  const { account } = bench;
  const topics = account.client(SNSClient, PLACE);
  const slack = await openSlack();
  await topics.send(new CreateTopicCommand({ Name: 'ops' }));
  account.putSecret('ssm:/slack', slack.url, PLACE);
  bench.rewrite('settings.yaml', (yaml) => `${yaml}  notify: { sns: "${TOPIC}", slack: "ssm:/slack" }\n`);
  bench.write('office.yaml', office());
  bench.push();
  expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });
  const watch = (mode: string) =>
    promisify(execFile)(process.execPath, [CLI, 'watch', '--once', '--mode', mode, '--endpoint', `embedded:${file}`], {
      cwd: bench.directory,
      env: { ...process.env, XDG_STATE_HOME: home, NO_COLOR: '1' },
    });
  const heard = () => account.messages(TOPIC).map(({ attributes, subject }) => `${attributes['event']}: ${subject}`);

  await watch('heal');
  expect(heard()).toEqual([]);

  await bench.tamper();
  await watch('report');
  const { stdout } = await watch('heal');
  expect(stdout).toContain('1 change healed');
  const all = [
    'drift-opened: trueup acme-network: 1 object drifted',
    'applied: trueup acme-network: 1 change healed',
    'drift-gone: trueup acme-network: no drift any more',
  ];
  expect(heard().toSorted()).toEqual(all.toSorted());
  expect(slack.posts.map(({ body }) => body.text).toSorted()).toEqual([
    'acme-network: 1 change healed',
    'acme-network: 1 object drifted',
    'acme-network: no drift any more',
  ]);

  await topics.send(new DeleteTopicCommand({ TopicArn: TOPIC }));
  await bench.tamper();
  const { stderr } = await watch('heal');
  expect(stderr).toMatch(/^the topic of spec\.notify\.sns was not told: NotFound/m);
  expect(await bench.pace()).toBe('rate(10 minutes)');
});
