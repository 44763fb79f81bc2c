import { simpleGit } from 'simple-git';

/** Nothing that a clone brings along may run: no hooks, no monitor, no helper (threats T125). */
const HARMLESS = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'protocol.allow=never'];

/** simple-git guards these settings, also against being switched off: here they are. */
const ADMITTED = { allowUnsafeFsMonitor: true, allowUnsafeHooksPath: true, allowUnsafeProtocolOverride: true };

export interface Checkout {
  /** Full SHA of HEAD; null outside a repository and before its first commit. */
  readonly commit: string | null;
  /** Are there changes under the directory that HEAD does not hold? */
  readonly dirty: boolean;
}

const OUTSIDE: Checkout = { commit: null, dirty: false };

function open(directory: string) {
  return simpleGit({ baseDir: directory, config: HARMLESS, unsafe: ADMITTED });
}

/** Which commit a directory shows, and whether it shows more than that. Without git: neither. */
export async function readCheckout(directory: string): Promise<Checkout> {
  try {
    const git = open(directory);
    const commit = (await git.raw(['rev-parse', '--verify', '--quiet', '--end-of-options', 'HEAD^{commit}'])).trim();
    const status = await git.raw(['status', '--porcelain', '--untracked-files=normal', '--', '.']);
    return { commit: commit || null, dirty: status.trim() !== '' };
  } catch {
    return OUTSIDE;
  }
}

/** Does git track this file, or for `.` anything, in a directory? Not outside a repository, nor without git. */
export async function isTracked(directory: string, name: string): Promise<boolean> {
  try {
    return (await open(directory).raw(['ls-files', '--', `:(literal)${name}`])).trim() !== '';
  } catch {
    return false;
  }
}
