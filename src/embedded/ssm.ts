import type {
  DeleteParameterRequest,
  GetParameterRequest,
  GetParameterResult,
  GetParametersRequest,
  GetParametersResult,
  Parameter,
  ParameterType,
  PutParameterRequest,
  PutParameterResult,
} from '@aws-sdk/client-ssm';
import { serviceError } from './errors.ts';
import { rowKey } from './row-key.ts';
import { requestTagKeys, tagsFrom } from './tags.ts';
import { read, write } from './service.ts';
import type { Access, CallContext, Service } from './service.ts';
import { table } from './store/database.ts';
import { throttling } from './throttling.ts';

interface StoredParameter {
  readonly type: ParameterType;
  /** Number of the newest version. */
  readonly version: number;
  /** The newest versions, oldest first. */
  readonly history: readonly { readonly value: string; readonly modified: number }[];
}

const parameters = table<StoredParameter>('ssm/parameters');

/** PutParameter: "retains the 100 most recently created versions". */
const KEPT_VERSIONS = 100;
/** PutParameter, Value: standard parameters 4 KB, advanced 8 KB. */
const MAX_STANDARD_BYTES = 4096;
const MAX_ADVANCED_BYTES = 8192;
/** PutParameter, Name: 15 levels. */
const MAX_LEVELS = 15;
/** GetParameters, Names: 10 items. */
const MAX_NAMES = 10;

const NAME = /^[\w.-]+$|^(?:\/[\w.-]+)+$/;
const RESERVED_NAME = /^\/?(?:aws|ssm)/i;
const TYPES: readonly string[] = ['String', 'StringList', 'SecureString'] satisfies ParameterType[];

/**
 * Service Authorization Reference, "AWS Systems Manager". Not modelled: there is no KMS here, so that SecureString
 * values need no kms:Decrypt and no kms:Encrypt.
 */
const onParameter: Access<{ readonly Name?: string | undefined }> = {
  resource: ({ Name: name = '' }, context) => parameterArn(name, context),
};

const onParameters: Access<GetParametersRequest> = {
  resource: ({ Names: names = [] }, context) => names.map((name) => parameterArn(name, context)),
};

const toPutParameter: Access<PutParameterRequest> = {
  resource: ({ Name: name = '' }, context) => parameterArn(name, context),
  conditions: ({ Overwrite: overwrite, Tags }) => ({
    ...(overwrite !== undefined && { 'ssm:Overwrite': String(overwrite) }),
    ...requestTagKeys(tagsFrom(Tags)),
  }),
};

/** Of a name or an ARN, without the selector of a version. */
function parameterArn(reference: string, context: CallContext): string {
  const [name = ''] = withoutArn(reference.trim(), context).split(':');
  return `${arnPrefix(context)}${name.startsWith('/') ? name : `/${name}`}`;
}

export const ssm: Service = {
  eventSource: 'ssm.amazonaws.com',
  actionPrefix: 'ssm',
  deniedName: 'AccessDeniedException',
  secretFields: ['Value'],
  throttled: throttling,
  operations: {
    GetParameter: read(getParameter, onParameter),
    GetParameters: read(getParameters, onParameters),
    PutParameter: write(putParameter, toPutParameter),
    DeleteParameter: write(deleteParameter, onParameter),
  },
};

export function getParameter(input: GetParameterRequest, context: CallContext): GetParameterResult {
  return { Parameter: lookUp(input.Name ?? '', input.WithDecryption ?? false, context) };
}

function getParameters(input: GetParametersRequest, context: CallContext): GetParametersResult {
  const names = [...new Set(input.Names ?? [])];
  if (names.length === 0 || names.length > MAX_NAMES) {
    throw invalid(`names must have 1 to ${MAX_NAMES} members, has ${names.length}`);
  }
  const found: Parameter[] = [];
  const missing: string[] = [];
  for (const name of names) {
    try {
      found.push(lookUp(name, input.WithDecryption ?? false, context));
    } catch (error) {
      if (!(error instanceof Error && NOT_FOUND.includes(error.name))) throw error;
      missing.push(name);
    }
  }
  return { Parameters: found, InvalidParameters: missing };
}

const NOT_FOUND = ['ParameterNotFound', 'ParameterVersionNotFound'];

function lookUp(reference: string, decrypt: boolean, context: CallContext): Parameter {
  const [name = '', selector] = withoutArn(reference, context).split(':');
  const stored = context.data.get(parameters, rowKey(name, context));
  if (stored === undefined) throw serviceError('ParameterNotFound', `Parameter ${reference} not found.`);
  const version = selector === undefined ? stored.version : Number(selector);
  const entry = stored.history[stored.history.length - 1 - (stored.version - version)];
  if (entry === undefined) {
    const message = `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`;
    throw serviceError('ParameterVersionNotFound', message);
  }
  const hidden = stored.type === 'SecureString' && !decrypt;
  return {
    Name: name,
    Type: stored.type,
    Value: hidden ? Buffer.from(`kms:${name}:${version}`).toString('base64') : entry.value,
    Version: version,
    ...(selector === undefined ? {} : { Selector: `:${selector}` }),
    LastModifiedDate: new Date(entry.modified),
    ARN: parameterArn(name, context),
    DataType: 'text',
  };
}

export function putParameter(input: PutParameterRequest, context: CallContext): PutParameterResult {
  const name = (input.Name ?? '').trim();
  if (!NAME.test(name) || RESERVED_NAME.test(name)) throw invalid(`Parameter name: ${name} is not valid.`);
  if (name.split('/').length - 1 > MAX_LEVELS) {
    throw serviceError('HierarchyLevelLimitExceededException', `A hierarchy can have at most ${MAX_LEVELS} levels.`);
  }
  const value = input.Value ?? '';
  const limit = input.Tier === 'Advanced' ? MAX_ADVANCED_BYTES : MAX_STANDARD_BYTES;
  if (value === '' || Buffer.byteLength(value) > limit) throw invalid(`The value must have 1 to ${limit} bytes.`);
  const before = context.data.get(parameters, rowKey(name, context));
  if (before !== undefined && input.Overwrite !== true) {
    throw serviceError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  }
  const type = input.Type ?? before?.type;
  if (type === undefined || !TYPES.includes(type)) throw invalid('A parameter type is required when you create one.');
  if (before !== undefined && before.type !== type) {
    throw serviceError('HierarchyTypeMismatchException', `The type of ${name} is ${before.type} and cannot change.`);
  }
  const version = (before?.version ?? 0) + 1;
  const history = [...(before?.history ?? []), { value, modified: context.now }].slice(-KEPT_VERSIONS);
  context.data.put(parameters, rowKey(name, context), { type, version, history });
  return { Version: version, Tier: input.Tier ?? 'Standard' };
}

function deleteParameter(input: DeleteParameterRequest, context: CallContext): object {
  const key = rowKey(input.Name ?? '', context);
  if (context.data.get(parameters, key) === undefined) {
    throw serviceError('ParameterNotFound', `Parameter ${input.Name} not found.`);
  }
  context.data.delete(parameters, key);
  return {};
}

function arnPrefix({ region, caller }: CallContext): string {
  return `arn:aws:ssm:${region}:${caller.account}:parameter`;
}

/** A name without a path stands in its ARN behind a slash that is not a part of the name. */
function withoutArn(reference: string, context: CallContext): string {
  const prefix = arnPrefix(context);
  if (!reference.startsWith(prefix)) return reference;
  const name = reference.slice(prefix.length);
  return name.lastIndexOf('/') === 0 && context.data.get(parameters, rowKey(name, context)) === undefined
    ? name.slice(1)
    : name;
}

function invalid(message: string): Error {
  return serviceError('ValidationException', message);
}
