// One process at a time: a file that holds the id of the process that has the lock.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';

const POLL_MS = 100;
/** Longer than any installation and build: after that the id belongs to some other process. */
const STALE_MS = 10 * 60_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Nobody holds it any more: its process has ended, or it is older than anything takes. */
function isStale(path) {
  try {
    const age = Date.now() - statSync(path).mtimeMs;
    const pid = Number(readFileSync(path, 'utf8'));
    // Without an id it was made a moment ago, and is still to be written.
    return age > STALE_MS || (pid > 0 ? !isAlive(pid) : age > 10 * POLL_MS);
  } catch {
    return false;
  }
}

function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Waits for the lock, without yielding. @param onWait called once when somebody else has it. @returns what releases it. */
export function lock(path, onWait) {
  for (let waited = false; !take(path); waited = true) {
    if (isStale(path)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!waited) onWait();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  const release = () => {
    process.off('exit', release);
    rmSync(path, { force: true });
  };
  process.on('exit', release);
  return release;
}
