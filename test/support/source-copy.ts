import { copyFileSync, cpSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of these parts of the checkout, at another path, with packages at another path. It goes with the test. */
export function copyOfSources(parts: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'trueup copy '));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const part of parts) {
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
