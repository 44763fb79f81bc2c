import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRuleCommand, EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AcceptResult } from '../../src/engine/accept/accept.ts';
import { accept } from '../../src/operations/accept.ts';
import { createEstate, mirror } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';

const CORP = 'ZoneMirror/corp';
const REGION = { region: 'eu-west-1' };
const FILE = 'config/corp.yaml';

/** Comments, odd blanks, two documents in a file. */
function yamlOf(estate: TestEstate): string {
  const corp = mirror(estate, ['# how much', 'function:   # of both', '  memory:   256  # MB', "  timeout: '5m'"]);
  const other = mirror(estate, [], 'other', 'other.test');
  return `# head\n${other}---\n# the office\n${corp}# foot\n`;
}

async function applied(change: (yaml: string) => string = (yaml) => yaml): Promise<TestEstate> {
  const estate = await createEstate();
  estate.serve('corp.test', 5, 'www A 10.0.0.2');
  estate.serve('other.test', 5, 'www A 10.0.0.2');
  estate.write('corp.yaml', change(yamlOf(estate)));
  expect(await estate.apply()).toMatchObject({ outcome: 'applied', failed: [] });
  // Lambda takes no change while the one before is under way.
  estate.account.elapse(60_000);
  return estate;
}

async function acceptIn(estate: TestEstate, document = CORP): Promise<AcceptResult> {
  const endpoint = { kind: 'embedded', account: estate.account } as const;
  return accept(await estate.load(), { endpoint, document, cwd: estate.directory });
}

function text(estate: TestEstate): string {
  return readFileSync(join(estate.directory, FILE), 'utf8');
}

async function configure(estate: TestEstate, id: string, change: object): Promise<void> {
  const FunctionName = await estate.functionName(id);
  await estate.account.client(LambdaClient, REGION).send(new UpdateFunctionConfigurationCommand({ FunctionName, ...change }));
}

describe('what was changed by hand', () => {
  let estate: TestEstate;
  beforeEach(async () => {
    estate = await applied();
  });

  it('memory', async () => {
    const before = text(estate);
    await configure(estate, 'Mirror', { MemorySize: 512 });
    const result = await acceptIn(estate);
    console.log(JSON.stringify({a: result.accepted, n: result.notAccepted}, null, 1));
    expect(text(estate)).toBe(before.replace('memory:   256  # MB', 'memory:   512  # MB'));
  });
});
