import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { encodeFunctionDocument } from '../engine/function-document.ts';
import type { Value } from '../engine/types.ts';
import { functionDocumentEffect } from './function-document-effect.ts';

const OURS = encodeFunctionDocument({ rules: { maxActions: 100 } });

function packed(json: string): string {
  return deflateSync(json).toString('base64url');
}

function effects(before: Value, after: string) {
  return functionDocumentEffect('InstanceSchedule/office/Scheduler', 'office-scheduler', before, told(after));
}

function told(document: string): Value {
  return { Variables: { TRUEUP_DOCUMENT: document, TOKEN: document.length.toString() } };
}

it('says what differs, of the document and of no other variable', () => {
  const wanted = encodeFunctionDocument({ rules: { maxActions: 10_000 } });

  expect(effects(told(OURS), wanted)).toEqual([
    {
      document: 'InstanceSchedule/office',
      code: 'function.document',
      data: {
        function: 'office-scheduler',
        changes: [{ path: 'rules.maxActions', before: 100, after: 10_000 }],
        omitted: 0,
      },
    },
  ]);
});

it('says that a document written otherwise says the same', () => {
  const { data } = effects(told(packed('{ "rules": { "maxActions": 100 } }')), OURS)[0]!;

  expect(data).toMatchObject({ changes: [], omitted: 0 });
});

it('lists fifty changes, and counts the others', () => {
  const many = Object.fromEntries(Array.from({ length: 53 }, (_, index) => [`f${index}`, index]));
  const { data } = effects(told(encodeFunctionDocument({})), encodeFunctionDocument(many))[0]!;

  expect(data['changes']).toHaveLength(50);
  expect(data['omitted']).toBe(3);
});

it.each<[what: string, before: Value]>([
  ['the same', told(OURS)],
  ['no environment', null],
  ['no document', { Variables: { TOKEN: 'x' } }],
  ['no base64', told('canary!')],
  ['no compressed text', told(Buffer.from('{}').toString('base64url'))],
  ['no JSON', told(packed('rules'))],
  ['a list', told(packed('[]'))],
  ['null', told(packed('null'))],
  ['more than a mebibyte', told(packed(`{"a":"${'x'.repeat(1_048_576)}"}`))],
  ['half a million levels', told(packed(`{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`))],
  ['65 levels', told(packed(`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`))],
])('%s: no effect', (_, before) => {
  expect(effects(before, OURS)).toEqual([]);
});

it('64 levels are read', () => {
  expect(effects(told(packed(`${'{"a":'.repeat(64)}1${'}'.repeat(64)}`)), OURS)).toHaveLength(1);
});
