import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '../../package-root.ts';
import type { Job, JobResults, JobSetup } from './jobs.ts';
import { buffersOf, errorOf } from './worker-wire.ts';
import type { FromSurvivalWorker, ToSurvivalWorker } from './worker-wire.ts';

/** Threads that do jobs, each one at a time, in the order in which they are asked. */
export interface WorkerPool {
  /** Buffers of the job are handed over. */
  run<Kind extends Job['kind']>(job: Job & { kind: Kind }): Promise<JobResults[Kind]>;
  end(): Promise<void>;
}

/** Built beside the command line, because a worker is loaded from a file. */
const PROGRAM = join('dist', 'survival-worker.js');

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

export function startWorkers(threads: number, setup: JobSetup): WorkerPool {
  const members = Array.from({ length: threads }, () => startMember(setup));
  return {
    run(job) {
      // Whoever has least to do is asked next.
      const member = members.reduce((best, other) => (other.waiting() < best.waiting() ? other : best));
      return member.ask(job) as Promise<never>;
    },
    async end() {
      await Promise.all(members.map((member) => member.end()));
    },
  };
}

function startMember(setup: JobSetup) {
  const worker = new Worker(join(packageRoot(), PROGRAM), { workerData: setup, argv: [], execArgv: [] });
  const pending = new Map<number, Pending>();
  let asked = 0;
  let broken: Error | undefined;

  worker.on('message', (message: FromSurvivalWorker) => {
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    if ('error' in message) waiting?.reject(errorOf(message.error));
    else waiting?.resolve(message.result as never);
  });
  worker.on('error', (error) => breakOff(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => breakOff(new Error(`a thread ended with ${code}`)));

  function breakOff(error: Error): void {
    broken ??= error;
    for (const { reject } of pending.values()) reject(broken);
    pending.clear();
  }

  return {
    waiting: () => pending.size,
    ask(job: Job): Promise<unknown> {
      if (broken) return Promise.reject(broken);
      asked += 1;
      const id = asked;
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject });
        worker.postMessage({ id, job } satisfies ToSurvivalWorker, [...buffersOf(job)]);
      });
    },
    async end() {
      await worker.terminate();
    },
  };
}
