import type { InvocationResult } from '../host.ts';
import type { Environment } from './environment.ts';
import { responseTooLarge } from './function-errors.ts';
import { endLine, reportLine, startLine } from './invocation-log.ts';
import { MAX_RESPONSE_BYTES } from './limits.ts';
import type { LogEvent } from './log-events.ts';
import { functionArn, logGroupOf } from './model.ts';
import type { StoredFunction } from './model.ts';
import type { Ending } from './watch.ts';
import type { FunctionError } from './wire.ts';

const BYTES_A_MB = 1024 * 1024;

interface FinishedInvocation {
  readonly result: InvocationResult;
  readonly events: readonly LogEvent[];
  /** Milliseconds. */
  readonly duration: number;
}

/** One invocation in an environment that is cold or warm: its result, and what it wrote into the log. */
export async function runInvocation(
  environment: Environment,
  found: StoredFunction,
  call: {
    readonly requestId: string;
    readonly payload: string;
    /** X-Ray's header. */
    readonly trace: string;
    readonly isCold: boolean;
    now(): number;
  },
): Promise<FinishedInvocation> {
  const { requestId } = call;
  const start = await environment.started;
  const early = environment.takeLog();
  const startEvent = { timestamp: call.now(), message: startLine(requestId) };
  const ending = start.error === undefined ? await invoke() : failedStart(start, requestId);
  const error = ending.error ?? tooLarge(ending.payload);
  const initDuration = call.isCold && start.error === undefined ? start.duration : undefined;
  const messages = [
    ...(error === undefined ? [] : [errorLine(error, requestId, call.now())]),
    endLine(requestId),
    reportLine(requestId, {
      duration: ending.duration,
      memory: found.settings.memory,
      memoryUsed: ending.heap === undefined ? found.settings.memory : Math.ceil(ending.heap / BYTES_A_MB),
      ...(initDuration !== undefined && { initDuration }),
      ...(ending.timedOut && { status: 'timeout' }),
    }),
  ];
  const events = [
    ...early,
    startEvent,
    ...environment.takeLog(),
    ...messages.map((message) => ({ timestamp: call.now(), message })),
  ];
  const log = events.map(({ message }) => message);
  const payload = error === undefined ? (ending.payload ?? 'null') : JSON.stringify(error);
  const result = { payload, requestId, log, ...(error !== undefined && { functionError: 'Unhandled' as const }) };
  return { result, events, duration: ending.duration };

  function invoke(): Promise<Ending> {
    const { settings } = found;
    return environment.run({
      requestId,
      payload: call.payload,
      trace: call.trace,
      timeout: settings.timeout * 1000,
      context: {
        functionName: found.name,
        functionVersion: '$LATEST',
        invokedFunctionArn: functionArn(found),
        memoryLimitInMB: String(settings.memory),
        logGroupName: logGroupOf(found),
        logStreamName: environment.logStream,
      },
    });
  }
}

/** An error of the init phase is the answer to the invocation that wanted the environment. */
function failedStart(start: Ending, requestId: string): Ending {
  if (start.error === undefined) return start;
  const errorMessage = start.error.errorMessage.replace(/^RequestId: {2}/, `RequestId: ${requestId} `);
  return { ...start, error: { ...start.error, errorMessage } };
}

function tooLarge(payload: string | undefined): FunctionError | undefined {
  if (payload === undefined || Buffer.byteLength(payload) <= MAX_RESPONSE_BYTES) return undefined;
  return responseTooLarge(MAX_RESPONSE_BYTES);
}

/** A time-out has a line of its own, everything else is the error as JSON (Developer Guide, "Lambda function logs"). */
function errorLine(error: FunctionError, requestId: string, now: number): string {
  const time = new Date(now).toISOString();
  const timeout = /Task timed out after .*/.exec(error.errorMessage);
  if (error.errorType === 'Sandbox.Timedout' && timeout !== null) return `${time} ${requestId} ${timeout[0]}`;
  const { errorType, errorMessage, trace } = error;
  return `${time}\t${requestId}\tERROR\tInvoke Error \t${JSON.stringify({ errorType, errorMessage, stack: trace ?? [] })}`;
}
