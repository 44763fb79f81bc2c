import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { readTree } from '../../src/engine/config/tree.ts';
import type { LeaseRecord } from '../../src/engine/lease.ts';
import type { Plan } from '../../src/engine/types.ts';
import type { EmbeddedAccount } from '../../src/embedded/index.ts';
import type { Approvals, Continuation, LoopAnswer, LoopMode, LoopRequest } from '../../src/operations/loop/types.ts';
import { runLoop } from '../../src/operations/loop/run-loop.ts';
import { packTree } from '../../src/bundle/bundle.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';
import { leaseBucket } from '../../src/resources/lease/bucket.ts';
import { leaseKey } from '../../src/resources/lease/store.ts';
import type { Cell } from '../../src/resources/cell/types.ts';
import { join } from 'node:path';
import type { TestEstate } from './estate.ts';
import { tapped } from './wiretap.ts';
import type { Attempt } from './wiretap.ts';

export interface InProcess {
  readonly state?: Cell;
  readonly mode?: LoopMode;
  readonly account?: EmbeddedAccount;
  readonly generation?: number;
  readonly over?: Partial<LoopRequest>;
}

/** One invocation of a loop over the estate's configuration as it lies there, in this process. */
export async function invocation(
  estate: TestEstate,
  { state = memoryCell(), mode = 'heal', account = estate.account, generation = 1, over = {} }: InProcess,
): Promise<LoopAnswer> {
  const { files } = await readTree(join(estate.directory, 'config'));
  const commit = generation.toString(16).padStart(40, '0');
  const { statement } = packTree(files, {
    owner: 'acme-network',
    commit,
    committedAt: '2026-11-24T09:00:00Z',
    generation,
  });
  return runLoop({
    loop: {
      address: 'ReconcileLoop/main',
      owner: 'acme-network',
      account: '111122223333',
      mode,
      onlyKinds: [],
      selfUpdate: false,
      heedsDocument: false,
    },
    source: {
      read: async () => ({ files, commit, generation, digest: statement.digest, approvedSince: { generation } }),
    },
    state,
    endpoint: { kind: 'embedded', account },
    run: 'test',
    left: () => Number.POSITIVE_INFINITY,
    stop: new AbortController().signal,
    ...over,
  });
}

/** A run that does not end by then never does. */
const MOST_INVOCATIONS = 60;

export interface Chained extends Omit<InProcess, 'account'> {
  readonly state: Cell;
  /** Milliseconds that an invocation has left after so many calls; default: one slice is looked at, and then its time is over. */
  readonly left?: (calls: number) => number;
  /** Is its time over at this call, in the middle of whatever it does? Default: it never is. */
  readonly endsAt?: (attempt: Attempt, at: { readonly call: number; readonly part: number }) => boolean;
}

export interface Chain {
  readonly answers: readonly LoopAnswer[];
  /** As it lies after each invocation. */
  readonly leases: readonly LeaseRecord[];
  /** Of all invocations. */
  readonly attempts: readonly Attempt[];
}

/** A run over all the invocations that start one another. */
export async function invocations(
  estate: TestEstate,
  { left = () => 0, endsAt = () => false, over: given, ...rest }: Chained,
): Promise<Chain> {
  const answers: LoopAnswer[] = [];
  const leases: LeaseRecord[] = [];
  const attempts: Attempt[] = [];
  let next: Continuation | undefined;
  do {
    const continues: Continuation | undefined = next;
    next = undefined;
    const end = new AbortController();
    const part = answers.length + 1;
    const account = tapped(estate.account, (attempt, call) => {
      if (endsAt(attempt, { call, part })) end.abort();
    });
    const over: Partial<LoopRequest> = {
      ...given,
      ...(continues && { continues }),
      left: () => left(account.attempts.length),
      stop: end.signal,
      onward: async (onward) => void (next = onward),
    };
    answers.push(await invocation(estate, { ...rest, account, over }));
    attempts.push(...account.attempts);
    leases.push(await leaseOf(estate));
  } while (next && answers.length < MOST_INVOCATIONS);
  return { answers, leases, attempts };
}

async function leaseOf({ account }: TestEstate): Promise<LeaseRecord> {
  const home = { account: '111122223333', region: 'eu-west-1' };
  const client = account.client(S3Client, home);
  const where = { Bucket: leaseBucket('acme-network', home).name, Key: leaseKey('acme-network') };
  const { Body } = await client.send(new GetObjectCommand(where));
  return JSON.parse(await Body!.transformToString()) as LeaseRecord;
}

/** An approval of plans, as the loop reads it. */
export function approvalOf(...plans: readonly Plan[]): Approvals {
  const copies = plans.map((plan) => ({
    digest: plan.digest,
    plan: JSON.parse(JSON.stringify(plan)) as Plan,
    approvedAt: '2026-11-24T09:30:00Z',
  }));
  return { read: async () => copies };
}
