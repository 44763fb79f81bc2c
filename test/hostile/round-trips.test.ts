import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Plan } from '../../src/engine/types.ts';
import { renderJson, renderNdjson } from '../../src/report/json.ts';
import { mixedPlan, planOf, plannedAction, plannedDocument } from '../golden/fixtures.ts';
import { injections } from './fields.ts';
import { planRenderings } from './renderings.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const HARMFUL = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u;

const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
  fc.maxSafeInteger().map((number) => number * 2 ** 20),
  fc.constant(2 ** 53 + 2),
  fc.constantFrom(
    '=cmd',
    '+1',
    '-1',
    '@x',
    '\n',
    '\r',
    '\u2028',
    '\ud800',
    '\\ud800',
    '##[error]',
    '::error::',
    '\u0000',
  ),
);

/** What a reader gets: lone surrogates are replaced, numbers that readers would round are texts. */
function read(written: string | number): string | number {
  if (typeof written === 'string') return written.replaceAll(/\p{Cs}/gu, '\ufffd');
  return Number.isSafeInteger(written) ? written : String(BigInt(written));
}

function planWith(name: string, before: string | number, after: string | number): Plan {
  return planOf({
    documents: [plannedDocument(name)],
    actions: [plannedAction(`ZoneMirror/${name}`, 'zone', { changes: [{ path: name, before, after, cause: 'git' }] })],
  });
}

describe('T30 streams of JSON', () => {
  it('a plan comes back from its JSON and from one event a line, 10,000 times', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), value, value, (name, before, after) => {
        const plan = planWith(name, before, after);
        const expected = { path: read(name), before: read(before), after: read(after), cause: 'git' };

        const json = renderJson(plan);
        const lines = renderNdjson(plan).split('\n');

        expect(json).not.toMatch(HARMFUL);
        expect(JSON.parse(json).actions[0].changes[0]).toEqual(expected);
        expect(JSON.parse(json).documents[0].name).toBe(read(name));
        expect(lines.pop()).toBe('');
        expect(lines.map((line) => JSON.parse(line).event)).toEqual([undefined, 'document', 'action', 'summary']);
        expect(JSON.parse(lines[2]!).changes[0]).toEqual(expected);
      }),
      { numRuns: 10_000 },
    );
  });

  it.each(['\n', '\r\n', '\u2028', '\u2029', '\u0085', '\v', '\f', '\u001c', '\ud800', '\udc00\ud800'])(
    '%j in any single field is one object a line, well-formed',
    (text) => {
      const broken = injections(mixedPlan, `a${text}b`).filter(({ data }) =>
        planRenderings(data).some(({ name, text: stream }) => name.includes('JSON') && !isStream(name, stream)),
      );
      expect(broken.map(({ field }) => field)).toEqual([]);
    },
  );
});

function isStream(name: string, text: string): boolean {
  if (HARMFUL.test(text) || !text.endsWith('\n')) return false;
  const objects = name.includes('NDJSON') ? text.slice(0, -1).split('\n') : [text];
  return objects.every((object) => typeof JSON.parse(object) === 'object');
}
