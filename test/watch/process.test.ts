import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CLI, ROOT } from '../support/cli-process.ts';
import type { Ended } from '../support/cli-process.ts';
import { office } from './bench.ts';
import { createTrap, PLANTS, plainGit } from './hostile-clones.ts';
import type { Trap } from './hostile-clones.ts';

// Several processes each, beside others on the same machine.
vi.setConfig({ testTimeout: 120_000 });

interface Started {
  readonly ended: Promise<Ended>;
  /** When this stands in what was printed. */
  says(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

function start({ clone, env }: Trap, args: string, more: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(process.execPath, [CLI, ...args.split(' ')], {
    cwd: clone.directory,
    env: { ...env, LC_ALL: 'C.UTF-8', NO_COLOR: '1', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  const heard = (): void => waiting.forEach((look) => look());
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    heard();
  });
  return {
    ended: new Promise((resolve) => {
      child.on('close', (exit, signal) => resolve({ exit, signal, stdout, stderr }));
    }),
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if ((stdout + stderr).includes(text)) resolve();
        };
        waiting.add(look);
        child.on('close', () => reject(new Error(`it ended without saying ${text}: ${stdout}${stderr}`)));
        look();
      }),
    kill: (signal) => child.kill(signal),
  };
}

/** As the schema has it. */
function expectValidRun(line: string): Record<string, unknown> {
  const run = JSON.parse(line) as Record<string, unknown>;
  const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/output/watch.schema.json'), 'utf8')) as object;
  const validate = new Ajv2020({ strict: false }).compile(schema);
  expect([validate(run), validate.errors]).toEqual([true, null]);
  return run;
}

const WATCH = 'watch --endpoint embedded:memory';

describe('T125 a process in a hostile clone', () => {
  it.each(PLANTS)('runs nothing of $what', async (plant) => {
    const trap = await createTrap();
    plant.prepare(trap);
    const once = await start(trap, `${WATCH} --once --format json`).ended;
    expect([once.exit, once.stdout]).toEqual([plant.fails?.exit ?? 0, expect.not.stringContaining('TU0999')]);
    const plan = await start(trap, 'plan --endpoint embedded:memory --format json').ended;
    expect([plan.exit, plan.stderr]).toEqual([0, expect.not.stringContaining('TU0999')]);
    const explain = await start(trap, 'explain InstanceSchedule/office --endpoint embedded:memory --format json').ended;
    expect([explain.exit, explain.stderr]).toEqual([0, expect.not.stringContaining('TU0999')]);
    expect(trap.sprung()).toBe(false);
    if (plant.proof) plainGit(trap, ...plant.proof);
    expect(trap.sprung()).toBe(plant.proof !== undefined);
  });
});

describe('trueup watch', () => {
  it('prints a line for each run, names what of the clone is not heeded, and leaves nothing behind', async () => {
    const trap = await createTrap();
    trap.clone.git('config', 'core.sshCommand', trap.program);
    const commit = trap.clone.git('rev-parse', 'HEAD');
    const temporary = join(trap.env['HOME']!, 'tmp');
    mkdirSync(temporary);
    const { exit, stdout, stderr } = await start(trap, `${WATCH} --once`, { TMPDIR: temporary }).ended;
    expect(stdout).toMatch(
      new RegExp(`^\\d\\d:\\d\\d UTC  ${commit.slice(0, 7)}  1 document left alone of 1 document\n`),
    );
    expect(stdout).toContain('    = InstanceSchedule/office: it differs by more than drift: it waits for an');
    expect(stderr).toContain(`Watches main of ${trap.remote}, mode report.`);
    expect(stderr).toContain("Not heeded of the clone's own configuration: core.sshcommand.");
    expect(exit).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it.each<[NodeJS.Signals, number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('goes on until %s, and ends with %i', async (signal, code) => {
    const trap = await createTrap();
    const watching = start(trap, `${WATCH} --every 1s --format ndjson`);
    await watching.says('"trueup/watch@1"');
    trap.clone.write('config/office.yaml', office(20));
    const second = trap.clone.commit();
    trap.clone.git('push', '--quiet', 'origin', 'HEAD:main');
    await watching.says(second);
    watching.kill(signal);
    const { exit, stdout, stderr } = await watching.ended;
    expect(exit).toBe(code);
    expect(stderr).toContain(`${signal}: calls in flight end, nothing new starts`);
    const runs = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { format: string; commit: string });
    expect(new Set(runs.map(({ format }) => format))).toEqual(new Set(['trueup/watch@1']));
    expect(runs.length).toBeGreaterThan(1);
    expect(runs.at(-1)?.commit).toBe(second);
  });

  it.each([1, 2])(
    'ends within a fetch that waits, at once and without a word of it, at signals: %i',
    async (signals) => {
      const trap = await createTrap();
      const ssh = join(trap.env['HOME']!, 'ssh');
      writeFileSync(ssh, '#!/bin/sh\necho asked >&2\nexec cat > /dev/null\n', { mode: 0o755 });
      writeFileSync(join(trap.env['HOME']!, '.gitconfig'), `[core]\nsshCommand = ${ssh}\n`);
      trap.clone.git('config', 'remote.origin.url', 'git@forge.example:acme/estate.git');
      const watching = start(trap, WATCH);
      await watching.says('Watches main of forge.example:acme/estate.git');
      for (let sent = 0; sent < signals; sent += 1) watching.kill('SIGINT');
      const { exit, stdout } = await watching.ended;
      expect([exit, stdout]).toEqual([130, '']);
    },
  );

  it('refuses after a restart what does not follow, with the memory that it keeps outside of the clone', async () => {
    const trap = await createTrap();
    const account = `watch --once --format json --endpoint embedded:${join(trap.env['HOME']!, 'account.json')}`;
    const first = trap.clone.git('rev-parse', 'HEAD');
    trap.clone.write('config/office.yaml', office(20));
    trap.clone.commit();
    trap.clone.git('push', '--quiet', 'origin', 'HEAD:main');
    expect((await start(trap, account).ended).exit).toBe(0);
    trap.clone.git('push', '--quiet', '--force', 'origin', `${first}:main`);
    const refused = await start(trap, account).ended;
    expect([refused.exit, JSON.parse(refused.stdout)]).toMatchObject([
      1,
      { outcome: 'refused', refusal: { code: 'rolled-back' } },
    ]);
    expect((await start(trap, `${account} --rewritten`).ended).exit).toBe(0);
    expect((await start(trap, account).ended).exit).toBe(0);
    expect(trap.clone.git('status', '--porcelain')).toBe('');
  });

  it('knows the same of a folder however it is spelled', async () => {
    const trap = await createTrap();
    const home = trap.env['HOME']!;
    const account = `watch --once --format json --endpoint embedded:${join(home, 'account.json')}`;
    const spelled = ['config', './config', 'config/', 'config/../config', join(trap.clone.directory, 'config')];
    for (const config of spelled) {
      expect((await start(trap, `${account} --config ${config}`).ended).exit).toBe(0);
    }
    expect(readdirSync(join(home, '.local/state/trueup'))).toHaveLength(1);
  });

  it('goes by the clock that TRUEUP_NOW sets, and moves it on by what it has waited', async () => {
    const trap = await createTrap();
    const more = { TRUEUP_NOW: '2026-11-24T10:00:00Z' };
    const watching = start(trap, `${WATCH} --every 1s --format ndjson`, more);
    await watching.says('"at":"2026-11-24T10:00:01.000Z"');
    watching.kill('SIGINT');
    const [first = ''] = (await watching.ended).stdout.split('\n');
    expect(expectValidRun(first)).toMatchObject({ at: '2026-11-24T10:00:00.000Z', outcome: 'drifted', leftAlone: 1 });
  });

  it.each([
    ['--format markdown', 'watch does not take --format markdown'],
    ['--format json', 'watch does not take --format json'],
    ['--every 5', '--every 5 is no interval'],
    ['--mode apply', '--mode apply is not taken'],
    ['--out x.json', 'watch writes no file of its results'],
    ['--remote upstream', 'this clone has no remote upstream'],
    ['--branch a..b', 'is no name of a branch'],
    ['--document ReconcileLoop/main', 'there is no ReconcileLoop ReconcileLoop/main'],
  ])('does not take %s', async (flags, message) => {
    const trap = await createTrap();
    const { exit, stdout, stderr } = await start(trap, `${WATCH} ${flags}`).ended;
    expect(exit).toBe(64);
    expect(stdout + stderr).toContain(message);
  });
});
