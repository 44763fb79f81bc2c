import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { AcceptResult } from '../../src/engine/accept/accept.ts';
import { accept } from '../../src/operations/accept.ts';
import type { TestEstate } from './estate.ts';

/** `drift --accept` of one document. */
export async function acceptIn(estate: TestEstate, document: string): Promise<AcceptResult> {
  const endpoint = { kind: 'embedded', account: estate.account } as const;
  return accept(await estate.load(), { endpoint, document, cwd: estate.directory });
}

export function textOf(estate: TestEstate, file: string): string {
  return readFileSync(join(estate.directory, 'config', file), 'utf8');
}

/** Accepts what somebody does; the file is as before but for one replacement, and nothing has drifted then. */
export async function expectAccepted(
  estate: TestEstate,
  {
    document,
    file,
    act,
    replace,
  }: {
    readonly document: string;
    readonly file: string;
    readonly act: () => Promise<unknown>;
    readonly replace: readonly [before: string, after: string];
  },
): Promise<AcceptResult> {
  const before = textOf(estate, file);
  expect(before.split(replace[0])).toHaveLength(2);
  await act();
  expect((await estate.drift()).drifted).not.toEqual([]);
  const result = await acceptIn(estate, document);
  expect([result.notAccepted, result.complete]).toEqual([[], true]);
  expect(textOf(estate, file)).toBe(before.replace(...replace));
  expect((await estate.drift()).drifted).toEqual([]);
  return result;
}

/** What somebody does cannot be accepted, for this reason, and the file is as before. */
export async function expectRefused(
  estate: TestEstate,
  {
    document,
    file,
    act,
    path,
    why,
  }: {
    readonly document: string;
    readonly file: string;
    readonly act: () => Promise<unknown>;
    readonly path: string;
    readonly why: string | RegExp;
  },
): Promise<void> {
  const before = textOf(estate, file);
  await act();
  const { accepted, notAccepted } = await acceptIn(estate, document);
  expect(accepted).toEqual([]);
  expect(notAccepted).toEqual([{ id: expect.stringContaining(document), path, why: expect.stringMatching(why) }]);
  expect(textOf(estate, file)).toBe(before);
}
