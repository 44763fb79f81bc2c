import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { policyFiles } from '../../src/iam/files.ts';
import { charactersOf, MOST_CHARACTERS } from '../../src/iam/size.ts';
import { renderJson } from '../../src/report/json.ts';
import type { RenderOptions } from '../../src/report/options.ts';
import { renderIam } from '../../src/report/render.ts';
import { createExample, policiesOf } from '../support/generated-roles.ts';

const FOLDER = fileURLToPath(new URL('../golden/report/', import.meta.url));
const SHAPES: readonly (readonly [suffix: string, options: RenderOptions])[] = [
  ['80.txt', { format: 'text', width: 80, unicode: true, color: false, exitCode: 0 }],
  ['md', { format: 'markdown', width: 100, unicode: true, color: false, exitCode: 0 }],
];

describe.each([
  ['iam', {}],
  ['iam-two-accounts', { twoAccounts: true }],
] as const)('%s', (name, options) => {
  it('is printed as reviewed: policies, trust, and the text', async () => {
    const printed = await policiesOf(await createExample(options));
    for (const [suffix, shape] of SHAPES) {
      const text = renderIam(printed, shape);
      expect(text).toBe(golden(`${name}.${suffix}`, text));
    }
    const json = renderJson(printed);
    expect(json).toBe(golden(`${name}.json`, json));
  });

  it('is the same each time, and its files fit', async () => {
    const estate = await createExample(options);
    const printed = await policiesOf(estate);
    expect(renderJson(await policiesOf(estate))).toBe(renderJson(printed));
    const files = policyFiles(printed);
    expect(files.filter(({ policy }) => charactersOf(policy) > MOST_CHARACTERS)).toEqual([]);
    expect(new Set(files.map((file) => file.name)).size).toBe(files.length);
    for (const { role, alias, parts } of printed.policies) {
      const own = files.filter((file) => file.name.startsWith(`${role}-${alias}`));
      expect(own.map(({ policy }) => policy.Statement.map(({ Sid = '' }) => Sid))).toEqual(parts);
    }
  });
});

/** The reviewed text; with UPDATE_GOLDEN=1 the new text becomes it. */
function golden(name: string, text: string): string {
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(FOLDER + name, text);
  }
  return readFileSync(FOLDER + name, 'utf8');
}
