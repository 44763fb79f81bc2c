import { spawnSync } from 'node:child_process';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runSurvivalLocally } from '../../src/operations/survival/run-local.ts';
import { runSurvivalRemotely } from '../../src/operations/survival/run-remote.ts';
import type { RemoteRunOptions } from '../../src/operations/survival/run-remote.ts';
import { openSurvivalDoor } from '../../src/operations/survival/serve.ts';
import type { TestEstate } from '../support/estate.ts';
import { CLI } from '../support/cli-process.ts';
import { optionsOf } from '../support/survival-server.ts';
import { createSurvivalEstate, JWT } from '../support/survival-service.ts';
import { makeUpTables } from '../support/survival-tables.ts';
import type { MadeUpTables } from '../support/survival-tables.ts';

const REGION = 'eu-west-1';

async function applied(spec?: readonly string[]): Promise<TestEstate> {
  const estate = await createSurvivalEstate(spec);
  expect(await estate.apply(await estate.plan())).toMatchObject({ outcome: 'applied' });
  return estate;
}

async function ask(estate: TestEstate, tables: MadeUpTables, rest: Partial<RemoteRunOptions> = {}) {
  const endpoint = { kind: 'embedded', account: estate.account } as const;
  return runSurvivalRemotely(
    await estate.load(),
    { ...optionsOf(tables, { chunkRows: 20 }), name: 'gene-survival', ...rest },
    { endpoint },
  );
}

/** All that the account keeps of what was said: logs, names of metrics, the trail. */
async function keptBy({ account }: TestEstate): Promise<{ readonly logs: string; readonly all: string }> {
  await account.settled();
  const logs = account.client(CloudWatchLogsClient, { region: REGION });
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  const lines = await Promise.all(
    logGroups.map(async ({ logGroupName }) => {
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
      return events.map(({ message }) => message).join('\n');
    }),
  );
  const { Metrics } = await account.client(CloudWatchClient, { region: REGION }).send(new ListMetricsCommand({}));
  return {
    logs: lines.join('\n'),
    all: [...lines, JSON.stringify(Metrics), JSON.stringify(account.events())].join('\n'),
  };
}

describe('survival run by the deployed service', () => {
  it('gives the octets that the same run gives here, through signed requests', async () => {
    const tables = makeUpTables({ rows: 90, subjects: 30 });
    await runSurvivalLocally({ ...optionsOf(tables), minEvents: 5 });
    const here = readFileSync(tables.out, 'utf8');
    const result = await ask(await applied(), tables);

    expect(readFileSync(tables.out, 'utf8')).toBe(here);
    expect(result).toMatchObject({
      document: 'SurvivalService/gene-survival',
      local: false,
      rows: 90,
      chunks: { done: 5 },
    });
    expect(result.calls).toMatchObject({ ApiGatewayV2: { writes: 0 } });
  });

  it('T117 T150 nothing that it keeps names a sample, a gene or a file, or has a value', async () => {
    const tables = makeUpTables({ rows: 40, subjects: 20 });
    const estate = await applied();
    await ask(estate, tables);
    const { logs, all } = await keptBy(estate);

    expect(logs).toContain('"m":20');
    expect(all).not.toMatch(/canary|tcga/i);
    for (const value of [...tables.values.flat(), ...tables.times.filter((time) => time > 999)]) {
      expect(logs).not.toContain(`${value},`);
    }
  });

  it('its own minEvents hold', async () => {
    const tables = makeUpTables({ rows: 10, subjects: 60 });
    const { statuses } = await ask(await applied(['minEvents: 1000']), tables);

    expect(statuses).toMatchObject({ ok: 0, few_events: 10 });
  });

  it.each([
    { reason: 'a name that is none', rest: { name: 'gene-survivals' }, code: 'TU0013', hint: 'gene-survival' },
    { reason: 'a token that is not taken', rest: { token: 'x' }, code: 'TU0018', hint: '--token-env' },
  ])('$reason is refused', async ({ rest, code, hint }) => {
    const estate = await createSurvivalEstate();
    const refused = ask(estate, makeUpTables({ rows: 2, subjects: 20 }), rest);

    await expect(refused).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) });
  });

  it('what is not applied cannot be asked', async () => {
    const refused = ask(await createSurvivalEstate(), makeUpTables({ rows: 2, subjects: 20 }));
    await expect(refused).rejects.toMatchObject({ code: 'TU2040', hint: expect.stringContaining('trueup apply') });
  });

  it('a service of tokens is asked with one, and says when it does not take it', async () => {
    const estate = await applied([JWT]);
    const tables = makeUpTables({ rows: 2, subjects: 20 });

    await expect(ask(estate, tables)).rejects.toMatchObject({ code: 'TU0018' });
    await expect(ask(estate, tables, { token: 'not.a.token' })).rejects.toMatchObject({ code: 'TU2041' });
  });

  it('survival serve says where it answers, and whoever does not sign is not let in', async () => {
    const estate = await applied();
    const door = await openSurvivalDoor(await estate.load(), {
      endpoint: { kind: 'embedded', account: estate.account },
      name: 'gene-survival',
      port: 0,
    });
    const answer = await fetch(`${door.url}${door.path}`, { method: 'POST', body: '{}' });
    await door.close();

    expect(door.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w/-]+$/);
    expect(answer.status).toBe(403);
  });

  it('survival serve takes the embedded account of the environment, too, and no other endpoint', () => {
    const serve = (environment: NodeJS.ProcessEnv, ...words: string[]) => {
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [CLI, 'survival', 'serve', 'genes', '--config', '/nowhere', ...words],
        {
          encoding: 'utf8',
          env: { PATH: process.env['PATH'], ...environment },
        },
      );
      return stdout + stderr;
    };

    expect(serve({ TRUEUP_ENDPOINT: 'embedded:memory' })).toContain('the configuration directory cannot be read');
    for (const refused of [serve({}), serve({}, '--endpoint', 'http://127.0.0.1:1')]) {
      expect(refused).toContain('survival serve answers for the embedded account');
    }
  });
});
