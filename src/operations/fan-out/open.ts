import type { Aws } from '../../aws/clients.ts';
import { AwsError } from '../../aws/errors.ts';
import { documentAddress } from '../../engine/address.ts';
import type { Address, Clock } from '../../engine/types.ts';
import type { FanOutDocument, OwnedBucket } from '../../reconcilers/bucket-fan-out/fan-out-document.ts';
import { fanOutDocument } from '../../reconcilers/bucket-fan-out/function-document.ts';
import { askerOf } from '../../reconcilers/bucket-fan-out/looking.ts';
import { destinationName, sourceOf } from '../../reconcilers/bucket-fan-out/places.ts';
import type { BucketFanOut } from '../../reconcilers/bucket-fan-out/places.ts';
import type { BucketQuestion } from '../../resources/bucket-view.ts';
import { openLedgerTable } from '../../resources/fan-out/row-update.ts';
import type { LedgerTable } from '../../resources/fan-out/row-update.ts';
import { clockOf } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { worldOptions } from '../plan.ts';
import type { Project } from '../project.ts';
import { connect } from '../world.ts';
import { findFanOut, findTargets } from './find.ts';
import type { FanOutOptions } from './options.ts';

/** One destination, with what its function is told. */
export interface FanOutTarget {
  /** As people call it: `bucket`, or `bucket/prefix`. */
  readonly name: string;
  readonly told: FanOutDocument;
}

/** What all verbs of a fan-out start from. */
export interface FanOutSession {
  readonly document: BucketFanOut;
  readonly address: Address;
  readonly source: OwnedBucket;
  readonly targets: readonly FanOutTarget[];
  readonly aws: Aws;
  readonly clock: Clock;
  readonly endpoint: Endpoint;
  readonly ledger: LedgerTable;
  /** Whose credentials look at a bucket, and where. */
  readonly asker: (bucket: OwnedBucket) => BucketQuestion;
}

/**
 * Finds the document and its destinations, and connects. All verbs act as the apply role: rows of the ledger and what HEAD
 * tells are data, which the plan role is denied (threats T61).
 *
 * @throws FanOutNameError
 */
export async function openFanOut(project: Project, options: FanOutOptions): Promise<FanOutSession> {
  const { estate } = project;
  const document = findFanOut(project, options.name);
  const source = sourceOf(document, estate);
  const targets = findTargets(document, project, options.destinations).map((target): FanOutTarget => ({
    name: destinationName(target.destination),
    told: fanOutDocument(document, estate, target),
  }));
  const [first] = targets;
  if (!first) throw new Error('a fan-out has a destination');
  const world = worldOptions(options, { role: 'apply', listing: 'when-moved' });
  // Calls grow with the objects, and how many those are nothing tells beforehand.
  const aws = connect(project, { ...world, callBudget: Number.POSITIVE_INFINITY });
  const clock = clockOf(options.endpoint);
  return {
    document,
    address: documentAddress(document),
    source,
    targets,
    aws,
    clock,
    endpoint: options.endpoint,
    ledger: await openLedgerTable(aws, first.told.place, first.told.ledger, () => clock.now()),
    asker: (bucket) => askerOf(bucket, source, estate, 'applyRole'),
  };
}

/** What is to be there after an apply, and is not. */
export function notApplied({ address }: Pick<FanOutSession, 'address'>, what: string): AwsError {
  return new AwsError('TU2035', `${what} of ${address} does not exist`, {
    hint: 'make it: trueup plan, then trueup apply',
  });
}

/**
 * Lets time pass. In the embedded account what was handed over is done first: its clock is turned, and would otherwise run
 * ahead of what is done by it.
 */
export async function pause(
  { endpoint, clock }: FanOutSession,
  milliseconds: number,
  stop?: AbortSignal,
): Promise<void> {
  if (endpoint.kind === 'embedded') await endpoint.account.settled();
  await clock.sleep(milliseconds, stop);
}
