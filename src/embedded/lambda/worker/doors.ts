import childProcess from 'node:child_process';
import cluster from 'node:cluster';
import dgram from 'node:dgram';
import dns from 'node:dns';
import inspector from 'node:inspector';
import module, { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import workerThreads from 'node:worker_threads';
import type { DeclaredEndpoint } from '../declared-endpoints.ts';
import { guardDatagrams } from './datagrams.ts';
import { guardNames } from './names.ts';
import { createGate, refuse } from './gate.ts';
import { guardStreams } from './streams.ts';

const PROCESS_STARTERS = ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'];

/**
 * Refuses every socket but those to the declared endpoints (threats T151), other processes and other threads. The
 * modules of Node are this thread's own, so that nothing outside of it changes.
 */
export function closeDoors(endpoints: readonly DeclaredEndpoint[]): void {
  const gate = createGate(endpoints);
  guardStreams(net, gate);
  guardDatagrams(dgram, gate);
  guardNames(dns, gate);
  refuse(childProcess, PROCESS_STARTERS, 'other processes');
  refuse(cluster, ['fork'], 'other processes');
  refuse(workerThreads, ['Worker', 'postMessageToThread'], 'other threads');
  refuse(module, ['register'], 'other threads');
  // A debugger could run code in the host's own thread.
  refuse(inspector, ['open'], 'debuggers');
  refuse(inspector.Session.prototype, ['connectToMainThread'], 'debuggers');
  refuse(process, ['binding', 'dlopen', 'kill', 'abort'], 'this');
  // Messages from the function's code would be taken for the runtime's own.
  Object.assign(workerThreads, { parentPort: null, workerData: null });
  syncBuiltinESMExports();
}
