import { logGroupOf } from './model.ts';
import type { StoredFunction } from './model.ts';
import type { RoleSession } from './role.ts';

/** Everything in `process.env` of a function (Developer Guide, "Defined runtime environment variables"). */
export function environmentVariables(
  found: StoredFunction,
  session: RoleSession,
  logStream: string,
): Readonly<Record<string, string>> {
  const { settings, region, name } = found;
  return {
    ...settings.variables,
    _HANDLER: settings.handler,
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memory),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(found),
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_REGION: region,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LAMBDA_TASK_ROOT: '/var/task',
    LANG: 'en_US.UTF-8',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    TZ: ':UTC',
  };
}
