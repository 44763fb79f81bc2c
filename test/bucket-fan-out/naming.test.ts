import { describe, expect, it } from 'vitest';
import { invoke } from '../../src/operations/invoke.ts';
import { createFanOutEstate, fanOutYaml, SOURCE, US } from '../support/bucket-fan-out.ts';
import type { TestEstate } from '../support/estate.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';

async function applied(spec: readonly string[]): Promise<TestEstate> {
  const estate = await createFanOutEstate(spec);
  await makeBucket(estate.account, 'acme-invoices');
  await makeBucket(estate.account, 'acme-other');
  await makeBucket(estate.account, 'acme.archive');
  await makeBucket(estate.account, 'acme-invoices-us', { region: 'us-east-1' });
  expect(await estate.apply()).toMatchObject({ outcome: 'applied' });
  return estate;
}

describe('a function of a fan-out', () => {
  it('is called by its destination’s bucket, and by bucket and prefix where two are in one', async () => {
    const estate = await applied([
      SOURCE,
      'destinations: [{ bucket: acme-invoices-us, region: us-east-1 }, { bucket: acme.archive, prefix: a/ }, { bucket: acme.archive, prefix: b/ }]',
    ]);
    const endpoint = { kind: 'embedded', account: estate.account } as const;
    const project = await estate.load();
    const run = (name?: string) =>
      invoke(project, {
        endpoint,
        document: 'BucketFanOut/invoices',
        event: { Records: [] },
        ...(name !== undefined && { function: name }),
      });
    const names = await Promise.all(['acme-invoices-us', 'acme.archive/a/', 'acme.archive/b/'].map(run));
    expect(new Set(names.map((one) => one.function)).size).toBe(3);
    const hint = '--function, one of: acme-invoices-us, acme.archive/a/, acme.archive/b/';
    await expect(run('acme.archive')).rejects.toMatchObject({ code: 'TU2032', hint });
    await expect(run()).rejects.toMatchObject({ code: 'TU2032', hint });
  });
});

describe('a name that a field of the document gives', () => {
  it.each<[string, readonly string[], string, string]>([
    ['the topic', [SOURCE, US, 'topic: other'], 'spec.topic cannot', 'topic: acme-invoices-fanout'],
    ['the table', [SOURCE, US, 'ledger: { table: other }'], 'spec.ledger.table cannot', 'table: invoices-ledger-'],
    ['the source', ['source: { bucket: acme-other }', US], 'spec.source.bucket or spec.topic', 'beside this one'],
    [
      'the source, though the topic keeps its name',
      ['source: { bucket: acme-other }', 'topic: acme-invoices-fanout', US],
      'spec.source.bucket cannot be changed in place: what is there copies from acme-invoices',
      'put bucket: acme-invoices back',
    ],
  ])('is fixed once it is made: %s', async (_what, spec, message, hint) => {
    const estate = await applied([SOURCE, US]);
    estate.write('invoices.yaml', fanOutYaml(spec));
    const [plan] = (await estate.plan()).documents;
    const blocking = plan!.findings.filter(({ severity }) => severity === 'blocks');
    expect(blocking.map(({ code }) => code)).toStrictEqual(['name-fixed']);
    expect(blocking[0]!.message.startsWith(message)).toBe(true);
    expect(blocking[0]!.hint).toContain(hint);
    expect(blocking[0]!.hint).not.toContain('formerly');
  });
});

describe('a topic for alarms in another region', () => {
  it('is said of the field that names it', async () => {
    const estate = await createFanOutEstate([SOURCE, US, 'alarms: { sns: "arn:aws:sns:us-east-1:111122223333:ops" }']);
    await makeBucket(estate.account, 'acme-invoices');
    await makeBucket(estate.account, 'acme-invoices-us', { region: 'us-east-1' });
    const { findings } = (await estate.plan()).documents[0]!;
    expect(findings.find(({ code }) => code === 'topic-elsewhere')?.hint).toBe(
      'name a topic in eu-west-1 in spec.alarms.sns, or take it out',
    );
  });
});
