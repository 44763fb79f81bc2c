import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openGithubRun } from '../../src/cli/github-run.ts';
import type { GithubRun } from '../../src/cli/github-run.ts';
import type { Clock } from '../../src/engine/types.ts';
import type { Github as Client } from '../../src/github/client.ts';
import { stepEnvironment } from '../support/github/environment.ts';
import { schedule } from '../support/github/events.ts';
import type { Fault, FaultKind } from '../support/github/faults.ts';
import { openGithub } from '../support/github/index.ts';
import type { Github, GithubOptions } from '../support/github/index.ts';

/** A clock that goes on only when somebody sleeps or time is let pass; GitHub's goes with it. */
export interface TurnedClock extends Clock {
  readonly slept: number[];
  pass(milliseconds: number): void;
}

const START = Date.parse('2026-11-20T08:00:00Z');

export function turnedClock(): TurnedClock {
  let now = START;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(milliseconds) {
      now += milliseconds;
      slept.push(milliseconds);
    },
    pass(milliseconds) {
      now += milliseconds;
    },
  };
}

/** A request and when it came, by the turned clock. */
interface Arrival {
  readonly method: string;
  readonly path: string;
  readonly at: number;
  readonly fault: () => string | undefined;
}

export interface Posting {
  readonly github: Github;
  readonly clock: TurnedClock;
  readonly run: GithubRun;
  readonly client: Client;
  /** All requests, in their order. */
  readonly arrivals: readonly Arrival[];
}

/** A fake GitHub and a client of it, on one clock. */
export async function openPosting(options: GithubOptions = {}): Promise<Posting> {
  const clock = turnedClock();
  const github = await openGithub({ private: true, now: clock.now, ...options });
  const directory = mkdtempSync(join(tmpdir(), 'trueup-posting-'));
  onTestFinished(async () => {
    await github.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const arrivals: Arrival[] = [];
  const { log } = github;
  const add = log.push.bind(log);
  log.push = (...entries) => {
    arrivals.push(
      ...entries.map((entry) => ({
        method: entry.method,
        path: entry.path,
        at: clock.now(),
        fault: () => entry.fault,
      })),
    );
    return add(...entries);
  };
  const run = openGithubRun(stepEnvironment(github, schedule(github), directory), clock);
  return { github, clock, run, client: run.github, arrivals };
}

export function isWrite({ method }: { readonly method: string }): boolean {
  return method !== 'GET';
}

/** Clients of two runs that both have looked before either writes. */
export function together(client: Client, runs: number): readonly Client[] {
  let arrived = 0;
  let open: () => void;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return Array.from({ length: runs }, () => {
    let isFirst = true;
    return {
      ...client,
      async send<T>(...request: Parameters<Client['send']>): Promise<T> {
        if (isFirst) {
          isFirst = false;
          arrived += 1;
          if (arrived === runs) open();
          await gate;
        }
        return client.send<T>(...request);
      },
    };
  });
}

const KINDS: readonly FaultKind[] = [
  'status:500',
  'status:502',
  'status:502-after',
  'drop',
  'drop-after',
  'secondary',
  'secondary:429',
  'rate-limit',
];

/** Up to four faults, each at some request to these paths. The same seed makes the same. */
export function randomFaults(seed: number, path: RegExp): readonly Fault[] {
  const next = generator(seed);
  return Array.from({ length: 1 + next(4) }, () => ({
    path,
    nth: 1 + next(6),
    fault: KINDS[next(KINDS.length)] ?? 'drop',
    retryAfter: 1 + next(110),
  }));
}

/** Marsaglia's xorshift of 32 bits. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** The longest row of one and the same request. */
export function longestRow(arrivals: readonly Arrival[]): number {
  let longest = 0;
  let row = 0;
  let last = '';
  for (const { method, path } of arrivals) {
    const name = `${method} ${path}`;
    row = name === last ? row + 1 : 1;
    last = name;
    longest = Math.max(longest, row);
  }
  return longest;
}

/** Milliseconds between each write and the next, by the turned clock. */
export function gaps(arrivals: readonly Arrival[]): readonly number[] {
  const times = arrivals.filter(isWrite).map(({ at }) => at);
  return times.slice(1).map((at, index) => at - (times[index] ?? at));
}
