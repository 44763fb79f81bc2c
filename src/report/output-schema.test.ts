import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);

function read(path: string): { readonly [key: string]: unknown } {
  return JSON.parse(readFileSync(new URL(path, root), 'utf8'));
}

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });

it.each([
  ['plan', 'plan'],
  ['plan', 'plan-records'],
  ['plan', 'plan-hostile'],
  ['plan', 'plan-prune'],
  ['plan', 'plan-document'],
  ['drift', 'drift-document'],
  ['apply', 'apply'],
  ['drift', 'drift'],
  ['init', 'init'],
  ['drift', 'accept'],
  ['drift', 'accept-hostile'],
  ['validate', 'validate'],
  ['error', 'error'],
  ['adopt', 'adopt'],
  ['adopt', 'adopt-hostile'],
  ['verify', 'verify'],
  ['verify', 'verify-github'],
  ['preview', 'preview'],
  ['explain', 'explain'],
  ['explain', 'explain-undeclared'],
  ['invoke', 'invoke'],
  ['watch', 'watch'],
  ['watch', 'watch-refused'],
  ['orphans', 'orphans'],
  ['iam', 'iam'],
  ['iam', 'iam-two-accounts'],
  ['publish', 'publish'],
  ['approve', 'approve'],
  ['fan-out-redrive', 'fan-out-redrive'],
  ['fan-out-status', 'fan-out-status'],
  ['fan-out-status', 'fan-out-status-key'],
  ['fan-out-test', 'fan-out-test'],
  ['survival-run', 'survival-run'],
  ['survival-run', 'survival-run-interrupted'],
])('the schema of %s holds for %s.json, and for additions', (schema, document) => {
  const validate =
    ajv.getSchema(`output/${schema}.schema.json`) ?? ajv.compile(read(`schemas/output/${schema}.schema.json`));
  const value = read(`test/golden/report/${document}.json`);
  for (const candidate of [value, { ...value, added: true }]) {
    expect([validate(candidate), validate.errors]).toEqual([true, null]);
  }
});

it.each([
  ['plan', 'plan', 'digest'],
  ['plan', 'plan', 'actions'],
  ['apply', 'apply', 'outcome'],
  ['drift', 'drift', 'missing'],
  ['init', 'init', 'files'],
  ['validate', 'validate', 'errors'],
  ['error', 'error', 'error'],
  ['adopt', 'adopt', 'objects'],
  ['adopt', 'adopt', 'written'],
  ['verify', 'verify', 'checks'],
  ['preview', 'preview', 'transitions'],
  ['explain', 'explain', 'objects'],
  ['invoke', 'invoke', 'answer'],
  ['watch', 'watch', 'outcome'],
  ['watch', 'watch', 'drifted'],
  ['orphans', 'orphans', 'complete'],
  ['orphans', 'orphans', 'orphans'],
  ['iam', 'iam', 'apply'],
  ['iam', 'iam', 'trust'],
  ['publish', 'publish', 'bundles'],
  ['approve', 'approve', 'approvals'],
  ['fan-out-redrive', 'fan-out-redrive', 'failed'],
  ['fan-out-status', 'fan-out-status', 'destinations'],
  ['fan-out-test', 'fan-out-test', 'left'],
  ['survival-run', 'survival-run', 'statuses'],
  ['survival-run', 'survival-run', 'top'],
])('the schema of %s refuses %s.json without %s', (schema, document, field) => {
  const validate =
    ajv.getSchema(`output/${schema}.schema.json`) ?? ajv.compile(read(`schemas/output/${schema}.schema.json`));
  const { [field]: _gone, ...value } = read(`test/golden/report/${document}.json`);
  expect(validate(value)).toBe(false);
});

const HEAD = { pull: 118, head: 'a'.repeat(40), base: 'b'.repeat(40), tree: 'c'.repeat(40) };
const REVIEW = { pull: 118, head: HEAD.head, digest: 'd'.repeat(64), outcome: 'applied' };

it.each([
  ['plan', 'plan', { github: HEAD }, { github: { ...HEAD, tree: undefined } }],
  ['plan', 'plan', { github: { ...HEAD, tree: null } }, { github: { ...HEAD, pull: '118' } }],
  ['plan', 'plan', { github: { ...HEAD, comment: { action: 'created', id: 7, url: 'https://x' } } }, { github: 118 }],
  ['plan', 'plan', { github: HEAD, offline: true }, { offline: 'yes' }],
  ['apply', 'apply', { reviews: [REVIEW] }, { reviews: [{ ...REVIEW, outcome: 'done' }] }],
  ['apply', 'apply', { github: { comments: [{ pull: 118, action: 'updated' }] } }, { github: { comments: [{}] } }],
  ['drift', 'drift', { github: { issue: { action: 'reopened', id: 7 } } }, { github: { issue: { action: 'made' } } }],
])('the schema of %s admits what GitHub adds to %s.json: %j, and not %j', (schema, document, added, wrong) => {
  const validate =
    ajv.getSchema(`output/${schema}.schema.json`) ?? ajv.compile(read(`schemas/output/${schema}.schema.json`));
  const value = read(`test/golden/report/${document}.json`);
  expect([validate({ ...value, ...added }), validate.errors]).toEqual([true, null]);
  expect(validate(JSON.parse(JSON.stringify({ ...value, ...wrong })))).toBe(false);
});
