import { ChangeResourceRecordSetsCommand, GetChangeCommand } from '@aws-sdk/client-route-53';
import type { Change, Route53Client } from '@aws-sdk/client-route-53';
import { isAwsError, isReplyLost, wasSentTwice } from '../../aws/errors.ts';
import { bisectBatch } from '../../dns/batches.ts';
import type { Batch, Packing } from '../../dns/batches.ts';
import { formatName } from '../../dns/name.ts';
import { toRoute53 } from '../../dns/route53.ts';
import type { RRset } from '../../dns/types.ts';
import type { Progress } from '../../engine/types.ts';

/** One step of bringing a zone in line; each is crash-safe. */
type Step =
  | { readonly code: 'batch'; readonly batch: Batch }
  | { readonly code: 'sync' }
  | { readonly code: 'soa'; readonly set: RRset };

/** Route 53 takes up to a minute to be in sync; asked this often. */
const SYNC_POLL_MS = 10_000;
const LOOK_AGAIN = { done: false, waiting: 'to list the zone again', again: 1_000, reload: true } as const;

export interface Refusal {
  readonly names: readonly string[];
  /** Route 53's text, verbatim. */
  readonly text: string;
}

/** The writing of one zone: batches in order, waits between the phases, the SOA last. */
export interface WritingSession {
  /** Takes the next step. `reload`: the zone must be listed again before anything else. */
  step(): Promise<Progress & { readonly reload?: true }>;
  readonly finished: boolean;
  /** The newest change that Route 53 took; what follows a phase waits for it. */
  readonly lastChange: string | undefined;
}

/**
 * Adds and changes first, then in sync, then pure deletions, then in sync, then the SOA, whose serial says which version
 * is served (specs: ZoneMirror, "Writing").
 */
export function openWriting(
  client: Route53Client,
  zoneId: string,
  packing: Packing,
  soa: RRset | undefined,
  /** Of a session that had to begin anew. */
  earlierChange?: string,
): WritingSession {
  const steps: Step[] = earlierChange === undefined ? [] : [{ code: 'sync' }];
  for (const phase of packing.phases) {
    steps.push(...phase.batches.map((batch): Step => ({ code: 'batch', batch })), { code: 'sync' });
  }
  if (soa) steps.push({ code: 'soa', set: soa });
  const batches = packing.phases.reduce((sum, phase) => sum + phase.batches.length, 0);
  const refusals: Refusal[] = [];
  let lastChange = earlierChange;
  let sent = 0;

  async function send(changes: readonly Change[]): Promise<void> {
    const { ChangeInfo } = await client.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes: [...changes] } }),
    );
    lastChange = ChangeInfo?.Id;
  }

  async function sendBatch(batch: Batch): Promise<Progress & { readonly reload?: true }> {
    try {
      await send(batch.changes.map(({ action, set }) => ({ Action: action, ResourceRecordSet: toRoute53(set) })));
    } catch (error) {
      if (mayHaveTakenEffect(error)) return LOOK_AGAIN;
      if (!isAwsError(error, 'InvalidChangeBatch')) throw error;
      steps.shift();
      const halves = bisectBatch(batch);
      if (halves) steps.unshift(...halves.map((half): Step => ({ code: 'batch', batch: half })));
      else refusals.push({ names: namesOf(batch), text: textOf(error) });
      return { done: false, waiting: 'to find the change that Route 53 refuses', again: 0 };
    }
    steps.shift();
    sent += 1;
    return { done: false, waiting: `batch ${sent} of ${Math.max(batches, sent)} is written`, again: 0 };
  }

  async function waitForSync(): Promise<Progress> {
    if (lastChange !== undefined) {
      if (!(await isInSync(lastChange))) {
        return { done: false, waiting: 'for Route 53 to be in sync', again: SYNC_POLL_MS };
      }
    }
    steps.shift();
    return { done: false, waiting: 'in sync', again: 0 };
  }

  /** A change that was just taken may not be known everywhere yet. */
  async function isInSync(Id: string): Promise<boolean> {
    try {
      const { ChangeInfo } = await client.send(new GetChangeCommand({ Id }));
      return ChangeInfo?.Status === 'INSYNC';
    } catch (error) {
      if (isAwsError(error, 'NoSuchChange')) return false;
      throw error;
    }
  }

  return {
    get finished() {
      return steps.length === 0 && refusals.length === 0;
    },
    get lastChange() {
      return lastChange;
    },
    async step() {
      const [next] = steps;
      if (next?.code === 'batch') return sendBatch(next.batch);
      if (next?.code === 'sync') return waitForSync();
      // What was refused keeps the old serial: the mirror does not serve this version.
      if (refusals.length > 0) throw new Error(refusalText(refusals));
      if (next?.code === 'soa') {
        try {
          await send([{ Action: 'UPSERT', ResourceRecordSet: toRoute53(next.set) }]);
        } catch (error) {
          if (mayHaveTakenEffect(error)) return LOOK_AGAIN;
          throw error;
        }
        steps.shift();
      }
      return { done: true };
    },
  };
}

/** The reply is lost, or an earlier try of the SDK's was answered by this one: list before anything is sent again. */
function mayHaveTakenEffect(error: unknown): boolean {
  return isReplyLost(error) || (isAwsError(error, 'InvalidChangeBatch') && wasSentTwice(error));
}

function namesOf(batch: Batch): readonly string[] {
  return [...new Set(batch.changes.map(({ set }) => formatName(set.name, 'decimal')))];
}

function textOf(error: unknown): string {
  const { messages, message } = error as { messages?: readonly string[]; message: string };
  return messages?.length ? messages.join(' ') : message;
}

function refusalText(refusals: readonly Refusal[]): string {
  return refusals.map(({ names, text }) => `Route 53 refuses ${names.join(', ')}: ${text}`).join('; ');
}
