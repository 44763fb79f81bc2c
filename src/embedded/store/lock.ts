import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { EmbeddedError } from '../errors.ts';

/** A lock file that this process holds until `release`. */
export interface Lock {
  /** The owner before died without releasing it, so that what it wrote may be half done. */
  readonly abandoned: boolean;
  /** False when another process has taken it over, because this one was stopped for longer than the lock lives. */
  isHeld(): boolean;
  release(): void;
}

/** How locking sees the world; tests hand in their own. */
export interface LockWorld {
  now(): number;
  /** Blocks this thread. */
  pause(milliseconds: number): void;
  isAlive(pid: number): boolean;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
  /** Milliseconds since the epoch, real time. */
  readonly expires: number;
}

/** Threat T123. A holder needs milliseconds; a lock outlives no waiter. */
const WAIT_MS = 10_000;
const LIFETIME_MS = 9_000;
/** Between making the file and naming its owner in it lie microseconds: who needs longer is taken for dead. */
const NAMELESS_MS = 1_000;
const PAUSE_MS = 5;

const REAL_WORLD: LockWorld = { now: Date.now, pause, isAlive };

/**
 * Takes the lock file, waiting up to 10 s for its owner; a lock whose owner is dead or that expired is taken over.
 *
 * @throws EmbeddedError TU4012 naming the owner.
 */
export function lock(path: string, world: LockWorld = REAL_WORLD): Lock {
  const token = randomUUID();
  const giveUp = world.now() + WAIT_MS;
  for (;;) {
    const mine: Owner = { pid: process.pid, host: hostname(), token, expires: world.now() + LIFETIME_MS };
    if (writeNew(path, JSON.stringify(mine))) return held(path, token, false);
    const owner = readOwner(path);
    if (owner !== undefined && takeOver(path, owner, mine, world)) return held(path, token, true);
    if (world.now() >= giveUp) throw locked(path, owner);
    world.pause(PAUSE_MS);
  }
}

function held(path: string, token: string, abandoned: boolean): Lock {
  const isHeld = (): boolean => readOwner(path)?.token === token;
  return {
    abandoned,
    isHeld,
    release() {
      if (isHeld()) rmSync(path, { force: true });
    },
  };
}

/**
 * Takes over a lock that is stale. Only who makes the marker of exactly this owner may replace its lock, so that two never
 * both believe they did. The marker of one who died over it is taken over in the same way.
 */
function takeOver(path: string, owner: Owner, mine: Owner, world: LockWorld): boolean {
  if (!isStale(owner, world)) return false;
  const marker = `${path}.${owner.token}`;
  if (!writeNew(marker, JSON.stringify(mine))) {
    const other = readOwner(marker);
    if (other === undefined || !takeOver(marker, other, mine, world)) return false;
  }
  if (readOwner(path)?.token !== owner.token) {
    rmSync(marker, { force: true });
    return false;
  }
  renameSync(marker, path);
  return true;
}

function writeNew(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Undefined: there is no lock. A lock without content is being written, or its owner died in between. */
function readOwner(path: string): Owner | undefined {
  try {
    const content = readFileSync(path, 'utf8');
    if (content !== '') return JSON.parse(content) as Owner;
    const { mtimeMs } = statSync(path);
    return { pid: 0, host: '', token: `nameless-${mtimeMs}`, expires: mtimeMs + NAMELESS_MS };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    if (error instanceof SyntaxError) return { pid: 0, host: '', token: 'unreadable', expires: 0 };
    throw error;
  }
}

function isStale(owner: Owner, world: LockWorld): boolean {
  if (world.now() >= owner.expires) return true;
  return owner.host === hostname() && !world.isAlive(owner.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: alive, and another user's.
    return !hasCode(error, 'ESRCH');
  }
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function locked(path: string, owner: Owner | undefined): EmbeddedError {
  const who = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  return new EmbeddedError(
    'TU4012',
    `The embedded account is locked by ${who}; ${path} did not go away within ${WAIT_MS / 1000} s.`,
    `End that process; if there is none: rm ${path}`,
    { file: path },
  );
}
