import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const LOCK = new URL('../scripts/lock.mjs', import.meta.url).href;

/** Takes the lock, writes down when, stays a while and ends, releasing it or not. */
function holder(directory: string, release: boolean): string[] {
  const program = `
    import { appendFileSync } from 'node:fs';
    import { lock } from ${JSON.stringify(LOCK)};
    const release = lock(${JSON.stringify(join(directory, 'lock'))}, () => {});
    appendFileSync(${JSON.stringify(join(directory, 'log'))}, 'in ');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    appendFileSync(${JSON.stringify(join(directory, 'log'))}, 'out ');
    ${release ? 'release()' : "process.kill(process.pid, 'SIGKILL')"};
  `;
  return ['--input-type=module', '--eval', program];
}

function ended(args: readonly string[]): Promise<number | null> {
  return new Promise((resolve) => {
    spawn(process.execPath, args, { stdio: 'inherit' }).on('close', resolve);
  });
}

it('processes that set up the checkout at once do it one after the other', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-lock-'));
  const codes = await Promise.all(Array.from({ length: 4 }, () => ended(holder(directory, true))));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(readFileSync(join(directory, 'log'), 'utf8')).toBe('in out '.repeat(4));
  expect(readdirSync(directory)).toEqual(['log']);
});

it.each([
  ['a killed process', (directory: string) => spawnSync(process.execPath, holder(directory, false))],
  ['nobody', (directory: string) => writeFileSync(join(directory, 'lock'), '')],
])('a lock of %s is taken over', (_, leave) => {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-lock-'));
  leave(directory);
  const { status } = spawnSync(process.execPath, holder(directory, true), { timeout: 10_000 });
  expect(status).toBe(0);
});
