import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { onTestFinished } from 'vitest';
import { isConfigFile } from '../../src/engine/config/tree.ts';
import { followBranch } from '../../src/git/follow.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';
import type { LoopMode } from '../../src/operations/loop/types.ts';
import { branchSource } from '../../src/operations/watch/branch-source.ts';
import { watchApprovals } from '../../src/operations/watch/approvals.ts';
import { loopNamed, watchSettings } from '../../src/operations/watch/loop-of.ts';
import { watch } from '../../src/operations/watch/watch.ts';
import type { WatchRun } from '../../src/operations/watch/watch.ts';
import type { Cell } from '../../src/resources/cell/types.ts';
import { createEstate, NOW } from '../support/estate.ts';
import type { TestEstate } from '../support/estate.ts';
import { scheduleYaml } from '../support/schedule-estate.ts';

const REGION = 'eu-west-1';

/** A schedule without a machine: a function, its role, its rule. */
export function office(pace = 10, name = 'office'): string {
  return scheduleYaml([`every: rate(${pace} minutes)`], name);
}

/** An estate in a clone whose remote is a bare repository on this machine. */
export interface WatchBench extends TestEstate {
  readonly remote: string;
  git(...args: readonly string[]): string;
  /** Commits what lies there and pushes it; the commit's id. */
  push(...flags: readonly string[]): string;
  /** Somebody sets the schedule's rule to another pace. */
  tamper(): Promise<void>;
  pace(): Promise<string | undefined>;
  /** One run, and one more after each of these; then it is stopped. */
  watch(options?: BenchOptions, ...between: readonly (() => unknown)[]): Promise<readonly WatchRun[]>;
}

export interface BenchOptions {
  readonly mode?: LoopMode;
  /** `ReconcileLoop/main`. */
  readonly document?: string;
  readonly state?: Cell;
  readonly rewritten?: boolean;
  readonly every?: number;
  /** Milliseconds that each run takes. */
  readonly takes?: number;
}

/** @param estate default: an estate with nothing but Settings */
export async function createWatchBench<Estate extends TestEstate = TestEstate>(
  given?: Estate,
): Promise<Estate & WatchBench> {
  const estate = given ?? ((await createEstate()) as Estate);
  const { directory, account } = estate;
  const remote = mkdtempSync(join(tmpdir(), 'trueup-remote-'));
  onTestFinished(() => rmSync(remote, { recursive: true, force: true }));
  const git = (...args: readonly string[]): string => {
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
    return execFileSync('git', [...identity, ...args], { cwd: directory, env, encoding: 'utf8', stdio: 'pipe' }).trim();
  };
  git('init', '--quiet', '--initial-branch=main');
  git('init', '--quiet', '--bare', '--initial-branch=main', remote);
  git('remote', 'add', 'origin', remote);
  const rules = account.client(EventBridgeClient, { region: REGION });
  const rule = async () => (await rules.send(new ListRulesCommand({ NamePrefix: 'office' }))).Rules?.[0];
  return {
    ...estate,
    remote,
    git,
    push(...flags) {
      git('add', '--all', '.');
      git('commit', '--quiet', '--allow-empty', '--message=x');
      git('push', '--quiet', ...flags, 'origin', 'HEAD:main');
      return git('rev-parse', 'HEAD');
    },
    async tamper() {
      const { Name, Description } = (await rule())!;
      await rules.send(new PutRuleCommand({ Name, Description, ScheduleExpression: 'rate(7 days)', State: 'ENABLED' }));
    },
    pace: async () => (await rule())?.ScheduleExpression,
    async watch(
      { mode = 'report', document, state = memoryCell(), rewritten = false, every = 60_000, takes = 0 } = {},
      ...between
    ) {
      const followed = await followBranch(directory, { remote: 'origin', branch: 'main' }, isConfigFile);
      const project = await estate.load();
      const named = document === undefined ? undefined : loopNamed(project, document);
      const loop = watchSettings(project, named, mode);
      const endpoint = { kind: 'embedded', account } as const;
      const approvals = named && (await watchApprovals(project, named, endpoint));
      const end = new AbortController();
      const { signal: stop } = end;
      const runs: WatchRun[] = [];
      let now = NOW;
      const clock = {
        now: () => now,
        async sleep(milliseconds: number) {
          now += milliseconds;
          const next = between[runs.length - 1];
          if (next) await next();
          else end.abort();
        },
      };
      try {
        await watch({
          request: {
            loop,
            source: branchSource(followed, { path: 'config', owner: loop.owner, rewritten, stop }),
            state,
            ...(approvals && { approvals }),
            endpoint,
            run: 'watch',
            stop,
          },
          every,
          clock,
          onRun(run) {
            runs.push(run);
            now += takes;
          },
        });
      } finally {
        followed.close();
      }
      return runs;
    },
  };
}
