import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import { fanOutBackfill } from '../../src/operations/fan-out/backfill.ts';
import type { FanOutBackfillOptions } from '../../src/operations/fan-out/backfill.ts';
import { fanOutVerify } from '../../src/operations/fan-out/verify.ts';
import type { FanOutVerifyOptions } from '../../src/operations/fan-out/verify.ts';
import type { Project } from '../../src/operations/project.ts';
import { createFanOutEstate, SOURCE } from './bucket-fan-out.ts';
import type { TestEstate } from './estate.ts';
import { makeBucket } from './fan-out-buckets.ts';
import { tapped } from './wiretap.ts';
import type { Attempt, TappedAccount } from './wiretap.ts';

export const SOURCE_BUCKET = 'acme-invoices';
export const COPIES = 'acme-invoices-us';

export interface FanOutEstate extends TestEstate {
  readonly project: Project;
  /** Objects of the source that were there before: no event tells of them. */
  seed(keys: Iterable<string>, size?: number): void;
  verify(options?: Partial<FanOutVerifyOptions>): ReturnType<typeof fanOutVerify>;
  backfill(options?: Partial<FanOutBackfillOptions>): ReturnType<typeof fanOutBackfill>;
}

/** An applied fan-out; default: from `acme-invoices` to `acme-invoices-us`, which is in another region. */
export async function fanOutEstate(
  spec: readonly string[] = [
    SOURCE,
    `destinations: [{ bucket: ${COPIES}, region: us-east-1 }]`,
    'filter: { suffix: .pdf }',
  ],
  others: readonly string[] = [],
): Promise<FanOutEstate> {
  const estate = await createFanOutEstate(spec);
  const { account } = estate;
  await makeBucket(account, SOURCE_BUCKET);
  await makeBucket(account, COPIES, { region: 'us-east-1' });
  for (const bucket of others) await makeBucket(account, bucket);
  expect(await estate.apply()).toMatchObject({ outcome: 'applied' });
  const project = await estate.load();
  const endpoint = { kind: 'embedded', account } as const;
  return {
    ...estate,
    project,
    seed(keys, size = 5) {
      for (const key of keys) account.putSparseObject({ bucket: SOURCE_BUCKET, key, size });
    },
    async verify(options) {
      const result = await fanOutVerify(project, { endpoint, name: 'invoices', ...options });
      expectSchema('fan-out-verify', result);
      return result;
    },
    async backfill(options) {
      const result = await fanOutBackfill(project, { endpoint, name: 'invoices', ...options });
      expectSchema('fan-out-backfill', result);
      return result;
    },
  };
}

export function keysOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `in/${String(index).padStart(6, '0')} a+b.pdf`);
}

/** A process that is killed at one of its calls: before it arrives, or before its answer is heard. */
export function doomed(account: EmbeddedAccount, nth: number, side: 'before' | 'after'): TappedAccount {
  let isDead = false;
  let heard = 0;
  return tapped(
    account,
    (_, number) => {
      isDead ||= side === 'before' && number >= nth;
      if (isDead) throw new Error('killed');
    },
    {
      answered() {
        heard += 1;
        isDead ||= side === 'after' && heard >= nth;
        if (isDead) throw new Error('killed');
      },
    },
  );
}

/** Calls of a kind. */
export function callsTo({ attempts }: Pick<TappedAccount, 'attempts'>, ...commands: readonly string[]): number {
  return attempts.filter(({ command }: Attempt) => commands.includes(command)).length;
}

export function expectSchema(name: string, document: object): void {
  const schema = JSON.parse(
    readFileSync(new URL(`../../schemas/output/${name}.schema.json`, import.meta.url), 'utf8'),
  ) as object;
  const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
  const isValid = validate(JSON.parse(JSON.stringify(document)));
  expect([isValid, validate.errors]).toStrictEqual([true, null]);
}
