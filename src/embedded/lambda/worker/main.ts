import { workerData } from 'node:worker_threads';
import type { ToHost, ToWorker, WorkerData } from '../wire.ts';
import { closeDoors } from './doors.ts';
import { loadHandler } from './handler.ts';
import { installHook } from './hook.ts';
import { createInvoker } from './invoker.ts';
import { captureOutput } from './output.ts';

/**
 * The program of an execution environment. The function's code is loaded last: by then nothing of the host is in its
 * reach but the hook, and no way out but the declared endpoints.
 */
const { port, clock, time, folder, handler, endpoints, resolver } = workerData as WorkerData;
const say = (message: ToHost): void => port.postMessage(message);

captureOutput((message) => say({ kind: 'log', message }));
const hook = installHook(port, { clock, time }, resolver);
closeDoors([...endpoints, ...(resolver ? [resolver] : [])]);

const loaded = loadHandler(folder, handler);
// Code may call AWS while it is loaded: answers are taken from the beginning.
port.on('message', (message: ToWorker) => {
  if (message.kind !== 'invoke') hook.receive(message);
  else void serve(message);
});
const start = await loaded;
say('errorType' in start ? { kind: 'unstarted', error: start } : { kind: 'ready' });

async function serve({ invocation }: Extract<ToWorker, { kind: 'invoke' }>): Promise<void> {
  const ready = await loaded;
  if ('errorType' in ready) return;
  const invoke = createInvoker(ready.handle, folder, () => hook.slept());
  say(await invoke(invocation));
}
