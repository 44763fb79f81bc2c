import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import { verify } from '../src/operations/verify.ts';
import { createEstate, mirror } from './support/estate.ts';
import type { TestEstate } from './support/estate.ts';

const REGION = { region: 'eu-west-1' };
const BODY = 'ns1 A 10.0.0.1\nwww A 10.0.0.2\nvpn A 10.0.0.3\n* TXT "wild"';
const MINUTE = 60_000;

async function deployed(spec: readonly string[] = [], body = BODY): Promise<TestEstate> {
  const estate = await createEstate();
  estate.serve('corp.test', 5, body);
  estate.write('corp.yaml', mirror(estate, spec));
  const result = await estate.apply(await estate.plan());
  expect(result).toMatchObject({ outcome: 'applied', failed: [] });
  return estate;
}

async function logOf(estate: TestEstate): Promise<Record<string, unknown>[]> {
  const client = estate.account.client(CloudWatchLogsClient, REGION);
  const logGroupName = `/aws/lambda/${await estate.functionName('Mirror')}`;
  const { events = [] } = await client.send(new FilterLogEventsCommand({ logGroupName }));
  return events
    .map(({ message = '' }) => message)
    .filter((message) => message.startsWith('{"_aws"'))
    .map((message) => JSON.parse(message) as Record<string, unknown>);
}

describe('the mirror function, started by its rule', () => {
  it('mirrors what the primary serves, in its worker, with the rights of its role', async () => {
    const estate = await deployed();
    estate.serve('corp.test', 6, `${BODY}\nnew A 10.0.0.9`);

    await estate.account.advance(16 * MINUTE);

    const lines = await logOf(estate);
    expect(lines).toMatchObject([
      { outcome: 'mirrored', serialFrom: 5, serialTo: 6, Added: 1, Removed: 0, Blocked: 0 },
    ]);
  });
});

describe('the function that only looks', () => {
  it('compares no answers of a private zone where it stands outside of every VPC', async () => {
    const estate = await deployed();

    const { ok, checks } = await verify(await estate.load(), {
      endpoint: { kind: 'embedded', account: estate.account },
    });

    expect(checks.map(({ name }) => name)).not.toContain('answers');
    expect(ok).toBe(true);
  });
});
