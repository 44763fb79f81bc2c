import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import { describe, expect, it, onTestFinished } from 'vitest';
import { handlersIn, installedHandlers } from '../src/operations/handlers.ts';
import { copyOfSources } from './support/source-copy.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

type BuildHandlers = (outdir: string) => Promise<void>;

/** What handlers are built from. */
const SOURCES = ['src', 'schemas', 'scripts', 'package.json', 'tsconfig.json'];

async function buildIn(directory: string): Promise<void> {
  const script = pathToFileURL(join(directory, 'scripts/build-handlers.mjs')).href;
  const { buildHandlers } = (await import(/* @vite-ignore */ script)) as { readonly buildHandlers: BuildHandlers };
  const here = process.cwd();
  process.chdir(directory);
  try {
    await buildHandlers('out');
  } finally {
    process.chdir(here);
  }
}

describe('a handler', () => {
  it('T132 is the same bytes from any directory, and holds no path of the machine that made it', async () => {
    const directory = copyOfSources(SOURCES);
    await buildIn(directory);

    const elsewhere = readFileSync(join(directory, 'out/handlers/zone-mirror.zip'));
    const here = readFileSync(join(root, 'dist/handlers/zone-mirror.zip'));

    expect(elsewhere.equals(here)).toBe(true);
    const text = Buffer.from(unzipSync(here)['index.mjs']!).toString('latin1');
    for (const path of [root, directory, tmpdir()]) expect(text).not.toContain(path);
  });

  it('has the hash that Lambda will tell', () => {
    const { sha256, version } = installedHandlers().code('zone-mirror');
    const zip = installedHandlers().zip(sha256)!;

    expect(createHash('sha256').update(zip).digest('base64')).toBe(sha256);
    expect(version).toBe((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version);
    expect(Object.keys(unzipSync(zip))).toEqual(['index.mjs']);
  });

  it('that deploys the others carries them, where an installed trueup has them, and is told its own hash', () => {
    const directory = mkdtempSync(join(tmpdir(), 'trueup-carried-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const own = installedHandlers().code('reconcile-loop').sha256;
    const zip = installedHandlers().zip(own)!;
    for (const [path, octets] of Object.entries(unzipSync(zip))) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), octets);
    }

    const carried = handlersIn(directory, own);

    for (const name of ['instance-schedule', 'zone-mirror']) {
      const { sha256 } = installedHandlers().code(name);
      expect(carried.code(name)).toEqual(installedHandlers().code(name));
      expect(createHash('sha256').update(carried.zip(sha256)!).digest('base64')).toBe(sha256);
    }
    expect(carried.code('reconcile-loop')).toEqual(installedHandlers().code('reconcile-loop'));
    expect(carried.zip(own)).toBeUndefined();
    expect(() => handlersIn(directory, undefined).code('reconcile-loop')).toThrow('there is no handler reconcile-loop');
    // Lambda takes 50 MB; a small one starts soon.
    expect(zip.length).toBeLessThan(5_000_000);
  });

  it('holds nothing of the embedded account', () => {
    const words = 'The embedded account has no';
    expect(readFileSync(join(root, 'src/embedded/not-embedded.ts'), 'utf8')).toContain(words);
    for (const name of ['instance-schedule', 'reconcile-loop', 'survival-service', 'zone-mirror']) {
      const zip = installedHandlers().zip(installedHandlers().code(name).sha256)!;
      const text = Buffer.from(unzipSync(zip)['index.mjs']!).toString('latin1');
      expect([name, text.includes(words)]).toEqual([name, false]);
    }
  });

  it('of another trueup is not here', () => {
    expect(installedHandlers().zip('AAAA')).toBeUndefined();
    expect(() => installedHandlers().code('nothing')).toThrow('there is no handler nothing');
  });
});
