import type { MessagePort } from 'node:worker_threads';
import { embeddedPlugin } from '../../attach.ts';
import type { EmbeddedHook, ResolverAddress } from '../../hook.ts';
import { readTime } from '../shared-time.ts';
import { unpackError } from '../wire.ts';
import type { ToHost, ToWorker, WorkerData } from '../wire.ts';

interface Waiting {
  resolve(value: object): void;
  reject(error: Error): void;
}

/** The worker's end of the hook. */
export interface InstalledHook {
  /** An answer from the host. */
  receive(message: Exclude<ToWorker, { kind: 'invoke' }>): void;
  /** Milliseconds of the account's clock that this environment let pass, in all. */
  slept(): number;
}

/** Puts the hook where functions look for it. */
export function installHook(
  port: MessagePort,
  { clock, time: shared }: Pick<WorkerData, 'clock' | 'time'>,
  resolver: ResolverAddress | undefined,
): InstalledHook {
  const waiting = new Map<number, Waiting>();
  const flag = new Int32Array(clock, 0, 1);
  const time = new Float64Array(clock, 8, 1);
  let ids = 0;
  let slept = 0;

  function ask(message: (id: number) => ToHost): Promise<object> {
    ids += 1;
    const id = ids;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      port.postMessage(message(id));
    });
  }

  const hook: EmbeddedHook = {
    plugin: embeddedPlugin((request) => ask((id) => ({ kind: 'call', id, request }))),
    /** Where the host alone knows the time, the thread waits for its answer: a clock is read at once. */
    now() {
      if (shared) return readTime(shared);
      Atomics.store(flag, 0, 0);
      port.postMessage({ kind: 'now' } satisfies ToHost);
      Atomics.wait(flag, 0, 0);
      return time[0] ?? 0;
    },
    async sleep(milliseconds) {
      if (!Number.isFinite(milliseconds) || milliseconds < 0)
        throw new RangeError(`cannot sleep for ${milliseconds} ms`);
      await ask((id) => ({ kind: 'sleep', id, milliseconds }));
      slept += milliseconds;
    },
    ...(resolver && { resolver }),
  };
  Object.assign(globalThis, { [Symbol.for('trueup.embedded')]: Object.freeze(hook) });

  return {
    receive(message) {
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.kind === 'refusal') asked?.reject(unpackError(message.error));
      else asked?.resolve(message.kind === 'answer' ? message.output : {});
    },
    slept: () => slept,
  };
}
