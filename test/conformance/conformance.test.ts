import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/reconcilers/registry.ts';
import { BREAKS } from './breaks.ts';
import { LAWS } from './laws.ts';
import { LIFE } from './laws/life.ts';
import { OWNERSHIP } from './laws/ownership.ts';
import { RIGHTS } from './laws/rights.ts';
import { writtenPage } from './page.ts';
import { SAMPLES } from './samples.ts';
import { testLaws } from './suite.ts';

const ROOT = join(import.meta.dirname, '../..');

// Faults have a file of their own, so that two cores share the work.
testLaws({ ...LIFE, ...OWNERSHIP, ...RIGHTS });

describe('the suite', () => {
  it('has samples of every registered kind', () => {
    expect(Object.keys(SAMPLES).sort()).toEqual(KINDS.map(({ kind }) => kind.kind).sort());
  });

  it('has a deliberate break of the engine for each law, which is still where it says', () => {
    expect(Object.keys(BREAKS)).toEqual(Object.keys(LAWS));
    for (const { file, find } of Object.values(BREAKS)) {
      const path = join(ROOT, file);
      expect([file, existsSync(path) && readFileSync(path, 'utf8').split(find).length - 1]).toEqual([file, 1]);
    }
  });

  it('is what docs/conformance.md says: TRUEUP_WRITE_DOCS=1 npx vitest run test/conformance writes it', () => {
    const { page, wanted } = writtenPage();
    expect(page).toBe(wanted);
  });
});
