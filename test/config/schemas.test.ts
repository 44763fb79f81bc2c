import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { TEXT_FORMATS } from '../../src/engine/config/formats/index.ts';
import { createSchemaSet } from '../../src/engine/config/schema-set.ts';
import { complete, createSchemaWalk } from '../../src/engine/config/schema-walk.ts';
import { isPlainMap, type PlainMap } from '../../src/engine/config/yaml-value.ts';
import { COMMON, loadFiles, mirror, SCHEMAS, settings } from './tree.ts';

const run = promisify(execFile);
const set = createSchemaSet(SCHEMAS, COMMON);

interface Field {
  readonly path: string;
  readonly schema: PlainMap;
}

/** Every field that a schema names, with what its reference adds. */
function fieldsOf(schema: unknown, base: PlainMap, path: string): Field[] {
  if (Array.isArray(schema)) return schema.flatMap((item, index) => fieldsOf(item, base, `${path}/${index}`));
  if (!isPlainMap(schema)) return [];
  return Object.entries(schema).flatMap(([keyword, child]) => {
    if (keyword !== 'properties' || !isPlainMap(child)) return fieldsOf(child, base, `${path}/${keyword}`);
    return Object.entries(child).flatMap(([name, field]) => {
      if (!isPlainMap(field)) return [];
      const reference = field['$ref'];
      const target = typeof reference === 'string' ? set.resolve(reference, base)?.schema : undefined;
      const own = { path: `${path}/${name}`, schema: { ...target, ...field } };
      const isRule = Object.keys(own.schema).every((key) => ['const', 'not', 'errorMessage'].includes(key));
      return [...(isRule ? [] : [own]), ...fieldsOf(field, base, `${path}/${name}`)];
    });
  });
}

const FIELDS = [...SCHEMAS.values(), ...COMMON].flatMap((schema) => {
  const base = isPlainMap(schema) ? schema : {};
  return fieldsOf(base, base, String(base['$id'])).map(({ path, schema: field }) => ({ path, field, base }));
});

function patternsOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(patternsOf);
  if (!isPlainMap(schema)) return [];
  const own = typeof schema['pattern'] === 'string' ? [schema['pattern']] : [];
  return [...own, ...Object.values(schema).flatMap(patternsOf)];
}

describe('schemas', () => {
  it.each(FIELDS)('$path is described, with an example', ({ field }) => {
    const isShown = 'examples' in field || 'properties' in field || 'enum' in field || 'oneOf' in field;

    expect(field['description']).toMatch(/^[A-Za-z].{9,}[.]$/s);
    expect(isShown).toBe(true);
  });

  it.each(FIELDS.filter(({ field }) => 'examples' in field))(
    '$path: its examples are valid',
    ({ field, base, path }) => {
      const ajv = new Ajv2020({ strict: false });
      for (const [name, { problemOf }] of TEXT_FORMATS) ajv.addFormat(name, (text) => problemOf(text) === undefined);
      for (const schema of [...SCHEMAS.values(), ...COMMON]) ajv.addSchema(schema);
      const $id = `${String(base['$id'])}?${path}`;
      const validate = ajv.compile({
        ...field,
        $id,
        $defs: { ...COMMON.map(definitionsOf)[0], ...definitionsOf(base) },
      });

      for (const example of [field['examples']].flat()) {
        validate(example);
        expect(validate.errors ?? []).toEqual([]);
      }
    },
  );

  it.each(['schemas/settings.schema.json', 'schemas/zone-mirror.schema.json', 'schemas/common.schema.json'])(
    'T07 %s refers to files beside it only',
    async (path) => {
      const text = await readFile(path, 'utf8');
      const references = [...text.matchAll(/"(?:\$ref|\$id)": "([^"]*)"/g)].map(([, reference]) => reference);

      const isLocal = /^(#\/\$defs\/\w+|[a-z-]+\.schema\.json(#\/\$defs\/\w+)?)$/;

      expect(references.filter((reference = '') => !isLocal.test(reference))).toEqual([]);
    },
  );

  it.each([...new Set([...SCHEMAS.values(), ...COMMON].flatMap(patternsOf))])(
    'T141 the pattern %s is linear on 64 KiB',
    (pattern) => {
      const expression = new RegExp(pattern, 'u');
      const start = performance.now();

      for (const piece of ['a', '-a', 'a-', '1', '.', 'arn:aws', ':', '/', 'A', 'http://a']) {
        expression.test(piece.repeat(65_536 / piece.length));
        expression.test(`arn:aws:iam::111122223333:role/${piece.repeat(65_536 / piece.length)}!`);
      }

      expect(performance.now() - start).toBeLessThan(200);
    },
  );

  it('the generated types are what the schemas say', async () => {
    await expect(run(process.execPath, ['scripts/generate-types.mjs', '--check'])).resolves.toBeDefined();
  });

  it('complete fills in the defaults of the specification and keeps what is said', async () => {
    const { documents, settings: estate } = await loadFiles({
      'settings.yaml': settings('  guards: { deletes: { count: 3 } }'),
      'corp.yaml': mirror('  guards: { deletes: { percent: 50 } }', '  function: { timeout: 1m }'),
    });

    expect(documents[0]?.spec).toEqual({
      domain: 'corp.example.com',
      primaries: ['10.0.0.1'],
      tsig: 'none',
      hostedZone: { id: 'Z0123456789' },
      schedule: 'rate(15 minutes)',
      records: 'live',
      via: 'auto',
      function: { memory: 256, timeout: '1m', logRetention: '30d' },
      ignoreTtl: false,
      exclude: [],
      unsupportedTypes: 'block',
      apexNs: 'keep',
      partial: false,
      allowUnsignedMirror: false,
      acceptSerial: null,
      fullTransferEvery: '24h',
      guards: { deletes: { percent: 50, count: 500, from: 10 } },
    });
    expect(estate?.spec).toEqual({
      owner: 'acme-network',
      accounts: { prod: { id: '111122223333' } },
      defaultAccount: 'prod',
      defaultRegion: 'eu-west-1',
      formerly: [],
      lease: { ttl: '60s' },
      guards: { deletes: { percent: 20, count: 3, from: 5 }, requireProtectedOverride: true },
      overrides: [],
      tags: {},
      github: { comment: true, driftIssue: true, requireApprovals: 0, driftLabels: ['drift'] },
    });
  });

  it('complete shares nothing with the schema', () => {
    const walk = createSchemaWalk(set);
    const value = { metadata: { name: 'a' }, spec: {} };
    const first = JSON.stringify(complete(walk, 'Settings', value));
    const filled = complete(walk, 'Settings', value);
    if (isPlainMap(filled) && isPlainMap(filled['spec']) && Array.isArray(filled['spec']['formerly'])) {
      filled['spec']['formerly'].push('x');
    }

    expect(JSON.stringify(complete(walk, 'Settings', value))).toBe(first);
  });
});

function definitionsOf(schema: object): PlainMap {
  const definitions = '$defs' in schema ? schema.$defs : undefined;
  return isPlainMap(definitions) ? definitions : {};
}
