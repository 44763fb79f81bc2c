import type { Functions, Host, InvocationResult } from '../host.ts';
import { createAsynchronous } from './asynchronous.ts';
import type { LambdaEvent } from './asynchronous.ts';
import { createCodeFolders } from './code-folders.ts';
import { startEnvironment } from './environment.ts';
import type { Environment } from './environment.ts';
import { notEmbedded, notFound, recursiveInvocation } from './errors.ts';
import { placeOfArn } from './function-name.ts';
import { newLogStream } from './invocation-log.ts';
import { MAX_CHAIN, nextLink } from './lineage.ts';
import { writeLog } from './log-events.ts';
import { publishMetrics } from './metrics.ts';
import { checkActive, functionKey, functions } from './model.ts';
import type { StoredFunction } from './model.ts';
import { createPool } from './pool.ts';
import { closeRoleSession, openRoleSession } from './role.ts';
import { runInvocation } from './run.ts';
import { createSharedTime, tellTime } from './shared-time.ts';
import { createVpcResolvers } from './vpc-resolver.ts';

/** Idle environments end after that much of the account's time; AWS tells no number. */
const IDLE_MS = 15 * 60_000;
/** Credentials outlive any invocation that still begins with them. */
const CREDENTIALS_MARGIN_MS = 3600_000;

/** Runs deployed functions, each execution environment in a worker thread (docs/architecture.md, "How functions run"). */
export function openFunctions(host: Omit<Host, 'functions'>): Functions {
  const pool = createPool();
  const folders = createCodeFolders();
  const environments = new Set<Environment>();
  const resolvers = createVpcResolvers(host);
  const { reading } = host;
  const time = reading && createSharedTime(reading.runs);

  function timePassed(): void {
    if (time && reading) tellTime(time, reading.tell());
  }

  function lookUp(arn: string): StoredFunction | undefined {
    const place = placeOfArn(arn);
    return place && host.read((data) => data.get(functions, functionKey(place)));
  }

  function findFunction(arn: string): StoredFunction {
    const found = lookUp(arn);
    if (found === undefined) throw notFound(`Function not found: ${arn}`);
    return found;
  }

  /** On a change of code or configuration, after a while of idleness, and before its credentials expire. */
  function sweep(): void {
    const now = host.now();
    pool.sweep((key, { deployment, session }, since) => {
      const isDeployed = host.read((data) => data.get(functions, key)?.deployment) === deployment;
      return isDeployed && now - since < IDLE_MS && now + CREDENTIALS_MARGIN_MS < session.expires;
    });
    for (const environment of environments) if (!environment.isAlive()) forget(environment);
  }

  function forget(environment: Environment): void {
    environments.delete(environment);
    host.change((data) => closeRoleSession(environment.session, data));
  }

  async function start(found: StoredFunction): Promise<Environment> {
    if (!found.settings.runtime.startsWith('nodejs')) throw notEmbedded(`runtime ${found.settings.runtime}`);
    if (found.settings.layers.length > 0) throw notEmbedded(`layers, and function ${found.name} has some`);
    const folder = folders.folderOf(found);
    const resolver = await resolvers.of(found);
    const session = host.change((data, now) => openRoleSession(found.settings.role, found, data, now));
    const logStream = newLogStream(host.now());
    const environment = startEnvironment({
      host,
      found,
      session,
      logStream,
      folder,
      resolver,
      time,
      tellTime: timePassed,
    });
    timePassed();
    environments.add(environment);
    // Closed while it waited for the resolver: nobody else would end it.
    if (isClosed) environment.end();
    return environment;
  }

  /** @throws TooManyRequestsException */
  function admit(found: StoredFunction, now: number): void {
    try {
      pool.admit(found);
    } catch (error) {
      publishMetrics(host, found, now, { kind: 'throttled' });
      throw error;
    }
  }

  async function run({ arn, payload, requestId, trace, queued }: LambdaEvent): Promise<InvocationResult> {
    sweep();
    const found = findFunction(arn);
    checkActive(found, host.now());
    const link = nextLink(trace, arn, host.now());
    if (link.count > MAX_CHAIN && found.recursiveLoop !== 'Allow') throw recursiveInvocation();
    const began = host.now();
    admit(found, began);
    try {
      const warm = pool.take(found);
      const environment = warm ?? (await start(found));
      const call = { requestId, payload, trace: link.header, isCold: warm === undefined, now: () => host.now() };
      const { result, events, duration } = await runInvocation(environment, found, call);
      if (isClosed) return result;
      writeLog(host, found, environment.session, environment.logStream, events);
      const isError = result.functionError !== undefined;
      const age = queued === undefined ? {} : { age: began - queued };
      publishMetrics(host, found, began, { kind: 'ran', isError, duration, ...age });
      if (environment.isAlive()) pool.giveBack(found, environment, host.now());
      else forget(environment);
      return result;
    } finally {
      pool.release(found);
    }
  }

  let isClosed = false;
  const asynchronous = createAsynchronous(host, {
    run,
    isOpen: () => !isClosed,
    nextRelease(arn) {
      const found = lookUp(arn);
      return found && pool.nextRelease(found);
    },
  });

  return {
    invoke: (arn, payload, trace) => run({ arn, payload, requestId: crypto.randomUUID(), trace }),
    enqueue: (arn, payload, requestId, trace) => asynchronous.enqueue({ arn, payload, requestId, trace }),
    deliver: (delivery) => asynchronous.deliver(delivery),
    settled: () => asynchronous.settled(),
    timePassed,
    close() {
      isClosed = true;
      for (const environment of environments) {
        environment.end();
        forget(environment);
      }
      folders.remove();
      resolvers.close();
    },
  };
}
