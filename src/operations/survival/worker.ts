// The program of a thread of survival run: parses, fits, encodes and tabulates what it is handed.
import { parentPort, workerData } from 'node:worker_threads';
import { createJobs } from './jobs.ts';
import type { JobSetup } from './jobs.ts';
import { buffersOf, plainError } from './worker-wire.ts';
import type { FromSurvivalWorker, ToSurvivalWorker } from './worker-wire.ts';

const run = createJobs(workerData as JobSetup);

parentPort?.on('message', ({ id, job }: ToSurvivalWorker) => {
  const answer = answerOf(id, job);
  parentPort?.postMessage(answer, 'result' in answer ? [...buffersOf(answer.result)] : []);
});

function answerOf(id: number, job: ToSurvivalWorker['job']): FromSurvivalWorker {
  try {
    return { id, result: run(job) };
  } catch (error) {
    return { id, error: plainError(error) };
  }
}
