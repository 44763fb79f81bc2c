import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it, vi } from 'vitest';
import { createDesk, EMBEDDED } from '../support/cli-process.ts';
import { fanOutYaml } from '../support/bucket-fan-out.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';
import { expectSchema, keysOf } from '../support/fan-out-estate.ts';

vi.setConfig({ testTimeout: 300_000 });

it('verifies, foretells, is killed, goes on, and verifies again', async () => {
  const desk = await createDesk([]);
  desk.write('config/s3/invoices.yaml', fanOutYaml());
  const account = desk.open();
  await makeBucket(account, 'acme-invoices');
  await makeBucket(account, 'acme-invoices-us', { region: 'us-east-1' });
  for (const key of keysOf(230)) account.putSparseObject({ bucket: 'acme-invoices', key, size: 5 });
  account.close();
  expect(await desk.converge()).toStrictEqual({ converged: true, left: 0 });

  const missing = await desk.run(`fan-out verify invoices ${EMBEDDED}`);
  expect(missing.exit).toBe(1);
  expect(missing.stdout).toMatch(
    /^BucketFanOut\/invoices\n {2}± acme-invoices-us {2}0 of 230 objects equal\n {4}missing: 230\n/,
  );
  expect(missing.stdout).toContain('and 210 more');
  expect(missing.stdout).toContain('trueup fan-out backfill invoices');
  expect(missing.stdout).toMatch(/Verify: 1 destination, 230 missing\. +exit 1\n$/);

  const dry = await desk.run(`fan-out backfill invoices --dry-run ${EMBEDDED}`);
  expect(dry.exit).toBe(0);
  expect(dry.stdout).toContain('+ acme-invoices-us  230 objects, 1.2 KB, 1.2 KB of it to another region');
  expect(dry.stdout).toContain('12 messages of work; 1,616 requests: S3 460, DynamoDB 1,154, SQS 2');
  expect(dry.stdout).toMatch(/Backfill: 230 objects would be copied; nothing was done\.\n$/);

  const crash = [{ service: 'sqs', command: 'SendMessageBatch', nth: 1, fault: 'crash-after' }];
  const killed = await desk.run(`fan-out backfill invoices ${EMBEDDED}`, {
    env: { TRUEUP_FAULTS: JSON.stringify(crash) },
  });
  expect(killed.signal).toBe('SIGKILL');
  // Here the functions died with it, and what they had received comes back when its time is over.
  const between = desk.open();
  await between.advance(3_600_000);
  between.close();

  const filled = await desk.run(`fan-out backfill invoices ${EMBEDDED} --format json --out result.json`);
  expect([filled.exit, filled.stderr]).toStrictEqual([0, expect.stringContaining('acme-invoices-us  30 objects')]);
  expect(filled.stderr).toContain('goes on with the run of');
  const result = JSON.parse(filled.stdout) as object;
  expectSchema('fan-out-backfill', result);
  expect(result).toMatchObject({ ok: true, outcome: 'done', destinations: [{ sent: 30, resumed: { sent: 0 } }] });
  expect(existsSync(join(desk.directory, 'result.json'))).toBe(true);
  expect(JSON.parse(readFileSync(join(desk.directory, 'result.json'), 'utf8'))).toStrictEqual(result);

  const whole = await desk.run(`fan-out verify BucketFanOut/invoices --format markdown ${EMBEDDED}`);
  expect(whole.exit).toBe(0);
  expect(whole.stdout).toMatch(/^### trueup fan-out verify\n/);
  expect(whole.stdout).toContain('= acme-invoices-us  230 of 230 objects equal');

  const strange = desk.open();
  await strange
    .client(S3Client, { region: 'us-east-1' })
    .send(new PutObjectCommand({ Bucket: 'acme-invoices-us', Key: 'strange\n::error::x.pdf', Body: 'x' }));
  strange.close();
  const extra = await desk.run(`fan-out verify invoices --format ndjson ${EMBEDDED}`);
  expect(extra.exit).toBe(1);
  expect(JSON.parse(extra.stdout.split('\n')[0] ?? '')).toMatchObject({ format: 'trueup/fan-out-verify@1' });
  const shown = await desk.run(`fan-out verify invoices ${EMBEDDED}`);
  expect(shown.stdout).not.toMatch(/^::error/m);

  const unknown = await desk.run(`fan-out verify invoice --format json ${EMBEDDED}`);
  expect(unknown.exit).toBe(64);
  expect(JSON.parse(unknown.stdout)).toMatchObject({
    format: 'trueup/error@1',
    error: { code: 'TU0012', hint: 'did you mean invoices?' },
  });
});
