import type {
  CreateFunctionRequest,
  LoggingConfig,
  Runtime,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import type { CallContext } from '../service.ts';
import { constraintViolation, invalidParameter, notEmbedded } from './errors.ts';
import {
  DEFAULT_MEMORY_MB,
  DEFAULT_TIMEOUT_S,
  MAX_DESCRIPTION,
  MAX_HANDLER,
  MAX_LAYERS,
  MAX_MEMORY_MB,
} from './limits.ts';
import { MAX_SECURITY_GROUPS, MAX_SUBNETS, MAX_TIMEOUT_S, MIN_MEMORY_MB } from './limits.ts';
import { placeOfQueueArn } from '../sqs/model.ts';
import type { FunctionPlace, FunctionSettings } from './model.ts';
import { parseFunctionName } from './function-name.ts';
import { checkExecutionRole } from './role.ts';
import { reasonNotToUseQueue } from './role-caller.ts';
import { checkVariables } from './variables.ts';

type SettingsInput = CreateFunctionRequest | UpdateFunctionConfigurationRequest;

/** Developer Guide, "Lambda runtimes": those that a function may be created with. Only Node.js is run here. */
const RUNTIMES: readonly string[] = [
  'dotnet10',
  'dotnet8',
  'java11',
  'java17',
  'java21',
  'java25',
  'java8.al2',
  'nodejs20.x',
  'nodejs22.x',
  'nodejs24.x',
  'provided.al2',
  'provided.al2023',
  'python3.10',
  'python3.11',
  'python3.12',
  'python3.13',
  'python3.14',
  'ruby3.2',
  'ruby3.3',
  'ruby3.4',
] satisfies Runtime[];
const HANDLER = /^[^\s]+$/;
const SUBNET = /^subnet-[0-9a-z]+$/;
const SECURITY_GROUP = /^sg-[0-9a-zA-Z]+$/;
const LAYER = /^arn:aws:lambda:[a-z0-9-]+:\d{12}:layer:[\w-]+:\d+$/;
const LOG_GROUP = /^[.\-_/#A-Za-z0-9]{1,512}$/;

const NEW_FUNCTION = {
  description: '',
  memory: DEFAULT_MEMORY_MB,
  timeout: DEFAULT_TIMEOUT_S,
  variables: {},
  subnets: [],
  securityGroups: [],
  layers: [],
  logging: { LogFormat: 'Text' },
} satisfies Partial<FunctionSettings>;

/** Parts of a configuration that this stand-in has not: a function that needs one of them must not seem to work. */
const ABSENT = {
  KMSKeyArn: 'keys for environment variables',
  FileSystemConfigs: 'file systems for functions',
  ImageConfig: 'container images',
  EphemeralStorage: 'choice of ephemeral storage',
  SnapStart: 'SnapStart',
  CapacityProviderConfig: 'capacity providers',
  DurableConfig: 'durable functions',
} satisfies Partial<Record<keyof UpdateFunctionConfigurationRequest, string>>;

export function newSettings(input: CreateFunctionRequest, context: CallContext): FunctionSettings {
  const { Runtime: runtime, Handler: handler, Role: role } = input;
  if (runtime === undefined || handler === undefined) {
    throw invalidParameter(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  }
  if (role === undefined) throw constraintViolation('role', role, 'Member must not be null');
  return changedSettings({ ...NEW_FUNCTION, runtime, handler, role }, input, context);
}

/** The settings with what the input names put in their place. @throws InvalidParameterValueException, ValidationException */
export function changedSettings(
  before: FunctionSettings,
  input: SettingsInput,
  context: CallContext,
): FunctionSettings {
  for (const [field, what] of Object.entries(ABSENT)) {
    if (input[field as keyof typeof ABSENT] !== undefined) throw notEmbedded(what);
  }
  if (input.TracingConfig?.Mode === 'Active') throw notEmbedded('tracing');
  const after: FunctionSettings = {
    description: input.Description ?? before.description,
    runtime: input.Runtime ?? before.runtime,
    handler: input.Handler ?? before.handler,
    role: input.Role ?? before.role,
    memory: input.MemorySize ?? before.memory,
    timeout: input.Timeout ?? before.timeout,
    variables: input.Environment === undefined ? before.variables : { ...input.Environment.Variables },
    subnets: input.VpcConfig?.SubnetIds ?? before.subnets,
    securityGroups: input.VpcConfig?.SecurityGroupIds ?? before.securityGroups,
    layers: input.Layers ?? before.layers,
    logging: input.LoggingConfig === undefined ? before.logging : checkLogging(input.LoggingConfig),
    ...deadLettersOf(before, input),
  };
  checkSettings(after);
  const place = parseFunctionName(input.FunctionName, context);
  if (input.Role !== undefined) checkExecutionRole(input.Role, place, context);
  if (input.DeadLetterConfig !== undefined && after.deadLetters !== undefined) {
    checkDeadLetters(after.deadLetters, after.role, place, context);
  }
  return after;
}

/** An empty ARN takes the dead-letter queue away. */
function deadLettersOf(
  { deadLetters: before }: FunctionSettings,
  { DeadLetterConfig: given }: SettingsInput,
): Pick<FunctionSettings, 'deadLetters'> {
  const after = given === undefined ? before : given.TargetArn;
  return after === undefined || after === '' ? {} : { deadLetters: after };
}

function checkDeadLetters(queue: string, role: string, place: FunctionPlace, context: CallContext): void {
  if (placeOfQueueArn(queue) === undefined) throw notEmbedded('dead-letter targets other than queues');
  if (reasonNotToUseQueue(place, role, queue, ['sqs:SendMessage'], context) === undefined) return;
  throw invalidParameter('The provided execution role does not have permissions to call SendMessage on SQS');
}

function checkSettings({ description, runtime, handler, memory, timeout, variables, ...rest }: FunctionSettings): void {
  if (description.length > MAX_DESCRIPTION) {
    throw constraintViolation(
      'description',
      description,
      `Member must have length less than or equal to ${MAX_DESCRIPTION}`,
    );
  }
  if (!RUNTIMES.includes(runtime)) {
    throw invalidParameter(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${RUNTIMES.join(', ')}] or be a valid ARN`,
    );
  }
  if (!HANDLER.test(handler) || handler.length > MAX_HANDLER) {
    throw constraintViolation(
      'handler',
      handler,
      `Member must satisfy regular expression pattern: [^\\s]+ and have length 1 to ${MAX_HANDLER}`,
    );
  }
  checkRange('memorySize', memory, MIN_MEMORY_MB, MAX_MEMORY_MB);
  checkRange('timeout', timeout, 1, MAX_TIMEOUT_S);
  checkVariables(variables);
  checkNetwork(rest);
  if (rest.layers.length > MAX_LAYERS) throw invalidParameter(`Cannot reference more than ${MAX_LAYERS} layers.`);
  const malformed = rest.layers.find((layer) => !LAYER.test(layer));
  if (malformed !== undefined)
    throw constraintViolation('layers', malformed, 'Member must be the ARN of a layer version');
}

function checkRange(member: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw constraintViolation(member, value, `Member must have value from ${least} to ${most}`);
}

function checkNetwork({ subnets, securityGroups }: Pick<FunctionSettings, 'subnets' | 'securityGroups'>): void {
  if (subnets.length > MAX_SUBNETS || securityGroups.length > MAX_SECURITY_GROUPS) {
    throw constraintViolation(
      'vpcConfig',
      subnets.length,
      `at most ${MAX_SUBNETS} subnets and ${MAX_SECURITY_GROUPS} security groups`,
    );
  }
  const badSubnet = subnets.find((id) => !SUBNET.test(id));
  if (badSubnet !== undefined)
    throw constraintViolation('vpcConfig.subnetIds', badSubnet, 'pattern ^subnet-[0-9a-z]*$');
  const badGroup = securityGroups.find((id) => !SECURITY_GROUP.test(id));
  if (badGroup !== undefined)
    throw constraintViolation('vpcConfig.securityGroupIds', badGroup, 'pattern ^sg-[0-9a-zA-Z]*$');
  if (subnets.length > 0 !== securityGroups.length > 0) {
    throw invalidParameter('SubnetIds and SecurityIds must coexist or be both empty list.');
  }
}

function checkLogging(logging: LoggingConfig): LoggingConfig {
  if (logging.LogFormat === 'JSON') throw notEmbedded('log format JSON');
  if (logging.ApplicationLogLevel !== undefined || logging.SystemLogLevel !== undefined) {
    throw invalidParameter('ApplicationLogLevel and SystemLogLevel are not supported when LogFormat is set to Text.');
  }
  if (logging.LogGroup !== undefined && !LOG_GROUP.test(logging.LogGroup)) {
    throw constraintViolation(
      'loggingConfig.logGroup',
      logging.LogGroup,
      'pattern [\\.\\-_/#A-Za-z0-9]+, length 1 to 512',
    );
  }
  return { LogFormat: 'Text', ...(logging.LogGroup !== undefined && { LogGroup: logging.LogGroup }) };
}
