import { LambdaClient, DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { silent } from '../../src/operations/reporter.ts';
import { openFanOutVerbs } from '../support/fan-out-verbs.ts';
import { tapped } from '../support/wiretap.ts';

describe('a probe', () => {
  it.each([
    [true, []],
    [false, []],
    [true, ['replicateDeletes: true']],
    [false, ['replicateDeletes: true']],
    [true, ['filter: { prefix: 2026/, suffix: .pdf, minSize: 1KB }', 'key: { strip: 2026/ }']],
  ] as const)('arrives everywhere and is gone again (versioned: %s, %j)', async (versioned, spec) => {
    const verbs = await openFanOutVerbs(spec, { versioned });
    await verbs.put('2026/mine.pdf', 'x'.repeat(2_000));
    const before = [await verbs.versions(), await verbs.rows()];
    const result = await verbs.test();
    const isFiltered = spec.length === 2;
    const name = isFiltered ? 'trueup-probe-0a1b.pdf' : 'trueup-probe-0a1b';
    expect(result).toMatchObject({
      ok: true,
      key: isFiltered ? `2026/${name}` : name,
      left: [],
      interrupted: false,
      destinations: [
        { destination: 'acme-invoices-us', key: name, arrived: true },
        { destination: 'partner.invoices/from-acme/', key: `from-acme/${name}`, arrived: true },
      ],
    });
    for (const { seconds } of result.destinations) expect(seconds).toBeGreaterThanOrEqual(0);
    expect([await verbs.versions(), await verbs.rows()]).toStrictEqual(before);
  });

  it('that does not arrive says why, and is gone again', async () => {
    const verbs = await openFanOutVerbs();
    await verbs.shut();
    const { functionName } = verbs.told[0]!;
    await verbs.estate.account
      .client(LambdaClient, { region: 'eu-west-1' })
      .send(new DeleteFunctionCommand({ FunctionName: functionName }));
    const result = await verbs.test();
    expect(result).toMatchObject({ ok: false, left: [] });
    expect(result.destinations.map(({ arrived, why }) => [arrived, why?.split(':')[0]])).toStrictEqual([
      [false, 'its function is missing'],
      [false, 'AccessDenied'],
    ]);
    await verbs.estate.account.advance(600_000);
    await verbs.open();
    await verbs.redrive({ destinations: ['partner.invoices'] });
    expect(await verbs.versions()).toStrictEqual([]);
  });

  it('is taken away after an interruption, too', async () => {
    const verbs = await openFanOutVerbs();
    const interruption = new AbortController();
    const result = await verbs.test({
      stop: interruption.signal,
      reporter: { ...silent, onStep: () => interruption.abort() },
    });
    expect(result).toMatchObject({ interrupted: true, left: [] });
    expect([await verbs.versions(), await verbs.rows()]).toStrictEqual([[], 0]);
  });

  it('goes to all destinations, of which those are waited for that are named, and from all it is taken away', async () => {
    const verbs = await openFanOutVerbs();
    const result = await verbs.test({ destinations: ['partner.invoices'] });
    expect(result.destinations.map(({ destination }) => destination)).toStrictEqual(['partner.invoices/from-acme/']);
    expect([await verbs.versions(), await verbs.rows()]).toStrictEqual([[], 0]);
  });

  it('goes on where a destination cannot be looked at, and says which', async () => {
    const verbs = await openFanOutVerbs();
    const closed = tapped(verbs.estate.account, ({ service, command, input }) => {
      // To the verb, and not to the functions.
      if (service !== 'S3' || input['Bucket'] !== 'partner.invoices' || command === 'CopyObject') return;
      throw Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    });
    const endpoint = { kind: 'embedded', account: closed } as const;
    const unseen = [
      { destination: 'partner.invoices/from-acme/', why: expect.stringMatching(/AccessDenied/) as string },
    ];
    expect(await verbs.test({ endpoint, destinations: ['acme-invoices-us'] })).toMatchObject({
      ok: true,
      destinations: [{ destination: 'acme-invoices-us', arrived: true }],
      left: [],
      unseen,
    });
    expect(await verbs.test({ endpoint, id: '0a1c' })).toMatchObject({
      ok: false,
      destinations: [{ arrived: true }],
      unseen,
    });
    await expect(verbs.test({ endpoint, destinations: ['partner.invoices'] })).rejects.toMatchObject({
      code: 'TU2037',
    });
  });

  it('is not put where it would land on somebody’s object, deleted ones too, or nobody hears of it', async () => {
    const verbs = await openFanOutVerbs([
      'key: { replace: [{ pattern: "^trueup-probe-.*$", with: "trueup-probe-one" }] }',
    ]);
    const us = verbs.estate.account.client(S3Client, { region: 'us-east-1' });
    const where = { Bucket: 'acme-invoices-us', Key: 'trueup-probe-one' };
    const refusal = {
      code: 'TU2037',
      message: expect.stringMatching(/trueup-probe-one at acme-invoices-us/) as string,
    };
    await us.send(new PutObjectCommand({ ...where, Body: 'mine' }));
    await expect(verbs.test()).rejects.toMatchObject(refusal);
    expect(await verbs.copies()).toStrictEqual(['trueup-probe-one: mine']);
    await us.send(new DeleteObjectCommand(where));
    await expect(verbs.test()).rejects.toMatchObject(refusal);
    expect(await verbs.versions()).toStrictEqual(Array(2).fill('acme-invoices-us trueup-probe-one'));
    const deaf = await openFanOutVerbs(['events: ["s3:ObjectCreated:Copy"]']);
    await expect(deaf.test()).rejects.toMatchObject({ code: 'TU2037' });
    expect(await deaf.versions()).toStrictEqual([]);
  });

  it('is not put where a rewrite takes its name away: what is not named so nobody may delete', async () => {
    const verbs = await openFanOutVerbs(['key: { replace: [{ pattern: "^trueup.*$", with: "the-one" }] }']);
    await expect(verbs.test()).rejects.toMatchObject({
      code: 'TU2037',
      message: expect.stringMatching(/the-one/) as string,
    });
    expect(await verbs.versions()).toStrictEqual([]);
  });

  it('takes no version away that is not its own, and says that it stays', async () => {
    const verbs = await openFanOutVerbs();
    const us = verbs.estate.account.client(S3Client, { region: 'us-east-1' });
    const Key = 'trueup-probe-0a1b';
    let isPut = false;
    const result = await verbs.test({
      reporter: {
        ...silent,
        onStep: (_, text) => {
          isPut ||= text.includes('acme-invoices-us');
        },
      },
      endpoint: {
        kind: 'embedded',
        account: {
          ...verbs.estate.account,
          // Between its arrival and its removal.
          async settled() {
            await verbs.estate.account.settled();
            const there = await verbs.versions();
            if (isPut || !there.includes(`acme-invoices-us ${Key}`)) return;
            isPut = true;
            await us.send(new PutObjectCommand({ Bucket: 'acme-invoices-us', Key, Body: 'mine' }));
          },
        },
      },
      timeout: 5_000,
    });
    expect(result).toMatchObject({ ok: false, left: [{ bucket: 'acme-invoices-us', key: Key }] });
    expect(await verbs.copies()).toStrictEqual([`${Key}: mine`]);
    expect(await verbs.versions()).toStrictEqual([`acme-invoices-us ${Key}`]);
  });
});
