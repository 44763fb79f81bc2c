import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { connect } from '../../src/operations/world.ts';
import { makeApproval } from '../../src/bundle/approval.ts';
import { makeBundle } from '../../src/bundle/bundle.ts';
import type { BundleStatement } from '../../src/bundle/statement.ts';
import { readTree } from '../../src/engine/config/tree.ts';
import type { Plan } from '../../src/engine/types.ts';
import type { LoopAnswer } from '../../src/operations/loop/types.ts';
import type { Signer } from '../../src/bundle/dsse.ts';
import { kmsSigner } from '../../src/resources/signing.ts';
import { join } from 'node:path';
import { createEstate } from './estate.ts';
import type { EstateOptions, TestEstate } from './estate.ts';

export const REGION = 'eu-west-1';
export const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
export const BUCKET = 'acme-trueup';
const BUNDLE = 'estate.tar.gz';
const ADDRESS = 'ReconcileLoop/main';

export type Fields = Readonly<Record<string, unknown>>;

/** An estate that a loop holds, published and signed as `trueup publish` does. */
export interface LoopEstate extends TestEstate {
  /** Signs the configuration as it lies there and puts it where the loop reads it. */
  publish(generation: number): Promise<BundleStatement>;
  /** Signs plans for what was published last. */
  approve(plans: readonly Plan[]): Promise<void>;
  /** Runs the deployed function once; what it started goes on when the clock is turned. */
  run(event?: object): Promise<LoopAnswer>;
  /** Lines that invocations left. */
  lines(): Promise<readonly Fields[]>;
  /** The key of bundles and approvals. */
  readonly signer: Signer;
  object(key: string): Promise<Uint8Array>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

export interface LoopEstateOptions extends EstateOptions {
  readonly mode?: 'report' | 'heal' | 'apply';
  /** Further lines of the loop's spec. */
  readonly spec?: readonly string[];
  /** Further documents, by file. */
  readonly documents?: Readonly<Record<string, string>>;
}

export function loopYaml(mode: string, spec: readonly string[] = []): string {
  const lines = [
    'apiVersion: trueup/v1',
    'kind: ReconcileLoop',
    'metadata: { name: main }',
    'spec:',
    `  source: { s3: { bucket: ${BUCKET}, key: ${BUNDLE} } }`,
    `  signingKey: ${KEY}`,
    `  mode: ${mode}`,
    ...spec.map((line) => `  ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

export async function createLoopEstate(options: LoopEstateOptions = {}): Promise<LoopEstate> {
  const { mode = 'report', spec, documents = {}, ...rest } = options;
  const estate = await createEstate(rest);
  const { account } = estate;
  const role = (name: string): string => `"arn:aws:iam::111122223333:role/trueup-${name}"`;
  estate.rewrite('settings.yaml', (yaml) =>
    yaml.replace('id: "111122223333"', `id: "111122223333", planRole: ${role('plan')}, applyRole: ${role('apply')}`),
  );
  estate.write('loop.yaml', loopYaml(mode, spec));
  for (const [file, text] of Object.entries(documents)) estate.write(file, text);
  const s3 = account.client(S3Client, { region: REGION });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  account.putSigningKey(KEY);
  let last: BundleStatement | undefined;

  const aws = connect(await estate.load(), { endpoint: { kind: 'embedded', account }, role: 'apply' });
  const signer = kmsSigner(aws, { account: '111122223333', region: REGION }, KEY);

  const made: LoopEstate = {
    ...estate,
    signer,
    async publish(generation) {
      const project = await estate.load();
      const { files } = await readTree(join(estate.directory, 'config'));
      const origin = {
        owner: project.estate.firstOwner,
        commit: generation.toString(16).padStart(40, '0'),
        committedAt: '2026-11-24T09:00:00Z',
        generation,
      };
      const { bytes, statement } = await makeBundle(files, origin, signer);
      await made.put(BUNDLE, bytes);
      last = statement;
      return statement;
    },
    async approve(plans) {
      if (!last) throw new Error('nothing is published');
      const texts = plans.map((plan) => ({ digest: plan.digest, text: JSON.stringify(plan) }));
      const { bytes } = await makeApproval({ bundle: last, plans: texts, approvedAt: '2026-11-24T09:30:00Z' }, signer);
      await made.put(`${BUNDLE}.approval.json`, bytes);
    },
    async run(event = { action: 'run', document: ADDRESS }) {
      const { answer } = await account.invoke(await estate.functionName('Loop', 'main'), event, { region: REGION });
      return answer as LoopAnswer;
    },
    async lines() {
      const client = account.client(CloudWatchLogsClient, { region: REGION });
      const logGroupName = `/aws/lambda/${await estate.functionName('Loop', 'main')}`;
      const lines: Fields[] = [];
      for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) {
        for (const { message = '' } of events) if (message.startsWith('{')) lines.push(JSON.parse(message) as Fields);
      }
      return lines;
    },
    async object(key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
      return Body!.transformToByteArray();
    },
    async put(key, bytes) {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: bytes }));
    },
  };
  return made;
}
