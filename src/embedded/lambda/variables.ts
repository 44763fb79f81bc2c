import { constraintViolation, invalidParameter } from './errors.ts';
import { MAX_ENVIRONMENT_BYTES } from './limits.ts';

/** API model: EnvironmentVariableName. */
const NAME = /^[a-zA-Z]\w+$/;

/** Developer Guide, "Defined runtime environment variables": those that "are reserved … and cannot be set". */
const RESERVED: ReadonlySet<string> = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/** @throws InvalidParameterValueException, ValidationException; never with a value in it. */
export function checkVariables(variables: Readonly<Record<string, string>>): void {
  const names = Object.keys(variables);
  const reserved = names.filter((name) => RESERVED.has(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const malformed = names.find((name) => !NAME.test(name));
  if (malformed !== undefined) {
    throw constraintViolation(
      'environment.variables',
      malformed,
      'Map keys must satisfy constraint: [a-zA-Z]([a-zA-Z0-9_])+',
    );
  }
  const size = Buffer.byteLength(JSON.stringify(variables));
  if (size <= MAX_ENVIRONMENT_BYTES) return;
  throw invalidParameter(
    `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the ${MAX_ENVIRONMENT_BYTES / 1024}KB limit. String measured: ${size} bytes`,
  );
}
