import { randomUUID } from 'node:crypto';
import { AwsError } from '../../aws/errors.ts';
import { workBatches } from '../../reconcilers/bucket-fan-out/backfill-work.ts';
import { takePosition } from '../../resources/fan-out/backfill-position.ts';
import type { HeldPosition } from '../../resources/fan-out/backfill-position.ts';
import { sendMessages } from '../../resources/send-messages.ts';
import { notApplied } from './open.ts';
import type { FanOutSession, FanOutTarget } from './open.ts';
import type { Prepared } from './prepare-backfill.ts';

export interface HandOver {
  readonly stop?: AbortSignal | undefined;
  /** Told after each call. */
  readonly onSent: (sent: { readonly items: number; readonly messages: number }) => void;
}

/** What was handed over, and the row that remembers it. */
export interface HandedOver {
  readonly prepared: Prepared;
  /** Objects of this run. */
  readonly sent: number;
  readonly isAll: boolean;
  /** Forgets the run: it has come to its end. */
  readonly forget: () => Promise<void>;
}

/**
 * Hands the keys of one destination over to its queue of work, and remembers after each call how far it is.
 *
 * @throws AwsError TU2036 when another run took this one's place
 */
export async function handOver(
  session: FanOutSession,
  prepared: Prepared,
  { stop, onSent }: HandOver,
): Promise<HandedOver> {
  const { aws, clock, ledger } = session;
  const { target, before, key, objects } = prepared;
  const { told } = target;
  const began = before?.began ?? clock.now();
  const already = before?.sent ?? 0;
  const first = { after: before?.after ?? '', sent: already, began, at: clock.now() };
  const run = randomUUID();
  const position = await takePosition(ledger, key, first, run);
  let sent = 0;
  for (const { bodies, items, last } of workBatches(told, objects, run)) {
    if (stop?.aborted) break;
    const message = { place: told.place, url: told.workQueueUrl, bodies };
    if ((await sendMessages(aws, clock, message)) === 'no-queue') {
      throw notApplied(session, `the queue of work for ${target.name}`);
    }
    sent += items;
    const isOurs = await position.write({ after: last, sent: already + sent, began, at: clock.now() });
    if (!isOurs) throw overtaken(target);
    onSent({ items, messages: bodies.length });
  }
  return { prepared, sent, isAll: sent === objects.length, forget: () => forget(position, target) };
}

async function forget(position: HeldPosition, target: FanOutTarget): Promise<void> {
  if (!(await position.remove())) throw overtaken(target);
}

function overtaken({ name }: FanOutTarget): AwsError {
  return new AwsError('TU2036', `another backfill of ${name} began meanwhile, and goes on with what this one left`, {
    hint: 'nothing is lost: let one of them run',
  });
}
