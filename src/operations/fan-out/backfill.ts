import type { BackfilledDestination, BackfillOutcome, FanOutBackfillResult } from '../../fan-out/backfill-result.ts';
import type { CollidingKey, UnseenDestination } from '../../fan-out/verify-result.ts';
import type { Project } from '../project.ts';
import { awaitLarge } from './await-large.ts';
import { awaitQueues, deadLettersAt, waitingAt } from './await-queues.ts';
import { backfillPace } from './backfill-pace.ts';
import type { BackfillProgress } from './backfill-pace.ts';
import { handOver } from './hand-over.ts';
import type { HandedOver } from './hand-over.ts';
import { refusePrefix } from './listings.ts';
import { openFanOut } from './open.ts';
import type { FanOutSession } from './open.ts';
import type { FanOutOptions } from './options.ts';
import { refusedKeys } from './refused-keys.ts';
import { prepare, resumedRun } from './prepare-backfill.ts';
import type { Prepared } from './prepare-backfill.ts';
import { eachSeen } from './unseen.ts';

export interface FanOutBackfillOptions extends FanOutOptions {
  /** Only keys of the source that begin so. */
  readonly prefix?: string;
  /** Say what it takes, and copy nothing. */
  readonly dryRun?: boolean;
  /** End when the work is handed over. */
  readonly noWait?: boolean;
  /** Told what it takes before anything is handed over. */
  readonly onForetold?: (destinations: readonly BackfilledDestination[]) => void;
  readonly onProgress?: (progress: BackfillProgress) => void;
}

/** What a destination has come to. */
interface Figures {
  /** What the functions refused beyond what the comparison saw. */
  readonly refused: readonly CollidingKey[];
  readonly sent: number;
  readonly copying: number | null;
  readonly waiting: number | null;
  readonly deadLetters: number | null;
}

const NOTHING: Figures = { refused: [], sent: 0, copying: null, waiting: null, deadLetters: null };

/**
 * Copies what the destinations do not have: compares, hands keys over to the queues of work, and waits until the functions
 * have done it. A run that ends anywhere is gone on with by the next one, which waits for what was handed over already:
 * so nothing is done twice.
 *
 * @throws FanOutNameError; AwsError TU2035 where the fan-out was never applied, TU2036 when another run took over
 */
export async function fanOutBackfill(project: Project, options: FanOutBackfillOptions): Promise<FanOutBackfillResult> {
  const session = await openFanOut(project, options);
  refusePrefix(session, options.prefix);
  const { seen: prepared, unseen } = await prepareAll(session, options);
  options.onForetold?.(prepared.map((one) => destinationOf(one, NOTHING)));
  const end = prepared.find((one) => one.end !== undefined)?.end;
  if (options.dryRun || end !== undefined) {
    const outcome = end === undefined ? 'foretold' : end === 'stuck' ? 'stuck' : 'interrupted';
    return resultOf(
      session,
      outcome,
      prepared.map((one) => destinationOf(one, NOTHING)),
      { colliding: prepared.flatMap(({ colliding }) => colliding), unseen },
    );
  }
  // A run that is remembered is forgotten, though nothing may be left of it.
  const open = prepared.filter(({ objects, before }) => objects.length > 0 || before !== undefined);
  return sendAll(session, { prepared, open, unseen }, options);
}

function prepareAll(session: FanOutSession, options: FanOutBackfillOptions) {
  const { reporter, prefix, dryRun = false, stop } = options;
  return eachSeen(session.targets, (target) => {
    const step = (text: string): void => reporter?.onStep(session.address, `${target.name}  ${text}`);
    return prepare(session, target, {
      prefix,
      isDry: dryRun,
      stop,
      onCompared: (_, objects) => step(`compares ${objects.toLocaleString('en-US')} objects`),
      onWaiting: (_, messages) => step(`waits for ${messages.toLocaleString('en-US')} messages handed over before`),
    });
  });
}

/** What is to be done, and where nothing can be. */
interface Work {
  readonly prepared: readonly Prepared[];
  readonly open: readonly Prepared[];
  readonly unseen: readonly UnseenDestination[];
}

async function sendAll(
  session: FanOutSession,
  { prepared, open, unseen }: Work,
  { stop, noWait = false, onProgress }: FanOutBackfillOptions,
): Promise<FanOutBackfillResult> {
  const targets = open.map(({ target }) => target);
  const dead = new Map<string, number>();
  for (const target of targets) dead.set(target.name, await deadLettersAt(session, target));
  const pace = backfillPace(
    session.clock,
    open.reduce((sum, { objects }) => sum + objects.length, 0),
  );
  const handed: HandedOver[] = [];
  for (const one of open) {
    handed.push(await handOver(session, one, { stop, onSent: (sent) => onProgress?.(pace.sent(sent)) }));
  }
  let outcome: BackfillOutcome = open.length === 0 ? 'nothing' : noWait ? 'handed-over' : 'done';
  if (handed.some(({ isAll }) => !isAll)) outcome = 'interrupted';
  if (outcome === 'done') {
    const end = await awaitQueues(session, targets, { stop, onLook: (waiting) => onProgress?.(pace.waiting(waiting)) });
    if (end !== 'empty') outcome = end === 'stuck' ? 'stuck' : 'interrupted';
  }
  let copying: readonly number[] | undefined;
  if (outcome === 'done') {
    copying = await awaitLarge(session, open, stop);
    if (copying.some((count) => count > 0)) outcome = stop?.aborted ? 'interrupted' : 'copying';
  }
  // What is handed over and not waited for is no unfinished run: a next one waits for it, and looks at everything again.
  if (['done', 'copying', 'handed-over'].includes(outcome)) for (const one of handed) await one.forget();
  const figures = new Map<string, Figures>();
  for (const [index, one] of handed.entries()) {
    const {
      prepared: { target, objects, mayCollide },
      sent,
    } = one;
    const deadLetters = Math.max(0, (await deadLettersAt(session, target)) - (dead.get(target.name) ?? 0));
    const waiting = outcome === 'done' || outcome === 'copying' ? 0 : await waitingAt(session, target);
    const keys = outcome === 'done' && mayCollide ? objects.map(({ key }) => key) : [];
    const refused = await refusedKeys(session, target, keys);
    figures.set(target.name, { refused, sent, copying: copying?.[index] ?? null, waiting, deadLetters });
  }
  const end = (one: Prepared): Figures => figures.get(one.target.name) ?? NOTHING;
  return resultOf(
    session,
    outcome,
    prepared.map((one) => destinationOf(one, end(one))),
    { colliding: prepared.flatMap((one) => [...one.colliding, ...end(one).refused]), unseen },
  );
}

function destinationOf(
  { target, estimate, before, colliding, unmappable, archived }: Prepared,
  { refused, ...figures }: Figures,
): BackfilledDestination {
  return {
    destination: target.name,
    foretold: estimate,
    resumed: before ? resumedRun(before) : null,
    collisions: colliding.length + refused.length,
    unmappable,
    archived,
    ...figures,
  };
}

function resultOf(
  { address, aws }: FanOutSession,
  outcome: BackfillOutcome,
  destinations: readonly BackfilledDestination[],
  { colliding, unseen }: Pick<FanOutBackfillResult, 'colliding' | 'unseen'>,
): FanOutBackfillResult {
  const isThrough = !['stuck', 'interrupted', 'copying'].includes(outcome);
  const hasFailed = destinations.some(({ deadLetters }) => (deadLetters ?? 0) > 0);
  const hasLeftOut = destinations.some(({ collisions, unmappable }) => collisions + unmappable > 0);
  return {
    format: 'trueup/fan-out-backfill@1',
    document: address,
    ok: isThrough && !hasFailed && !hasLeftOut && unseen.length === 0,
    outcome,
    destinations,
    unseen,
    colliding,
    calls: aws.calls(),
  };
}
