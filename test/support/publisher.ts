import { AttachRolePolicyCommand, CreatePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import { PublishError } from '../../src/operations/errors.ts';
import type { Endpoint } from '../../src/operations/endpoint.ts';
import type { Project } from '../../src/operations/project.ts';
import { NOW } from '../config/tree.ts';
import { allow, document, trust } from './embedded-iam.ts';
import { createRepository } from './repository.ts';
import type { Repository } from './repository.ts';

export const REGION = { region: 'eu-west-1' } as const;
export const BUCKET = 'acme-trueup';
export const BUNDLE = 'estate.tar.gz';
export const APPROVAL = 'estate.tar.gz.approval.json';
export const SIGNING_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
export const OTHER_SIGNING_KEY = 'arn:aws:kms:eu-west-1:111122223333:key/ffffabcd-12ab-34cd-56ef-1234567890ab';

/** With both roles. */
export const PUBLISHER_SETTINGS: string = `apiVersion: trueup/v1
kind: Settings
metadata: { name: estate }
spec:
  owner: acme-network
  accounts:
    prod:
      id: "111122223333"
      planRole: arn:aws:iam::111122223333:role/trueup-plan
      applyRole: arn:aws:iam::111122223333:role/trueup-apply
  defaultAccount: prod
  defaultRegion: eu-west-1
  permissionsBoundary: trueup-boundary
`;

/** A loop, with lines of its spec besides. */
export function loop(name: string, { mode = 'apply', key = BUNDLE, signingKey = SIGNING_KEY } = {}): string {
  return `apiVersion: trueup/v1
kind: ReconcileLoop
metadata: { name: ${name} }
spec:
  source: { s3: { bucket: ${BUCKET}, key: ${key} } }
  signingKey: ${signingKey}
  mode: ${mode}
`;
}

/** Where the approvals of a loop lie that reads a branch on GitHub. */
export const BRANCH_APPROVAL = 'branch.json';

/** A loop in mode apply that reads a branch on GitHub. */
export function branchLoop(name: string): string {
  const source = 'github: { repository: acme/estate, token: secretsmanager:trueup/source-token }';
  const approvals = `  approvals: { bucket: ${BUCKET}, key: ${BRANCH_APPROVAL} }\n`;
  return loop(name)
    .replace(/s3: \{.*?\}/, source)
    .concat(approvals);
}

export interface Publisher {
  readonly repository: Repository;
  readonly account: EmbeddedAccount;
  readonly endpoint: Endpoint;
  /** The valid configuration as it lies there. */
  project(): Promise<Project>;
  /** Octets of an object; undefined: there is none. */
  object(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
}

/** A repository with a loop in mode apply, committed, and an account with its bucket, its keys and the roles of Settings. */
export async function createPublisher(file = 'memory'): Promise<Publisher> {
  const repository = await createRepository();
  repository.write('config/settings.yaml', PUBLISHER_SETTINGS);
  repository.write('config/loop.yaml', loop('main'));
  repository.commit();
  const account = openEmbedded(file, { now: () => NOW });
  const s3 = account.client(S3Client, REGION);
  await prepareAccount(account);
  return {
    repository,
    account,
    endpoint: { kind: 'embedded', account },
    async project() {
      const { project, result } = await repository.load();
      if (!project) throw new Error(JSON.stringify(result.errors));
      return project;
    },
    async object(Key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key })).catch((error: Error) => {
        if (error.name !== 'NoSuchKey') throw error;
        return { Body: undefined };
      });
      return Body?.transformToByteArray();
    },
    async put(Key, Body) {
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    },
  };
}

/** The bucket, the keys, and roles that may do everything. */
export async function prepareAccount(account: EmbeddedAccount): Promise<void> {
  await account.client(S3Client, REGION).send(new CreateBucketCommand({ Bucket: BUCKET }));
  account.putSigningKey(SIGNING_KEY);
  account.putSigningKey(OTHER_SIGNING_KEY);
  const iam = account.client(IAMClient, REGION);
  const everything = { PolicyName: 'everything', PolicyDocument: document(allow('*')) };
  const { Policy } = await iam.send(new CreatePolicyCommand(everything));
  for (const RoleName of ['trueup-plan', 'trueup-apply']) {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust() }));
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy!.Arn! }));
  }
}

/** Code and exit of a refusal; `done` where there was none. Other errors go through. */
export async function refused(act: Promise<unknown>): Promise<string> {
  try {
    await act;
    return 'done';
  } catch (error) {
    if (error instanceof PublishError) return `${error.code} ${error.exit}`;
    throw error;
  }
}
