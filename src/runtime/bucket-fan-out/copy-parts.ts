import { partRange } from '../../fan-out/copy-plan.ts';
import type { UploadedPart } from '../../resources/object-copy/multipart-copy.ts';
import type { HeldRow } from './held-row.ts';
import type { LargeCopyWorld } from './large-copy.ts';

export interface PartsOrder {
  readonly uploadId: string;
  /** Octets of the source. */
  readonly size: number;
  readonly partSize: number;
}

export interface CopiedParts {
  /** All that S3 has now, by their numbers. */
  readonly parts: readonly UploadedPart[];
  /** How many of them were missing. */
  readonly copied: number;
  /** `stopped`: the time is over; `gone`: the upload; `source-gone`: what was to be copied. */
  readonly ended: 'all' | 'stopped' | 'gone' | 'source-gone';
}

/**
 * Copies the parts that are missing, several at once. After the first failure no other is begun, and those on their way
 * are waited for: nothing comes in behind an abort.
 *
 * @throws the first failure
 */
export async function copyParts(
  { uploadId, size, partSize }: PartsOrder,
  found: readonly UploadedPart[],
  { calls, time, concurrency }: Pick<LargeCopyWorld, 'calls' | 'time' | 'concurrency'>,
  held: HeldRow,
): Promise<CopiedParts> {
  const parts = new Map<number, UploadedPart>();
  const missing: number[] = [];
  const byNumber = new Map(found.map((part) => [part.number, part]));
  for (let number = 1; number <= Math.ceil(size / partSize); number += 1) {
    const { from, to } = partRange(size, partSize, number);
    const part = byNumber.get(number);
    if (part?.size === to - from + 1) parts.set(number, part);
    else missing.push(number);
  }
  // A client that waits before it tries again hears no signal.
  const stopped = new Promise<undefined>((resolve) => {
    time.stop.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  let end: 'gone' | 'source-gone' | { readonly error: unknown } | undefined;
  const queue = missing.values();

  async function work(): Promise<void> {
    for (const number of queue) {
      if (held.trouble() !== undefined) end ??= { error: held.trouble() };
      if (end !== undefined || time.stop.aborted) return;
      try {
        const range = partRange(size, partSize, number);
        const copied = await Promise.race([calls.copyPart(uploadId, number, range, time.stop), stopped]);
        if (copied === undefined) return;
        if (typeof copied === 'string') end ??= copied;
        else parts.set(number, copied);
      } catch (error) {
        // Cut off by the signal: the next invocation copies it again.
        if (!time.stop.aborted) end ??= { error };
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(concurrency, missing.length) }, work));
  if (typeof end === 'object') throw end.error;
  const copied = missing.filter((number) => parts.has(number)).length;
  const inOrder = [...parts.values()].sort((left, right) => left.number - right.number);
  const isWhole = parts.size === Math.ceil(size / partSize);
  return { parts: inOrder, copied, ended: end ?? (isWhole ? 'all' : 'stopped') };
}
