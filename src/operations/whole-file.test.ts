import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openWholeFile } from './whole-file.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'trueup-whole-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('a whole file', () => {
  it('takes the place of another, with the mode that it is given', () => {
    const path = folder();
    writeFileSync(join(path, 'a.yaml'), 'the old one, which is longer');
    const file = openWholeFile(join(path, 'a.yaml'));
    file.finish(Buffer.from('new'), 0o640);
    file.discard();
    expect([readdirSync(path), readFileSync(join(path, 'a.yaml'), 'utf8')]).toEqual([['a.yaml'], 'new']);
    expect(statSync(join(path, 'a.yaml')).mode & 0o777).toBe(0o640);
  });

  it('replaces a link, and leaves what it leads to', () => {
    const path = folder();
    writeFileSync(join(path, 'theirs'), 'theirs');
    symlinkSync('theirs', join(path, 'a.yaml'));
    openWholeFile(join(path, 'a.yaml')).finish(Buffer.from('ours'));
    expect([readFileSync(join(path, 'theirs'), 'utf8'), readFileSync(join(path, 'a.yaml'), 'utf8')]).toEqual([
      'theirs',
      'ours',
    ]);
  });

  it('that is not finished leaves nothing, and the old one', () => {
    const path = folder();
    writeFileSync(join(path, 'a.yaml'), 'old');
    const file = openWholeFile(join(path, 'a.yaml'));
    expect(readdirSync(path).filter((name) => !name.startsWith('.'))).toEqual(['a.yaml']);
    file.discard();
    file.discard();
    expect([readdirSync(path), readFileSync(join(path, 'a.yaml'), 'utf8')]).toEqual([['a.yaml'], 'old']);
  });
});
