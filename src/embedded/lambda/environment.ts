import { join } from 'node:path';
import { MessageChannel, Worker, receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { packageRoot } from '../../package-root.ts';
import type { Host } from '../host.ts';
import type { ResolverAddress } from '../hook.ts';
import { secretValue } from '../secrets.ts';
import { declaredEndpoints } from './declared-endpoints.ts';
import { environmentVariables } from './environment-variables.ts';
import { exited, exitedQuietly } from './function-errors.ts';
import { INIT_TIMEOUT_MS } from './limits.ts';
import type { LogEvent } from './log-events.ts';
import type { StoredFunction } from './model.ts';
import type { RoleSession } from './role.ts';
import type { SharedTime } from './shared-time.ts';
import { createWatch } from './watch.ts';
import type { Ending } from './watch.ts';
import type { Invocation, ToHost, ToWorker, WorkerData } from './wire.ts';
import { answerOf } from './worker-calls.ts';

/** One worker thread with a function's code, variables and credentials; it serves one invocation at a time. */
export interface Environment {
  readonly deployment: number;
  readonly session: RoleSession;
  readonly logStream: string;
  /** Ends when the code is loaded, or is known not to load. */
  readonly started: Promise<Ending>;
  /** What was logged since the last call. */
  takeLog(): readonly LogEvent[];
  run(invocation: Invocation): Promise<Ending>;
  isAlive(): boolean;
  end(): void;
}

export interface EnvironmentParts {
  readonly host: Omit<Host, 'functions'>;
  readonly found: StoredFunction;
  readonly session: RoleSession;
  readonly logStream: string;
  /** Where the function's files are. */
  readonly folder: string;
  readonly resolver: ResolverAddress | undefined;
  readonly time: SharedTime | undefined;
  /** Tells the threads what time it is. */
  readonly tellTime: () => void;
}

/** The thread's own program: built beside the library, because a worker is loaded from a file. */
const PROGRAM = join('dist', 'execution-environment.js');
/** Octets of the shared clock: a flag and the time (wire.ts). */
const CLOCK_SIZE = 16;

export function startEnvironment(parts: EnvironmentParts): Environment {
  const { host, found, session, logStream } = parts;
  const { port1: port, port2 } = new MessageChannel();
  const clock = new SharedArrayBuffer(CLOCK_SIZE);
  const worker = startWorker(parts, port2, clock);
  const watch = createWatch((ending) => die(ending));
  let log: LogEvent[] = [];
  let isAlive = true;

  function say(message: ToWorker): void {
    if (!isAlive) return;
    // Another process may have turned the clock.
    parts.tellTime();
    port.postMessage(message);
  }

  function end(ending: Omit<Ending, 'duration'> & { readonly duration?: number }): void {
    if (!isAlive) return;
    isAlive = false;
    port.close();
    void worker.terminate();
    watch.settle(ending, ending.duration);
  }

  /** What the thread said last came before its end, though it may be heard later. */
  function die(ending: Parameters<typeof end>[0]): void {
    if (!isAlive) return;
    for (let last = receiveMessageOnPort(port); last !== undefined; last = receiveMessageOnPort(port)) {
      receive(last.message as ToHost);
    }
    end(ending);
  }

  /** A pending invocation keeps the process alive, an idle environment does not. */
  async function holding(ending: Promise<Ending>): Promise<Ending> {
    worker.ref();
    port.ref();
    try {
      return await ending;
    } finally {
      worker.unref();
      port.unref();
    }
  }

  function receive(message: ToHost): void {
    switch (message.kind) {
      case 'now':
        tell(clock, host.now());
        break;
      case 'log':
        log.push({ timestamp: host.now(), message: message.message });
        break;
      case 'call':
        void answerOf(host, message).then((answer) =>
          answer ? say(answer) : die({ error: exited(watch.requestId(), 'signal: killed') }),
        );
        break;
      case 'sleep':
        host.elapse(message.milliseconds);
        watch.spend(message.milliseconds);
        say({ kind: 'slept', id: message.id });
        break;
      case 'ready':
        watch.settle({});
        break;
      case 'unstarted':
        end({ error: message.error });
        break;
      case 'done':
        watch.settle({ payload: message.payload, heap: message.heap });
        break;
      case 'failed':
        watch.settle({ error: message.error, heap: message.heap });
    }
  }

  port.on('message', (message: ToHost) => {
    if (isAlive) receive(message);
  });
  worker.on('error', (error: NodeJS.ErrnoException) => {
    const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    const crash = { errorType: error.name, errorMessage: error.message };
    die({ error: isMemory ? exited(watch.requestId(), 'signal: killed') : crash });
  });
  worker.on('exit', (code) => {
    const requestId = watch.requestId();
    const error = code === 0 ? exitedQuietly(requestId) : exited(requestId, `exit status ${code}`);
    die({ error });
  });

  return {
    deployment: found.deployment,
    session,
    logStream,
    started: holding(watch.begin('', INIT_TIMEOUT_MS)),
    takeLog() {
      const taken = log;
      log = [];
      return taken;
    },
    run(invocation) {
      const ending = holding(watch.begin(invocation.requestId, invocation.timeout));
      say({ kind: 'invoke', invocation });
      // It may have died since it was taken.
      if (!isAlive) watch.settle({ error: exitedQuietly(invocation.requestId) });
      return ending;
    },
    isAlive: () => isAlive,
    end: () => end({ error: exitedQuietly(watch.requestId()) }),
  };
}

function startWorker(parts: EnvironmentParts, port: MessagePort, clock: SharedArrayBuffer): Worker {
  const { host, found } = parts;
  const { settings } = found;
  return new Worker(join(packageRoot(), PROGRAM), {
    workerData: {
      port,
      clock,
      ...(parts.time && { time: parts.time }),
      folder: parts.folder,
      handler: settings.handler,
      // As they are now: a secret that changes is seen by the next environment.
      endpoints: declaredEndpoints(settings.variables, (reference) =>
        host.read((data, now) => secretValue(reference, found, data, now)),
      ),
      ...(parts.resolver && { resolver: parts.resolver }),
    } satisfies WorkerData,
    transferList: [port],
    env: environmentVariables(parts.found, parts.session, parts.logStream),
    argv: [],
    execArgv: [],
    stdin: true,
    // What bypasses the captured output, such as a warning of Node's own, is not for the host's terminal. Nobody reads
    // it either: a stream that is read would keep the process alive.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: settings.memory },
  });
}

/** Answers `now` of a thread that waits for it. */
function tell(clock: SharedArrayBuffer, now: number): void {
  const flag = new Int32Array(clock, 0, 1);
  new Float64Array(clock, 8, 1)[0] = now;
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}
