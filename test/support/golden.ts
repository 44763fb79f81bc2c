import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './cli-process.ts';

/** The reviewed text below test/golden; with UPDATE_GOLDEN=1 the new text becomes it. */
export function golden(name: string, text: string): string {
  const path = join(ROOT, 'test/golden', name);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return readFileSync(path, 'utf8');
}
