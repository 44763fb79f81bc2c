import { existsSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lock } from './lock.ts';
import type { LockWorld } from './lock.ts';

function bench(alive = true) {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-lock-'));
  const path = join(directory, 'account.json.lock');
  let time = 1_000_000;
  const waits: (() => void)[] = [];
  const world: LockWorld = {
    now: () => time,
    pause(milliseconds) {
      time += milliseconds;
      waits.shift()?.();
    },
    isAlive: () => alive,
  };
  return {
    directory,
    path,
    world,
    /** What happens at each of the next pauses. */
    waits,
    elapsed: () => time - 1_000_000,
    write: (owner: object) => writeFileSync(path, JSON.stringify(owner)),
  };
}

const OTHER = { pid: 4_000_000, host: hostname(), token: 'theirs' };

describe('lock', () => {
  it('is a file with its owner, gone after release', () => {
    const { directory, path, world } = bench();

    const held = lock(path, world);
    const owner: unknown = JSON.parse(readFileSync(path, 'utf8'));
    held.release();

    expect(owner).toMatchObject({ pid: process.pid, host: hostname(), expires: 1_009_000 });
    expect(held.abandoned).toBe(false);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('waits for its owner', () => {
    const { path, world, waits, elapsed } = bench();
    const first = lock(path, world);
    waits.push(
      () => {},
      () => first.release(),
    );

    const second = lock(path, world);

    expect(second.abandoned).toBe(false);
    expect(elapsed()).toBe(10);
  });

  it('T123 is refused after 10 seconds, naming the owner and the file', () => {
    const { path, world, write, elapsed } = bench();
    write({ ...OTHER, expires: 2_000_000 });

    expect(() => lock(path, world)).toThrow(
      expect.objectContaining({
        code: 'TU4012',
        message: expect.stringContaining('process 4000000'),
        hint: expect.stringContaining(path),
      }),
    );
    expect(elapsed()).toBe(10_000);
  });

  it('T123 is taken over from a dead owner, at once', () => {
    const { directory, path, world, write, elapsed } = bench(false);
    write({ ...OTHER, expires: 2_000_000 });

    const held = lock(path, world);

    expect(held.abandoned).toBe(true);
    expect(held.isHeld()).toBe(true);
    expect(elapsed()).toBe(0);
    expect(readdirSync(directory)).toEqual(['account.json.lock']);
  });

  it('T123 of another host is taken over when it expires', () => {
    const { path, world, write, elapsed } = bench(false);
    write({ ...OTHER, host: 'elsewhere', expires: 1_004_000 });

    expect(lock(path, world).abandoned).toBe(true);
    expect(elapsed()).toBe(4000);
  });

  it.each(['', '{"pid":'])('T123 without a readable owner (%j) is taken over when it is old', (content) => {
    const { path, world } = bench(false);
    writeFileSync(path, content);

    expect(lock(path, { ...world, now: () => Date.now() + 20_000 }).abandoned).toBe(true);
  });

  it('T123 of one that was killed before it named itself is taken over after a second', () => {
    const { path, world, elapsed } = bench(false);
    writeFileSync(path, '');
    utimesSync(path, 1000, 1000);

    expect(lock(path, world).abandoned).toBe(true);
    expect(elapsed()).toBe(1000);
  });

  it('T123 is taken over after one that died while it took it over', () => {
    const { directory, path, world, write, elapsed } = bench(false);
    write({ ...OTHER, expires: 2_000_000 });
    writeFileSync(`${path}.theirs`, JSON.stringify({ ...OTHER, token: 'heirs', expires: 2_000_000 }));

    const held = lock(path, world);

    expect(held.abandoned).toBe(true);
    expect(held.isHeld()).toBe(true);
    expect(elapsed()).toBe(0);
    expect(readdirSync(directory)).toEqual(['account.json.lock']);
  });

  it('is not released by who lost it', () => {
    const { path, world, write } = bench();
    const held = lock(path, world);
    write({ ...OTHER, expires: 2_000_000 });

    held.release();

    expect(held.isHeld()).toBe(false);
    expect(existsSync(path)).toBe(true);
  });

  it('is taken over by one of two who see it abandoned', () => {
    const { path, world, write } = bench(false);
    write({ ...OTHER, expires: 2_000_000 });
    // The other one has made its marker and not yet replaced the lock.
    writeFileSync(`${path}.theirs`, '');

    expect(() => lock(path, world)).toThrow(expect.objectContaining({ code: 'TU4012' }));
  });
});
