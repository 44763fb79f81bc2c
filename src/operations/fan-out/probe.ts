import { AwsError, describeError, isServiceError } from '../../aws/errors.ts';
import { compileDestinationKey } from '../../fan-out/destination-key.ts';
import type { FanOutTestResult, ProbeArrival, ProbeLeft } from '../../fan-out/test-result.ts';
import type { UnseenDestination } from '../../fan-out/verify-result.ts';
import { eventsOf } from '../../reconcilers/bucket-fan-out/event-filters.ts';
import { destinationName } from '../../reconcilers/bucket-fan-out/places.ts';
import { PROBE, probeObject } from '../../resources/probe-object.ts';
import type { ProbeObject } from '../../resources/probe-object.ts';
import type { Project } from '../project.ts';
import { silent } from '../reporter.ts';
import { allEnded } from './all-ended.ts';
import { findTargets } from './find.ts';
import { openFanOut, pause } from './open.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';
import type { FanOutOptions } from './options.ts';
import { removeProbeRows, whyNot } from './probe-trace.ts';

export interface FanOutTestOptions extends FanOutOptions {
  /** How long it is waited for, milliseconds. */
  readonly timeout: number;
  /** Of this probe: letters and digits that nobody used before. */
  readonly id: string;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 1_000;
/** What is on its way when the source's object is gone may still land: looked for once more. */
const LATE_MS = 5_000;
/** Octets of a probe, unless the filter asks for more. */
const PROBE_OCTETS = 16;
const MOST_OCTETS = 16 * 1024 * 1024;

/** A destination, with where the probe goes. */
interface Way {
  readonly target: FanOutTarget;
  readonly object: ProbeObject;
}

/**
 * Puts a small object under the filter's prefix and suffix, waits for it at every destination, and takes it away
 * everywhere, also after an interruption.
 *
 * @throws FanOutNameError; AwsError TU2037 where no probe can be put
 */
export async function fanOutTest(project: Project, options: FanOutTestOptions): Promise<FanOutTestResult> {
  // Others get it as well, and are cleared too.
  const session = await openFanOut(project, { ...options, destinations: [] });
  const wanted = new Set(
    findTargets(session.document, project, options.destinations).map(({ destination }) => destinationName(destination)),
  );
  const { reporter = silent, stop, timeout, id } = options;
  const { key, size } = probeOf(session, id);
  const source = await probeObject(session.aws, session.asker(session.source), key, id);
  const planned = await allEnded(session.targets.map((target) => wayOf(session, target, { key, id })));
  const atSource = await lookTaken(source);
  if (atSource === true) throw taken(source.bucket, source);
  if (atSource !== false) throw notSeen(source.bucket, atSource.why);
  const { seen: all, unseen } = await seenWays(planned, { id, wanted });
  const ways = all.filter(({ target }) => wanted.has(target.name));
  let arrived: ReadonlyMap<Way, number> = new Map();
  let reasons: ReadonlyMap<Way, string> = new Map();
  let left: readonly ProbeLeft[] = [];
  try {
    await source.put(size);
    reporter.onStep(session.address, `probe ${key}`);
    arrived = await awaitArrivals(session, ways, { timeout, ...(stop && { stop }) }, (way, seconds) =>
      reporter.onStep(session.address, `${way.target.name}  ${seconds} s`),
    );
    const late = ways.filter((way) => !arrived.has(way));
    reasons = new Map(
      await allEnded(
        late.map(async (way): Promise<[Way, string]> => [way, await whyNot(session, way.target, way.object.key)]),
      ),
    );
  } finally {
    left = await removeEverywhere(session, source, all, arrived);
  }
  return {
    format: 'trueup/fan-out-test@1',
    document: session.address,
    ok: arrived.size === wanted.size && left.length === 0,
    key,
    destinations: ways.map((way) => arrivalOf(way, arrived, reasons)),
    left,
    unseen,
    interrupted: stop?.aborted ?? false,
    calls: session.aws.calls(),
  };
}

function noProbe(message: string, hint: string = 'test with an object of your own'): AwsError {
  return new AwsError('TU2037', `no probe can be put: ${message}`, { hint });
}

function probeOf({ document, targets }: FanOutSession, id: string): { readonly key: string; readonly size: number } {
  const hears = eventsOf(document).some((event) => ['s3:ObjectCreated:*', 's3:ObjectCreated:Put'].includes(event));
  if (!hears) {
    throw noProbe('spec.events leaves out s3:ObjectCreated:Put, and a probe is put');
  }
  const { prefix = '', suffix = '', minSize = 0, maxSize = Number.POSITIVE_INFINITY } = targets[0]?.told.filter ?? {};
  if (minSize > MOST_OCTETS) {
    throw noProbe(`spec.filter.minSize asks for a probe of ${minSize} octets`);
  }
  return { key: `${prefix}${PROBE}${id}${suffix}`, size: Math.min(Math.max(PROBE_OCTETS, minSize), maxSize) };
}

async function wayOf(
  session: FanOutSession,
  target: FanOutTarget,
  { key, id }: { readonly key: string; readonly id: string },
): Promise<Way> {
  const { destination, key: rewrite } = target.told;
  const mapped = compileDestinationKey(rewrite, destination.prefix)(key);
  if ('fault' in mapped) {
    throw noProbe(
      `${key} maps to no key at ${target.name}: ${mapped.fault}`,
      'look at spec.key, and test with an object of your own',
    );
  }
  // What is not named so the apply role may not delete.
  if (!mapped.key.slice(destination.prefix.length).includes(PROBE)) {
    throw noProbe(
      `the probe would land on ${mapped.key} at ${target.name}, which is no name of a probe`,
      `spec.key.replace takes ${PROBE} out of it: test with an object of your own`,
    );
  }
  return { target, object: await probeObject(session.aws, session.asker(destination), mapped.key, id) };
}

/** Has there ever been anything of its key? Or why it cannot be seen. */
async function lookTaken(object: ProbeObject): Promise<boolean | { readonly why: string }> {
  try {
    return await object.isTaken();
  } catch (error) {
    if (!isServiceError(error)) throw error;
    return { why: describeError(error) };
  }
}

/** A rewrite may give the probe a key that is somebody's: it would be overwritten, and then deleted. */
function taken(name: string, { key }: ProbeObject): AwsError {
  return noProbe(
    `the probe would land on ${key} at ${name}, of which a version is there already`,
    'spec.key.replace gives it that key: test with an object of your own',
  );
}

function notSeen(name: string, why: string): AwsError {
  const hint = 'trueup iam prints what the apply role needs; a bucket of an account without one, its owner must open';
  return noProbe(`${name} cannot be looked at: ${why}`, hint);
}

/**
 * Those that can be looked at. The probe goes to the others as well, so none is put where a rewrite takes its own name
 * away: there it might be somebody's.
 */
async function seenWays(
  ways: readonly Way[],
  { id, wanted }: { readonly id: string; readonly wanted: ReadonlySet<string> },
): Promise<{ readonly seen: readonly Way[]; readonly unseen: readonly UnseenDestination[] }> {
  const seen: Way[] = [];
  const unseen: UnseenDestination[] = [];
  for (const way of ways) {
    const { target, object } = way;
    const found = await lookTaken(object);
    if (found === true) throw taken(target.name, object);
    if (found === false) seen.push(way);
    else if (object.key.includes(PROBE + id)) unseen.push({ destination: target.name, why: found.why });
    else throw notSeen(target.name, found.why);
  }
  const [first] = unseen.filter(({ destination }) => wanted.has(destination));
  if (first && !seen.some(({ target }) => wanted.has(target.name))) throw notSeen(first.destination, first.why);
  return { seen, unseen };
}

/** Milliseconds from now to each arrival. */
async function awaitArrivals(
  session: FanOutSession,
  ways: readonly Way[],
  { timeout, stop }: { readonly timeout: number; readonly stop?: AbortSignal },
  onArrival: (way: Way, seconds: number) => void,
): Promise<ReadonlyMap<Way, number>> {
  const began = session.clock.now();
  const arrived = new Map<Way, number>();
  let wait = FIRST_PAUSE_MS;
  for (;;) {
    await pause(session, wait);
    const missing = ways.filter((way) => !arrived.has(way));
    await allEnded(
      missing.map(async (way) => {
        if (!(await way.object.isThere())) return;
        const seconds = Math.round((session.clock.now() - began) / 100) / 10;
        arrived.set(way, seconds);
        onArrival(way, seconds);
      }),
    );
    const isOver = session.clock.now() - began >= timeout;
    if (arrived.size === ways.length || isOver || stop?.aborted) return arrived;
    wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
  }
}

/** The source's first, so that nothing new begins; then the copies; then what landed meanwhile, and the rows. */
async function removeEverywhere(
  session: FanOutSession,
  source: ProbeObject,
  ways: readonly Way[],
  arrived: ReadonlyMap<Way, number>,
): Promise<readonly ProbeLeft[]> {
  const left: ProbeLeft[] = [];
  const remove = async (object: ProbeObject): Promise<void> => {
    try {
      const others = await object.removeAll();
      const why = 'somebody else has put an object there meanwhile, which stays';
      if (others > 0) left.push({ bucket: object.bucket, key: object.key, why });
    } catch (error) {
      left.push({ bucket: object.bucket, key: object.key, why: describeError(error) });
    }
  };
  await remove(source);
  const copies = [...new Map(ways.map((way) => [`${way.object.bucket}/${way.object.key}`, way])).values()];
  await allEnded(copies.map(({ object }) => remove(object)));
  const isQuiet = arrived.size === ways.length && !session.document.spec.replicateDeletes;
  await pause(session, isQuiet ? 0 : LATE_MS);
  if (!isQuiet) {
    const failed = new Set(left.map(({ bucket }) => bucket));
    await allEnded(copies.filter(({ object }) => !failed.has(object.bucket)).map(({ object }) => remove(object)));
  }
  await allEnded(copies.map(({ target, object }) => removeProbeRows(session, target, object.key)));
  return left;
}

function arrivalOf(way: Way, arrived: ReadonlyMap<Way, number>, reasons: ReadonlyMap<Way, string>): ProbeArrival {
  const seconds = arrived.get(way);
  const why = reasons.get(way);
  return {
    destination: way.target.name,
    key: way.object.key,
    arrived: seconds !== undefined,
    ...(seconds !== undefined && { seconds }),
    ...(seconds === undefined && why !== undefined && { why }),
  };
}
