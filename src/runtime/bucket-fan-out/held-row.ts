import type { Clock } from '../../engine/types.ts';
import { LEASE_MS } from './upload-state.ts';
import type { UploadRow, UploadState } from './upload-state.ts';

/** Somebody else has the row now: whatever we do to the upload would be done to his. */
export class LostRowError extends Error {
  override readonly name = 'LostRowError';

  constructor() {
    super('The lease of the copy was lost to another invocation.');
  }
}

/** A row whose lease is ours, and is kept. */
export interface HeldRow {
  /** As it was read or last written. */
  state(): UploadState | undefined;
  /** @throws LostRowError */
  save(state: UploadState | undefined): Promise<void>;
  /** @throws LostRowError */
  handOver(state: UploadState): Promise<void>;
  /** What went wrong while the lease was renewed; undefined: nothing. */
  trouble(): unknown;
  letGo(): void;
}

/** Does something every so many milliseconds, until the function that it returns is called. */
export type Every = (milliseconds: number, work: () => void) => () => void;

export function everyInterval(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(work, milliseconds);
  return () => clearInterval(timer);
}

interface Taken {
  readonly state: UploadState | undefined;
}

/** Of a lease, three renewals may fail. */
const RENEW_MS = LEASE_MS / 4;

/**
 * Takes a row, and waits for the lease of a holder who has died. One who renews it all that time is alive.
 *
 * @throws Error when there is no time to wait for that: Lambda tries again.
 */
export async function takeRow(
  row: UploadRow,
  { clock, stop }: { readonly clock: Clock; readonly stop: AbortSignal },
): Promise<Taken | 'elsewhere'> {
  for (let waited = 0; waited <= LEASE_MS + RENEW_MS; waited += RENEW_MS) {
    const taken = await row.take();
    if (taken !== undefined) return taken;
    if (stop.aborted)
      throw new Error('Another invocation has the lease of this copy, and may be dead: there is no time to wait.');
    await clock.sleep(RENEW_MS, stop);
  }
  return 'elsewhere';
}

/** @param every real time: the lease is renewed while parts are waited for */
export function keepRow(row: UploadRow, { state: found }: Taken, every: Every): HeldRow {
  let state = found;
  let trouble: unknown;
  let last: Promise<void> = Promise.resolve();

  /** One write after the other: an older state never comes behind a newer one. */
  function write(send: () => Promise<boolean>): Promise<void> {
    const written = last.then(async () => {
      if (!(await send())) throw new LostRowError();
    });
    last = written.catch(() => undefined);
    return written;
  }

  const stopRenewing = every(RENEW_MS, () => {
    write(() => row.save(state)).catch((error: unknown) => {
      trouble ??= error;
    });
  });

  return {
    state: () => state,
    async save(next) {
      await write(() => row.save(next));
      state = next;
    },
    async handOver(next) {
      stopRenewing();
      await write(() => row.handOver(next));
      state = next;
    },
    trouble: () => trouble,
    letGo: stopRenewing,
  };
}
