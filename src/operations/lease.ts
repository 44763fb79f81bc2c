import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import type { Aws } from '../aws/clients.ts';
import { AwsError, describeError, isServiceError } from '../aws/errors.ts';
import { monotonicClock } from '../aws/clocks.ts';
import { ClaimedError, acquireLease, lookForCalm as lookIn } from '../engine/lease.ts';
import type { Calm, Lease, LeaseRecord } from '../engine/lease.ts';
import { parseDuration } from '../engine/duration.ts';
import type { Clock, Finding } from '../engine/types.ts';
import { leaseName, leaseStore, openLeaseStore } from '../resources/lease/open.ts';
import type { LeasePlace } from '../resources/lease/open.ts';
import { leasePlaceOf } from '../iam/tree.ts';
import { timeoutsWithin } from './endpoint.ts';
import type { Endpoint, Timeouts } from './endpoint.ts';
import type { Project } from './project.ts';

export interface LeaseRequest {
  readonly endpoint: Endpoint;
  /** Whose estate it is; undefined: it cannot be told, and nothing is claimed. */
  readonly repository: string | undefined;
  /** Before the world was looked at. */
  readonly calm: Calm | undefined;
  /** By which a lease is watched and renewed; default: the process's own. */
  readonly clock?: Clock;
  /** Of a holding that was handed over; default: a new one. */
  readonly token?: string;
  readonly stop?: AbortSignal;
  onWait?(holder: string, expires: string | null): void;
}

/** How long a lease of this estate lives, in milliseconds. */
export function leaseLife({ settings }: Project): number {
  return 1000 * (parseDuration(settings.lease.ttl) ?? 0);
}

/** What requests may take under it. */
export function leaseTimeouts(project: Project): Timeouts {
  return timeoutsWithin(leaseLife(project));
}

/** Does nobody apply just now? One call, before the world is looked at; what hinders it is said when the lease is taken. */
export async function lookForCalm(project: Project, aws: Aws): Promise<Calm | undefined> {
  try {
    return await lookIn(await leaseStore(aws, leasePlaceOf(project)));
  } catch (error) {
    return error instanceof AwsError && error.code === 'TU3014' ? { version: undefined } : undefined;
  }
}

/**
 * Takes the estate's lease, in the bucket or table that Settings name, or in trueup's own bucket, which is made first.
 *
 * @throws LeaseHeldError when somebody else has it and is alive
 * @throws AwsError TU3012 to TU3016 when it cannot be taken
 */
export async function takeLease(project: Project, aws: Aws, request: LeaseRequest): Promise<Lease> {
  const { owner } = project.estate;
  const { connectionTimeout, requestTimeout } = leaseTimeouts(project);
  const isEmbedded = request.endpoint.kind === 'embedded';
  try {
    return await acquireLease(await openLeaseStore(aws, leasePlaceOf(project)), {
      owner,
      repository: request.repository,
      holder: holderName(),
      ...(isEmbedded && { process: ownProcess(), hasEnded }),
      calm: request.calm,
      token: request.token ?? randomUUID(),
      ttlMs: leaseLife(project),
      longestRequestMs: connectionTimeout + requestTimeout,
      monotonic: request.clock ?? monotonicClock,
      today: Date.now,
      ...(request.stop && { stop: request.stop }),
      onWait: (holder, expires) => request.onWait?.(holder, expires),
    });
  } catch (error) {
    throw refusalOf(error, leasePlaceOf(project));
  }
}

function refusalOf(error: unknown, place: LeasePlace): unknown {
  if (error instanceof ClaimedError) {
    return new AwsError('TU3012', error.message, {
      hint: `two repositories that share accounts need two owners in Settings; if the repository was renamed, delete ${leaseName(place)} once no apply is running`,
      cause: error,
    });
  }
  if (!isServiceError(error)) return error;
  return new AwsError('TU3016', `the lease could not be taken, and nothing was changed: ${describeError(error)}`, {
    hint: 'apply reads and writes it as its account’s applyRole: s3:GetObject, s3:PutObject and s3:ListBucket on a bucket of that account, or dynamodb:DescribeTable, GetItem and PutItem',
    cause: error,
  });
}

/** The bucket that the first apply makes is no action: a plan with actions says it. */
export function leaseNote(bucket: string): Finding {
  const message = `the first apply makes the bucket ${bucket}: applies exclude each other by an object in it`;
  const hint = 'spec.lease of Settings can name another bucket, or a table';
  return { document: '', code: 'lease-bucket', severity: 'info', message, hint };
}

/** Who to ask when a lease stands in the way. */
function holderName(environment: NodeJS.ProcessEnv = process.env): string {
  const run = environment['GITHUB_RUN_ID'];
  if (run !== undefined) return `run ${run} of ${environment['GITHUB_REPOSITORY'] ?? 'an unknown repository'}`;
  return `${userName()} on ${hostname()}, process ${process.pid}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user without a name.
    return 'somebody';
  }
}

/**
 * Names this process so that others on its machine can tell whether it lives. Only the embedded account's leases have
 * it: there nobody waits in real time, and account and processes share one machine.
 */
function ownProcess(): string {
  return `${machine()}/${process.pid}/${startOf(process.pid) ?? ''}`;
}

/** Was it held by a process of this machine that is not there any more? */
function hasEnded({ process: holder }: LeaseRecord): boolean {
  const [where, pid = '', start] = holder?.split('/') ?? [];
  if (where !== machine() || !/^\d+$/.test(pid)) return false;
  if (start !== '') return startOf(Number(pid)) !== start;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Boot and process namespace on Linux, the host's name elsewhere. */
function machine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname().replaceAll('/', '-');
  }
}

/** When a process began, in ticks since boot (proc(5), field 22); undefined: it is not there, or not to be seen. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // A zombie is dead, and only not yet buried.
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
