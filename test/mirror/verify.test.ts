import { DeleteFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import type { VerifyResult } from '../../src/engine/types.ts';
import { frame } from '../../src/dns/wire/frames.ts';
import { verify } from '../../src/operations/verify.ts';
import { NETWORK, RECORDS, REGION, TSIG, createMirrorBench, sharedMirrorBench } from '../support/mirror-bench.ts';
import type { MirrorBench } from '../support/mirror-bench.ts';
import { reply } from '../support/wire.ts';

async function verified({ estate }: MirrorBench): Promise<VerifyResult> {
  const writes = estate.writes();
  const result = await verify(await estate.load(), { endpoint: { kind: 'embedded', account: estate.account } });
  expect(estate.writes()).toBe(writes);
  return result;
}

function shown({ checks }: VerifyResult): string[] {
  return checks.map(({ name, ok }) => `${name}: ${ok ? 'ok' : 'no'}`);
}

function detail({ checks }: VerifyResult, name: string): string {
  return checks.find((check) => check.name === name)?.detail ?? '';
}

describe('verify', () => {
  const shared = sharedMirrorBench({ spec: [NETWORK, TSIG] });

  it('where all is well: every check, what the primary has to admit, and nothing is written', async () => {
    const result = await verified(shared());

    expect(result.ok).toBe(true);
    const checks = ['function', 'network', 'primary', 'transfer', 'route-53', 'records', 'answers'];
    expect(shown(result)).toEqual(checks.map((name) => `${name}: ok`));
    expect(detail(result, 'network')).toContain('10.0.1.0/24, 10.0.2.0/24');
    expect(detail(result, 'network')).toContain('allow-transfer { key "xfr-key"; };');
    expect(detail(result, 'answers')).toMatch(/^3 answers/);
  });

  it('where the primary refuses the transfer: which check, and what to look at', async () => {
    const bench = shared();
    bench.primary.misbehave((query) =>
      query.question?.type === 252 ? [frame(reply(query, [], { flags: 0x8405 }))] : undefined,
    );

    const result = await verified(bench);
    bench.primary.misbehave(undefined);

    expect(result.ok).toBe(false);
    expect(shown(result)).toEqual(['function: ok', 'network: ok', 'primary: ok', 'transfer: no', 'route-53: ok']);
    expect(detail(result, 'transfer')).not.toBe('');
  });

  it('where the primary is silent: said, in time', async () => {
    const bench = shared();
    bench.primary.misbehave(() => ['reset']);
    const result = await verified(bench);
    bench.primary.misbehave(undefined);

    expect(shown(result)).toContain('primary: no');
    expect(shown(result)).toContain('route-53: ok');
  });

  it('where clients of the mirror hear something else: the names', async () => {
    const bench = shared();
    const www = (Value: string) => ({ Name: 'www.z.test', Type: 'A', TTL: 300, ResourceRecords: [{ Value }] }) as const;
    await bench.change('UPSERT', { ...www('10.6.6.6'), ResourceRecords: [{ Value: '10.6.6.6' }] });

    const result = await verified(bench);

    expect(shown(result)).toContain('answers: no');
    expect(detail(result, 'answers')).toBe('1 of 3 answers of the mirror are not those of the primary: www.z.test. A');
    await bench.change('UPSERT', { ...www('10.0.0.2'), ResourceRecords: [{ Value: '10.0.0.2' }] });
    expect((await verified(bench)).ok).toBe(true);
  });

  it('where there is no function: that, and the next command', async () => {
    const bench = shared();
    const FunctionName = await bench.estate.functionName('Plan');
    await bench.estate.account.client(LambdaClient, REGION).send(new DeleteFunctionCommand({ FunctionName }));

    const result = await verified(bench);

    expect([result.ok, shown(result)]).toEqual([false, ['function: no']]);
    expect(detail(result, 'function')).toContain('trueup apply');
  });
});

it.each([
  { mode: 'live', next: 'the next run' },
  { mode: 'reviewed', next: 'the next apply' },
])('says who brings what the primary has new, of a mirror in $mode mode', async ({ mode, next }) => {
  const bench = await createMirrorBench({ spec: [`records: ${mode}`] });
  bench.primary.serve(6, [...RECORDS, 'new 300 A 10.0.0.9']);

  const result = await verified(bench);

  expect(result.ok).toBe(true);
  expect(detail(result, 'records')).toContain(`${next} brings 1 to add`);
});

describe('verify of a public zone', () => {
  it('asks one of its name servers', async () => {
    const bench = await createMirrorBench({ spec: ['hostedZone: { private: false }'] });

    const result = await verified(bench);

    expect(shown(result)).toEqual([
      'function: ok',
      'primary: ok',
      'transfer: ok',
      'route-53: ok',
      'records: ok',
      'answers: ok',
    ]);
  });
});
