import { documentAddress } from '../../engine/address.ts';
import type { Estate, Finding } from '../../engine/types.ts';
import { alarmTopicFindings } from '../alarm-topic-findings.ts';
import type { Readers } from '../readers.ts';
import { alarmEstate } from './alarms.ts';
import { backlogFindings } from './backlog-findings.ts';
import { destinationFindings, sourceFindings } from './bucket-findings.ts';
import type { Seen } from './bucket-findings.ts';
import { capacityFindings } from './capacity-findings.ts';
import { deployedTargets, sourceFixed } from './deployed-targets.ts';
import { encryptionFindings } from './encryption-findings.ts';
import type { OwnedBucket } from './fan-out-document.ts';
import { fanOutDocument } from './function-document.ts';
import { questionOf } from './looking.ts';
import type { Judgement } from './looking.ts';
import { nativeReplication } from './native-replication.ts';
import { notificationFindings } from './notification-findings.ts';
import { ownerFindings } from './owner-findings.ts';
import { homeOf, sourceOf, targetsOf } from './places.ts';
import type { BucketFanOut, Target } from './places.ts';

/**
 * The buckets as they are, what others have their notifications do, what owners of other accounts must allow, what is
 * there already, and whether the account has room for so many functions at once.
 */
export async function look(document: BucketFanOut, estate: Estate, readers: Readers): Promise<readonly Finding[]> {
  const address = documentAddress(document);
  const place = homeOf(document, estate);
  const [judgements, topic] = await Promise.all([
    judge(document, estate, readers),
    alarmTopicFindings(
      { document: address, place, ...(document.spec.alarms.sns !== undefined && { field: 'spec.alarms.sns' }) },
      alarmEstate(document, estate),
      readers.topic,
    ),
  ]);
  return [...judgements.map((judgement) => ({ document: address, ...judgement })), ...topic];
}

async function judge(document: BucketFanOut, estate: Estate, readers: Readers): Promise<readonly Judgement[]> {
  const source = sourceOf(document, estate);
  const targets = targetsOf(document, estate);
  const { replicateDeletes } = document.spec;
  const [seen, notifications, owners, capacity, applied, ...there] = await Promise.all([
    readers.bucket(questionOf(source, source, estate)),
    notificationFindings(document, estate, readers.notifications),
    Promise.all(targets.map((target) => allowed(document, estate, target, readers))),
    capacityFindings(homeOf(document, estate), estate, readers),
    deployedFindings(document, estate, readers),
    ...targets.map((target) => destinationSeen(target, { source, estate, readers })),
  ]);
  return [
    ...sourceFindings(source, seen),
    ...there.flatMap(({ target, seen: one, encryption }) => [
      ...destinationFindings(target.destination, one, {
        index: target.index,
        replicateDeletes,
        isEntered: questionOf(target.destination, source, estate).from.account === target.destination.account,
      }),
      ...encryption,
    ]),
    ...notifications,
    ...owners.flat(),
    ...nativeReplication(document, [seen, ...there.map(({ seen: one }) => one)]),
    ...applied,
    ...capacity,
  ];
}

/** What is said of what was applied before: objects that are left to bring, and a source that is another one. */
async function deployedFindings(
  document: BucketFanOut,
  estate: Estate,
  readers: Readers,
): Promise<readonly Judgement[]> {
  const deployed = await deployedTargets(document, estate, readers);
  const { listBucket } = readers;
  return [...sourceFixed(document, deployed), ...(await backlogFindings(document, estate, { deployed, listBucket }))];
}

/** A bucket that is not there, or cannot be looked at, is asked nothing more. */
async function destinationSeen(
  target: Target,
  { source, estate, readers }: { readonly source: OwnedBucket; readonly estate: Estate; readonly readers: Readers },
): Promise<{ readonly target: Target; readonly seen: Seen; readonly encryption: readonly Judgement[] }> {
  const seen = await readers.bucket(questionOf(target.destination, source, estate));
  if (seen === 'absent' || seen.state !== 'present') return { target, seen, encryption: [] };
  return { target, seen, encryption: await encryptionFindings(target, source, estate, readers.defaultEncryption) };
}

/** Nothing is asked of a bucket of the source's own account: there the function's own rights are enough. */
async function allowed(
  document: BucketFanOut,
  estate: Estate,
  target: Target,
  { bucketPolicy, functionState }: Readers,
): Promise<readonly Judgement[]> {
  const source = sourceOf(document, estate);
  if (target.destination.account === source.account) return [];
  const { functionName } = fanOutDocument(document, estate, target);
  const policy = await bucketPolicy(questionOf(target.destination, source, estate));
  const isMade = policy.state !== 'read' && (await functionState(homeOf(document, estate), functionName)) === 'present';
  return ownerFindings(document, estate, { source, target, policy, isMade });
}
