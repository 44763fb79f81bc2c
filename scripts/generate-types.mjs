// What is made of the JSON Schemas: types, one file per kind, of its `spec` with the defaults filled in; and the OpenAPI
// document of the survival service. Committed; `--check` writes nothing and fails when a committed file differs.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';
import { survivalOpenApi } from './survival-openapi.mjs';

const root = new URL('..', import.meta.url);
const COMMON = 'schemas/common.schema.json';
const TARGETS = [
  { schema: 'schemas/settings.schema.json', types: 'src/engine/config/settings.gen.ts' },
  { schema: 'schemas/bucket-fan-out.schema.json', types: 'src/reconcilers/bucket-fan-out/spec.gen.ts' },
  { schema: 'schemas/instance-schedule.schema.json', types: 'src/reconcilers/instance-schedule/spec.gen.ts' },
  { schema: 'schemas/reconcile-loop.schema.json', types: 'src/reconcilers/reconcile-loop/spec.gen.ts' },
  { schema: 'schemas/survival-service.schema.json', types: 'src/reconcilers/survival-service/spec.gen.ts' },
  { schema: 'schemas/zone-mirror.schema.json', types: 'src/reconcilers/zone-mirror/spec.gen.ts' },
];
/** Rules between fields: they refuse documents and say nothing of their shape. */
const RULES = ['if', 'then', 'else', 'not'];

function read(path) {
  return readFileSync(new URL(path, root), 'utf8');
}

function isObject(node) {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

/** A copy for the generator: references local, rules gone, fields with a default always there. */
function shapeOf(node, shared) {
  if (Array.isArray(node)) return node.map((item) => shapeOf(item, shared));
  if (!isObject(node)) return node;
  const shape = {};
  for (const [key, value] of Object.entries(node)) {
    if (RULES.includes(key) || key === 'default' || key === 'examples') continue;
    if (key === 'oneOf' && node.properties) continue;
    shape[key] = key === '$ref' ? value.replace('common.schema.json', '') : shapeOf(value, shared);
  }
  if (isObject(node.properties)) {
    const defaulted = Object.keys(node.properties).filter((name) => hasDefault(node.properties[name], shared));
    shape.required = [...new Set([...(node.required ?? []), ...defaulted])];
  }
  return shape;
}

function hasDefault(field, shared) {
  if ('default' in field) return true;
  const target = field.$ref?.split('#/$defs/')[1];
  return target !== undefined && 'default' in (shared[target] ?? {});
}

async function generate({ schema, types }) {
  const kind = JSON.parse(read(schema));
  const shared = { ...JSON.parse(read(COMMON)).$defs, ...kind.$defs };
  const $defs = shapeOf(shared, shared);
  const { spec, ...others } = $defs;
  const text = await compile({ ...spec, $defs: others }, spec.title, {
    additionalProperties: false,
    bannerComment: `// Generated from ${schema} by \`npm run generate\`.`,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: 120 },
    unreachableDefinitions: false,
  });
  return { path: types, text };
}

const isCheck = process.argv.includes('--check');
const files = await Promise.all([
  ...TARGETS.map(generate),
  survivalOpenApi().then((text) => ({ path: 'schemas/survival-service.openapi.json', text })),
]);
for (const { path, text } of files) {
  if (!isCheck) {
    writeFileSync(new URL(path, root), text);
    continue;
  }
  if (read(path) === text) continue;
  console.error(`${fileURLToPath(new URL(path, root))} is not what its schema says. Run: npm run generate`);
  process.exitCode = 1;
}
