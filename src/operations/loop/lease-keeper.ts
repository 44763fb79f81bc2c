import { randomUUID } from 'node:crypto';
import type { Aws } from '../../aws/clients.ts';
import type { Calm, Lease } from '../../engine/lease.ts';
import type { Clock } from '../../engine/types.ts';
import type { Endpoint } from '../endpoint.ts';
import { takeLease } from '../lease.ts';
import type { Project } from '../project.ts';

/** The one lease of a run: taken before its first write, and kept to its end or handed to the next invocation. */
export interface LeaseKeeper {
  /** Is it held now? Then nobody else writes. */
  isHeld(): boolean;
  /** Taken now, or taken before. To give it back is the run's business. */
  lease(): Promise<Lease>;
  /** May a request start? It may where no lease is held: nothing is written then. @throws LeaseLostError */
  permit(): void;
  /** The version at which it stands then; undefined: none was held, or it is not known. */
  release(): Promise<string | undefined>;
  /** With which the next invocation takes it; undefined: none was held, or it was lost. */
  handOver(): Promise<string | undefined>;
}

export interface LeaseKeeping {
  readonly endpoint: Endpoint;
  readonly repository: string | undefined;
  /** Of the invocation before. */
  readonly token: string | undefined;
  readonly calm: Calm | undefined;
  readonly stop: AbortSignal;
  readonly clock?: Clock;
  /** Called before it is taken, and when it is held: what it throws ends the run before its first write. */
  readonly beforeWrites: () => Promise<void>;
}

export function keepLease(project: Project, aws: Aws, keeping: LeaseKeeping): LeaseKeeper {
  const { token = randomUUID(), clock, beforeWrites, ...request } = keeping;
  let held: Lease | undefined;
  return {
    isHeld: () => held !== undefined,
    async lease() {
      if (held) return { ...held, moved: false, release: async () => undefined };
      await beforeWrites();
      const taken = await takeLease(project, aws, { ...request, token, ...(clock && { clock }) });
      held = taken;
      await beforeWrites();
      return { ...taken, release: async () => undefined };
    },
    permit() {
      held?.permit();
    },
    async release() {
      const lease = held;
      held = undefined;
      return lease?.release();
    },
    async handOver() {
      const lease = held;
      held = undefined;
      return (await lease?.handOver()) ? token : undefined;
    },
  };
}
