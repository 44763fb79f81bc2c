import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { installedHandlers } from '../src/operations/handlers.ts';
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

  it('of another trueup is not here', () => {
    expect(installedHandlers().zip('AAAA')).toBeUndefined();
    expect(() => installedHandlers().code('nothing')).toThrow('there is no handler nothing');
  });
});
