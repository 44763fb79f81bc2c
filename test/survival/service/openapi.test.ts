import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { SERVICE_LIMITS } from '../../../src/survival/service/limits.ts';
import { ask, BINARY_TYPE } from './ask.ts';

interface Media {
  readonly schema: object;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

interface Operation {
  readonly requestBody: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, Media & Readonly<Record<string, unknown>>>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content: Readonly<Record<string, Media>> }>
  >;
  readonly parameters: readonly object[];
}

function read(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
}

const text = read('schemas/survival-service.openapi.json');
const document = JSON.parse(text) as {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: { readonly '/survival': { readonly post: Operation } };
  readonly components: { readonly schemas: Readonly<Record<string, object>>; readonly securitySchemes: object };
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
};
const { post } = document.paths['/survival'];
const json = post.requestBody.content['application/json']!;
const binary = post.requestBody.content[BINARY_TYPE]!;

const ajv = new Ajv2020({ strict: false });
ajv.addSchema({ $id: 'openapi', ...document });

/** Every reference of the document. */
function references(node: unknown): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : references(value),
  );
}

/** Figures of examples are rounded to six digits. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
    typeof one === 'number' && !Number.isInteger(one) ? Number(one.toPrecision(6)) : one,
  );
}

describe('the OpenAPI document', () => {
  it('is what the schemas and the code say', () => {
    const root = new URL('../../../', import.meta.url);
    expect(() =>
      execFileSync(process.execPath, ['scripts/generate-types.mjs', '--check'], { cwd: root, stdio: 'pipe' }),
    ).not.toThrow();
  });

  it('has what OpenAPI 3.1 asks for, and references to what there is', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: 'SurvivalService', version: expect.any(String) as string });
    expect(Object.keys(document.paths)).toEqual(['/survival']);
    expect(Object.keys(document.components.schemas).every((name) => /^[\w.-]+$/.test(name))).toBe(true);
    for (const reference of references(document)) {
      expect(reference).toMatch(/^#\/components\/schemas\//);
      expect(document.components.schemas).toHaveProperty([reference.split('/').pop()!]);
    }
    for (const requirement of document.security) {
      for (const name of Object.keys(requirement)) expect(document.components.securitySchemes).toHaveProperty([name]);
    }
    for (const { description, content } of Object.values(post.responses)) {
      expect(description).toMatch(/\.$/);
      expect(Object.keys(content)).toEqual(['application/json']);
    }
  });

  it.each(Object.keys(document.components.schemas))('its schema %s is one of JSON Schema 2020-12', (name) => {
    expect(ajv.validateSchema(document.components.schemas[name]!)).toBe(true);
    expect(() => ajv.compile({ $ref: `openapi#/components/schemas/${name}` })).not.toThrow();
  });

  it('has both bodies, gzip, and every answer with an example that fits its schema', () => {
    expect(Object.keys(post.requestBody.content)).toEqual(['application/json', BINARY_TYPE]);
    expect(post.parameters).toEqual([expect.objectContaining({ name: 'Content-Encoding', in: 'header' })]);
    expect(Object.keys(post.responses)).toEqual(
      expect.arrayContaining(['200', '400', '401', '403', '413', '415', '429', '504']),
    );
    for (const [status, { content }] of Object.entries(post.responses)) {
      const { schema, examples } = content['application/json']!;
      const { $ref } = schema as { readonly $ref: string };
      const isRight = ajv.compile({ $ref: `openapi${$ref}` });
      expect([status, Object.keys(examples!).length > 0]).toEqual([status, true]);
      for (const { value } of Object.values(examples!)) expect([status, isRight(value)]).toEqual([status, true]);
    }
  });

  it('has the schema of the validator', () => {
    const {
      $schema: _dialect,
      $id: _id,
      ...request
    } = JSON.parse(read('schemas/survival-request.schema.json')) as Readonly<Record<string, unknown>>;

    expect(document.components.schemas['request']).toEqual(request);
    expect(json.schema).toEqual({ $ref: '#/components/schemas/request' });
  });

  it('has an example whose answer is the one that the service gives', () => {
    const { value } = json.examples!['request']!;
    const answer = post.responses['200']!.content['application/json']!.examples!['statistics']!.value;

    expect(rounded({ statistics_list: ask(value, { minEvents: 5 }).list })).toEqual(answer);
  });

  it('has the same example in octets', () => {
    const { value } = json.examples!['request']!;
    const asked = ask(String(binary['x-example-base64']), { contentType: BINARY_TYPE, isBase64: true });

    expect(asked.text).toBe(ask(value).text);
  });

  it('has a layout of the octets without a gap', () => {
    const layout = binary['x-layout'] as readonly { readonly offset: string; readonly octets: string }[];
    const fixed = layout.filter(({ octets }) => /^\d+$/.test(octets));

    let at = 0;
    for (const { offset, octets } of fixed) {
      expect(Number(offset)).toBe(at);
      at += Number(octets);
    }
    expect(at).toBe(16);
    expect(layout[fixed.length]).toMatchObject({ offset: '16' });
  });

  it('names the limits', () => {
    const { description } = post.responses['413']!;

    for (const limit of Object.values(SERVICE_LIMITS)) expect(description).toContain(`${limit}`);
  });
});
