import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { expect, it, vi } from 'vitest';
import { BUCKET, createLoopEstate, REGION } from '../support/loop-estate.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';
import { loadConfig } from '../../src/operations/project.ts';
import { join } from 'node:path';

vi.setConfig({ testTimeout: 120_000 });
const OFFICE = scheduleYaml(['every: rate(10 minutes)']);

it('R5 one PutObject right on the bundle bucket, which is the lease bucket as in the specification: rolled back, by old signatures', async () => {
  const estate = await createLoopEstate({ mode: 'heal', documents: { 'office.yaml': OFFICE } });
  estate.rewrite('settings.yaml', (y) => `${y}  lease: { bucket: ${BUCKET} }\n`);
  const { result } = await loadConfig(join(estate.directory, 'config'), { cwd: estate.directory, now: estate.account.now() });
  console.log('R5 validate says', JSON.stringify(result.errors), JSON.stringify((result as unknown as Record<string, unknown>)['warnings']));
  await estate.apply(await estate.plan());
  await estate.publish(7);
  const old = await estate.object('estate.tar.gz');
  expect(await estate.run()).toMatchObject({ outcome: 'in-line' });
  estate.rewrite('office.yaml', (yaml) => yaml.replace('rate(10 minutes)', 'rate(20 minutes)'));
  await estate.apply();
  await estate.publish(8);
  expect(await estate.run()).toMatchObject({ outcome: 'in-line', generation: 8 });
  // The attacker: may put objects into this bucket, and nothing else.
  await estate.put('estate.tar.gz', old);
  const key = 'trueup/acme-network/loop/main.json';
  const s3 = estate.account.client(S3Client, { region: REGION });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  console.log('R5 state', await Body!.transformToString());
  await estate.put(key, Buffer.from(JSON.stringify({ format: 'trueup/loop@1', inLine: {} })));
  const answer = await estate.run();
  console.log('R5', answer.outcome, answer.generation);
  // Silent for ever: a position that nobody ends.
  await estate.put(
    key,
    Buffer.from(
      JSON.stringify({
        format: 'trueup/loop@1',
        inLine: {},
        position: { id: 'x', until: 9e15, bundle: '', next: 0, invocations: 1, tally: {} },
      }),
    ),
  );
  const busy = await estate.run();
  console.log('R5 busy', busy.outcome, JSON.stringify((await estate.lines()).at(-1)));
  expect(answer.outcome).toBe('refused');
});
