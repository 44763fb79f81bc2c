import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Entry {
  readonly types: string;
}

const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, Entry | string>>;
};
const ENTRIES = Object.entries(exports).flatMap(([name, entry]) =>
  typeof entry === 'string' ? [] : [[name, entry.types] as const],
);

const IMPORTED = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g;
const TYPE_LIBRARY = /^\/\/\/\s*<reference\s+types="([^"]+)"/gm;

/** Packages whose types are reached from a declaration file, directly or over others. */
function packagesBehind(file: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const libraries = [...text.matchAll(TYPE_LIBRARY)].map(([, name = '']) => name);
  const imported = [...text.matchAll(IMPORTED)].map(([, name = '']) => name);
  const own = imported.filter((name) => name.startsWith('.'));
  const behind = own.flatMap((name) => [
    ...packagesBehind(resolve(dirname(file), name.replace(/\.(?:ts|js)$/, '.d.ts')), seen),
  ]);
  const foreign = imported.filter((name) => !name.startsWith('.') && !name.startsWith('node:'));
  return new Set([...libraries, ...foreign, ...behind]);
}

// What is published has no dependencies: a client of AWS, or a library of signatures, would be missing where it is used.
it.each(ENTRIES)('the types of %s need no package', (_name, types) => {
  expect([...packagesBehind(join(root, types))]).toEqual([]);
});

it('sees a package that is imported by a file behind the entry', () => {
  expect([...packagesBehind(join(root, 'dist/types/embedded/door/signing-keys.d.ts'))]).toContain('jose');
  expect(ENTRIES.length).toBeGreaterThan(4);
});
