/**
 * A process that writes into an account file and ends itself with SIGKILL at one step of one file operation, bundled and
 * spawned by test/processes/account-file.test.ts: `FILE COMMITS POINT`. It prints each commit when it is done. Without a
 * point it prints how many there are.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { openFileStore } from '../../src/embedded/store/file-store.ts';

const [file = '', commits, point = 'none'] = process.argv.slice(2);
const { fsyncSync, renameSync, rmSync, writeFileSync, writeSync } = fs;
/** How much of a write is on the disk when the process ends. */
const PARTS = [0.25, 0.5, 0.75, 0.999];
/** Rows of one commit that make the file mostly history, so that it is written anew when it is closed. */
const HISTORY = 2500;
let passed = 0;
/** Node's own writeFileSync calls writeSync: a lock that is still empty is left to src/embedded/store/lock.test.ts. */
let isInside = false;

/** One more moment at which the process could end; it ends at the one that was asked for. */
function moment(before?: () => unknown): void {
  passed += 1;
  if (String(passed) !== point) return;
  before?.();
  process.kill(process.pid, 'SIGKILL');
}

/** Before and after it. */
function around<Args extends readonly unknown[], Result>(operation: (...args: Args) => Result) {
  return (...args: Args): Result => {
    moment();
    const result = operation(...args);
    moment();
    return result;
  };
}

fs.fsyncSync = around(fsyncSync);
fs.renameSync = around(renameSync);
fs.rmSync = around(rmSync);
fs.writeSync = ((descriptor: number, octets: Buffer, offset: number, length: number, position: number) => {
  if (isInside) return writeSync(descriptor, octets, offset, length, position);
  moment();
  for (const part of PARTS) {
    moment(() => writeSync(descriptor, octets, offset, Math.floor(length * part), position));
  }
  const done = writeSync(descriptor, octets, offset, length, position);
  moment();
  return done;
}) as typeof writeSync;
fs.writeFileSync = ((path: string, text: string, options: object) => {
  moment();
  isInside = true;
  for (const part of PARTS) {
    moment(() => writeFileSync(path, text.slice(0, Math.max(1, Math.floor(text.length * part))), options));
  }
  writeFileSync(path, text, options);
  isInside = false;
  moment();
}) as typeof writeFileSync;
syncBuiltinESMExports();

let store = openFileStore(file);
for (let commit = 1; commit <= Number(commits); commit += 1) {
  const rows = Array.from({ length: commit === 2 ? HISTORY : 1 }, () => ['values', 'twin', String(commit)] as const);
  store.commit(() => [{ changes: [['values', 'commit', String(commit)], ...rows], events: [] }, undefined]);
  writeSync(1, `${commit}\n`);
  if (commit !== 2) continue;
  store.close();
  store = openFileStore(file);
}
store.close();
writeSync(1, `passed ${passed}\n`);
