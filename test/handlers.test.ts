import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import { describe, expect, it, onTestFinished } from 'vitest';
import { installedHandlers } from '../src/operations/handlers.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

type BuildHandlers = (outdir: string) => Promise<void>;

/** A copy of what handlers are built from, at another path, with packages at another path. */
function copyOfSources(): string {
  const directory = mkdtempSync(join(tmpdir(), 'trueup handlers '));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const part of ['src', 'schemas', 'scripts', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, part), join(directory, part), { recursive: true, filter: (path) => !path.endsWith('.test.ts') });
  }
  linkTree(join(root, 'node_modules'), join(directory, 'node_modules'));
  return directory;
}

/** Hard links: to whoever resolves paths, files of their own. */
function linkTree(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isFile()) linkOrCopy(source, target);
  }
}

/** Other file systems take no links. */
function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}

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
    const directory = copyOfSources();
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
