import { getHeapStatistics } from 'node:v8';

const MIB = 1024 * 1024;
/** Below it (some 28 MiB of old space) Node hardly loads a verb, and V8 may break within the pause itself. */
const LEAST_LIMIT = 76;

/**
 * Calls back where V8's heap limit is reached, instead of letting V8 abort the process. It never calls without that.
 *
 * V8 tells nobody but a debugger: it pauses with the reason `OOM`, at the next call or turn of a loop, with four times the
 * limit, so that there is room to say what happened
 * (https://chromedevtools.github.io/devtools-protocol/v8/Debugger/#event-paused). A session of this very process is one;
 * it opens no port and takes no signal. Where Node has no inspector, a debugger listens already, or the limit is
 * too low to work with, V8's own end stays: a signal, and no result. So it does where V8's debugger breaks while it looks
 * at the paused function, before it tells anybody (5 of 110 runs at the lowest limit, Node 20): it pauses before the
 * function's context is made, and then insists on it (`NeedsAndHasContext` in V8's `src/debug/debug-scopes.cc`, SIGTRAP)
 * or follows what is none (SIGSEGV).
 *
 * @param onLimit runs synchronously in the middle of whatever was running, with the limit in MiB; it has to end the process
 */
export async function startHeapGuard(onLimit: (limit: number) => void): Promise<void> {
  try {
    const { Session, url } = await import('node:inspector');
    const limit = Math.round(getHeapStatistics().heap_size_limit / MIB);
    if (url() !== undefined || limit < LEAST_LIMIT) return;
    const session = new Session();
    session.connect();
    session.on('Debugger.paused', ({ params }) => {
      if (params.reason === 'OOM') onLimit(limit);
    });
    session.post('Debugger.enable', { maxScriptsCacheSize: 0 });
  } catch {
    // A Node without inspector, or one that permits none.
  }
}
