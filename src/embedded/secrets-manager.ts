import type {
  CreateSecretRequest,
  CreateSecretResponse,
  GetSecretValueRequest,
  GetSecretValueResponse,
  PutSecretValueRequest,
  PutSecretValueResponse,
} from '@aws-sdk/client-secrets-manager';
import { createHash } from 'node:crypto';
import { serviceError } from './errors.ts';
import { requestTagKeys, tagsFrom } from './tags.ts';
import { rowKey } from './row-key.ts';
import { read, write } from './service.ts';
import type { Access, CallContext, Service } from './service.ts';
import { table } from './store/database.ts';
import { throttling } from './throttling.ts';

interface SecretVersion {
  readonly id: string;
  readonly created: number;
  readonly string?: string;
  /** Base64. */
  readonly binary?: string;
}

interface StoredSecret {
  readonly arn: string;
  readonly current?: SecretVersion;
  readonly previous?: SecretVersion;
}

const secrets = table<StoredSecret>('secretsmanager/secrets');

/** CreateSecret, SecretString: 65,536 bytes. */
const MAX_SECRET_BYTES = 65_536;
const NAME = /^[\w/+=.@-]{1,512}$/;
const ARN_SUFFIX_LENGTH = 6;

/**
 * Service Authorization Reference, "AWS Secrets Manager". Not modelled: there is no KMS here, so that values need no
 * kms:Decrypt and no kms:GenerateDataKey.
 */
const onSecret: Access<{ readonly SecretId?: string | undefined }> = {
  resource: ({ SecretId: reference = '' }, context) => secretArn(reference, context),
  conditions: ({ SecretId: reference = '' }) => ({ 'secretsmanager:SecretId': reference }),
};

const toGetValue: Access<GetSecretValueRequest> = {
  ...onSecret,
  conditions: ({ SecretId: reference = '', VersionId: version, VersionStage: stage }) => ({
    'secretsmanager:SecretId': reference,
    ...(version !== undefined && { 'secretsmanager:VersionId': version }),
    'secretsmanager:VersionStage': stage ?? 'AWSCURRENT',
  }),
};

/** Six characters that nobody knows yet: policies match them by `-??????` or `-*`. */
const SUFFIX_TO_COME = '-xxxxxx';

const toCreate: Access<CreateSecretRequest> = {
  resource: ({ Name: name = '' }, context) => `${arnPrefix(context)}${name}${SUFFIX_TO_COME}`,
  conditions: ({ Name: name = '', Tags }) => ({ 'secretsmanager:Name': name, ...requestTagKeys(tagsFrom(Tags)) }),
};

/** With the suffix where there is such a secret. */
function secretArn(reference: string, context: CallContext): string {
  const name = nameOf(reference, context);
  return context.data.get(secrets, rowKey(name, context))?.arn ?? `${arnPrefix(context)}${name}`;
}

export const secretsManager: Service = {
  eventSource: 'secretsmanager.amazonaws.com',
  actionPrefix: 'secretsmanager',
  deniedName: 'AccessDeniedException',
  secretFields: ['SecretString', 'SecretBinary'],
  throttled: throttling,
  operations: {
    GetSecretValue: read(getSecretValue, toGetValue),
    CreateSecret: write(createSecret, toCreate),
    PutSecretValue: write(putSecretValue, onSecret),
  },
};

export function getSecretValue(input: GetSecretValueRequest, context: CallContext): GetSecretValueResponse {
  const [name, secret] = lookUp(input.SecretId ?? '', context);
  const stage = input.VersionStage ?? 'AWSCURRENT';
  const versions = [
    { stage: 'AWSCURRENT', version: secret.current },
    { stage: 'AWSPREVIOUS', version: secret.previous },
  ];
  const found = versions.find((entry) =>
    input.VersionId === undefined ? entry.stage === stage : entry.version?.id === input.VersionId,
  );
  if (found?.version === undefined) {
    throw notFound(`Secrets Manager can't find the specified secret value for ${input.VersionId ?? stage}`);
  }
  const { id, created, string, binary } = found.version;
  return {
    ARN: secret.arn,
    Name: name,
    VersionId: id,
    VersionStages: [found.stage],
    CreatedDate: new Date(created),
    ...(string === undefined ? {} : { SecretString: string }),
    ...(binary === undefined ? {} : { SecretBinary: new Uint8Array(Buffer.from(binary, 'base64')) }),
  };
}

function createSecret(input: CreateSecretRequest, context: CallContext): CreateSecretResponse {
  const name = input.Name ?? '';
  if (!NAME.test(name)) throw serviceError('InvalidParameterException', `The name ${name} is not valid.`);
  if (context.data.get(secrets, rowKey(name, context)) !== undefined) {
    throw serviceError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
  }
  const suffix = createHash('sha256')
    .update(`${rowKey(name, context)} ${context.data.next('secretsmanager/secrets')}`)
    .digest('hex')
    .slice(0, ARN_SUFFIX_LENGTH);
  const arn = `${arnPrefix(context)}${name}-${suffix}`;
  const hasValue = input.SecretString !== undefined || input.SecretBinary !== undefined;
  const current = hasValue ? makeVersion(input, context) : undefined;
  context.data.put(secrets, rowKey(name, context), current === undefined ? { arn } : { arn, current });
  return { ARN: arn, Name: name, ...(current === undefined ? {} : { VersionId: current.id }) };
}

function putSecretValue(input: PutSecretValueRequest, context: CallContext): PutSecretValueResponse {
  const [name, secret] = lookUp(input.SecretId ?? '', context);
  const version = makeVersion(input, context);
  const same = [secret.current, secret.previous].find((known) => known?.id === version.id);
  if (same !== undefined && (same.string !== version.string || same.binary !== version.binary)) {
    throw serviceError('ResourceExistsException', `You can't modify the existing version ${version.id}.`);
  }
  if (same === undefined) {
    const previous = secret.current === undefined ? {} : { previous: secret.current };
    context.data.put(secrets, rowKey(name, context), { arn: secret.arn, current: version, ...previous });
  }
  return { ARN: secret.arn, Name: name, VersionId: version.id, VersionStages: ['AWSCURRENT'] };
}

/** Gives a secret a new value; makes it when there is none of this name. */
export function replaceSecret(name: string, value: string, context: CallContext): void {
  const exists = context.data.get(secrets, rowKey(name, context)) !== undefined;
  if (exists) putSecretValue({ SecretId: name, SecretString: value }, context);
  else createSecret({ Name: name, SecretString: value }, context);
}

interface SecretInput {
  readonly ClientRequestToken?: string | undefined;
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

function makeVersion(input: SecretInput, { now }: CallContext): SecretVersion {
  const { SecretString: string, SecretBinary: octets } = input;
  if ((string === undefined) === (octets === undefined)) {
    throw serviceError('InvalidParameterException', 'Provide either SecretString or SecretBinary, and not both.');
  }
  const size = string === undefined ? (octets?.byteLength ?? 0) : Buffer.byteLength(string);
  if (size === 0 || size > MAX_SECRET_BYTES) {
    throw serviceError('InvalidParameterException', `The secret must have 1 to ${MAX_SECRET_BYTES} bytes.`);
  }
  const id = input.ClientRequestToken ?? crypto.randomUUID();
  if (string !== undefined) return { id, created: now, string };
  return { id, created: now, binary: Buffer.from(octets ?? []).toString('base64') };
}

function lookUp(reference: string, context: CallContext): readonly [name: string, secret: StoredSecret] {
  const name = nameOf(reference, context);
  const secret = context.data.get(secrets, rowKey(name, context));
  if (secret === undefined) throw notFound("Secrets Manager can't find the specified secret.");
  return [name, secret];
}

/** A secret is addressed by name, by its ARN, or by its ARN without the random suffix. */
function nameOf(reference: string, context: CallContext): string {
  const prefix = arnPrefix(context);
  if (!reference.startsWith(prefix)) return reference;
  const name = reference.slice(prefix.length);
  const withoutSuffix = name.slice(0, -ARN_SUFFIX_LENGTH - 1);
  return context.data.get(secrets, rowKey(withoutSuffix, context))?.arn === reference ? withoutSuffix : name;
}

function arnPrefix({ region, caller }: CallContext): string {
  return `arn:aws:secretsmanager:${region}:${caller.account}:secret:`;
}

function notFound(message: string): Error {
  return serviceError('ResourceNotFoundException', message);
}
