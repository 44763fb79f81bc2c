import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../../src/aws/errors.ts';
import { tellingIfBroken } from '../../src/cli/notices.ts';
import { createOutput } from '../../src/cli/output.ts';
import { createReporter } from '../../src/cli/reporter.ts';
import type { Session } from '../../src/cli/session.ts';
import { apply } from '../../src/operations/apply.ts';
import { createEstate, mirror } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:ops';
const URL_OF_RUN = 'https://github.com/acme/infra/actions/runs/7';

async function createNotified(): Promise<TestEstate> {
  const estate = await createEstate();
  await estate.account.client(SNSClient, { region: 'eu-west-1' }).send(new CreateTopicCommand({ Name: 'ops' }));
  estate.rewrite('settings.yaml', (yaml) => `${yaml}  notify: { sns: "${TOPIC}" }\n`);
  estate.serve('corp.test', 5, 'ns1 A 10.0.0.1');
  estate.write('corp.yaml', mirror(estate));
  return estate;
}

async function sessionOf(estate: TestEstate): Promise<Session> {
  const output = createOutput({ quiet: true });
  return {
    project: await estate.load(),
    endpoint: { kind: 'embedded', account: estate.account },
    output,
    reporter: createReporter(output.progress),
  };
}

describe('an error', () => {
  const lost = new AwsError('TU2006', 'the credentials have expired: s3cret');

  it('of an apply that holds the lease is told by its code, once, and goes on', async () => {
    const estate = await createNotified();
    const run = tellingIfBroken(await sessionOf(estate), URL_OF_RUN, async (onHeld) => {
      onHeld();
      throw lost;
    });

    await expect(run).rejects.toBe(lost);
    expect(estate.account.messages(TOPIC)).toMatchObject([
      { subject: 'trueup acme-network: apply ended with TU2006', attributes: { event: 'failed' } },
    ]);
    const [{ message } = { message: '' }] = estate.account.messages(TOPIC);
    expect(message).toContain(URL_OF_RUN);
    expect(message).not.toContain('s3cret');
  });

  it('of an apply that holds none is not told', async () => {
    const estate = await createNotified();
    const run = tellingIfBroken(await sessionOf(estate), URL_OF_RUN, () => Promise.reject(lost));

    await expect(run).rejects.toBe(lost);
    expect(estate.account.messages(TOPIC)).toEqual([]);
  });
});

describe('an apply', () => {
  it('says that it holds the lease, and only where there is something to write', async () => {
    const estate = await createNotified();
    const endpoint = { kind: 'embedded', account: estate.account } as const;
    const seen: number[] = [];
    const run = async (): Promise<string | undefined> => {
      const onHeld = (): void => void seen.push(estate.writes());
      return (await apply(await estate.load(), { endpoint, onHeld })).result?.outcome;
    };

    expect([await run(), await run()]).toEqual(['applied', 'nothing']);
    expect(seen).toEqual([0]);
  });
});
