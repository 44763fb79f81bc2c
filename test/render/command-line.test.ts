import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, vi } from 'vitest';
import { loadConfig, render } from '../../src/index.ts';
import type { RenderResult } from '../../src/index.ts';
import { handlerFiles } from '../../src/render/files.ts';
import { renderValue } from '../../src/report/json.ts';
import { ROOT, createDesk } from '../support/cli-process.ts';
import { exampleProject } from '../support/rendered.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const RENDER = 'render --format cloudformation';
const PLACE = '111122223333-eu-west-1';

function read(directory: string, name: string): unknown {
  return JSON.parse(readFileSync(join(directory, name), 'utf8'));
}

describe('trueup render', () => {
  it('prints what the library renders, as its schema says, and sends nothing', async () => {
    const desk = await createDesk(['a', 'b']);
    const { exit, stdout, stderr } = await desk.run(RENDER, {
      env: { AWS_ACCESS_KEY_ID: undefined, AWS_EC2_METADATA_DISABLED: 'true' },
    });

    const { project } = await loadConfig(join(desk.directory, 'config'));
    const result = JSON.parse(stdout) as RenderResult;
    expect([exit, stderr, result]).toEqual([0, '', render(project!)]);
    const validate = new Ajv2020({ strict: false }).compile(read(ROOT, 'schemas/output/render.schema.json') as object);
    expect([validate(result), validate.errors]).toEqual([true, null]);
    expect(result.templates.map(({ account, region }) => `${account}-${region}`)).toEqual([PLACE]);
    expect(result.leftOut.map(({ resource }) => resource)).toEqual(['ZoneMirror/a/Records', 'ZoneMirror/b/Records']);
  });

  it('writes templates, imports, what is left out and the code as files, and says how to go on', async () => {
    const desk = await createDesk();
    const { exit, stdout, stderr } = await desk.run(`${RENDER} --out way/out`);

    const { project } = await loadConfig(join(desk.directory, 'config'));
    const result = render(project!);
    const [place] = result.templates;
    const out = join(desk.directory, 'way/out');
    expect([exit, stderr]).toEqual([0, '']);
    expect(readdirSync(out).toSorted()).toEqual([
      `${PLACE}.import.json`,
      `${PLACE}.import.template.json`,
      `${PLACE}.template.json`,
      'handlers',
      'left-out.json',
    ]);
    expect(read(out, `${PLACE}.template.json`)).toEqual(place!.template);
    const { Outputs: _outputs, ...imported } = place!.template;
    expect(read(out, `${PLACE}.import.template.json`)).toEqual(imported);
    expect(read(out, `${PLACE}.import.json`)).toEqual(place!.import);
    expect(read(out, 'left-out.json')).toEqual(result.leftOut);
    expect(stdout).toContain('aws s3 cp --recursive way/out/handlers/ s3://BUCKET/handlers/');
    expect(stdout).toContain(`--template-body file://way/out/${PLACE}.import.template.json`);
    expect(stdout).toContain(`--resources-to-import file://way/out/${PLACE}.import.json`);
    expect(stdout).toContain('ParameterKey=HandlersBucket,ParameterValue=BUCKET');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      'CloudFormation of acme-network: 1 template with 12 resources, 1 left out.',
    );
  });

  it('writes the zips that its templates name, each with the hash in its name', async () => {
    const desk = await createDesk();
    await desk.run(`${RENDER} --out out`);

    const zips = readdirSync(join(desk.directory, 'out/handlers'));
    const hashes = zips.map((name) => [
      'zone-mirror',
      createHash('sha256')
        .update(readFileSync(join(desk.directory, 'out/handlers', name)))
        .digest('hex'),
    ]);
    expect(zips).toEqual(hashes.map(([name, hash]) => `${name}-${hash}.zip`));
    expect(readFileSync(join(desk.directory, `out/${PLACE}.template.json`), 'utf8')).toContain(zips[0]);
    expect([...handlerFiles(render(await exampleProject())).keys()].length).toBe(5);
  });

  it('T10 of {{resolve:…}} is 65, with the place, and writes nothing', async () => {
    const desk = await createDesk();
    const file = 'config/dns.yaml';
    desk.write(
      file,
      `apiVersion: trueup/v1
kind: ZoneMirror
metadata: { name: other }
spec:
  domain: other.test
  primaries: [127.0.0.1]
  tsig: none
  hostedZone: { private: true, comment: '{{resolve:ssm:/a}}', vpcs: [{ id: vpc-0a11bb22cc33dd44e }] }
  schedule: rate(15 minutes)
`,
    );
    const files = await desk.run(`${RENDER} --out out`);
    expect([files.exit, existsSync(join(desk.directory, 'out'))]).toEqual([65, false]);
    expect(files.stdout).toContain(`${file}:8:41 error TU1034`);
    const printed = await desk.run(RENDER);
    expect([printed.exit, JSON.parse(printed.stdout)]).toMatchObject([
      65,
      { format: 'trueup/validate@1', ok: false, errors: [{ code: 'TU1034', file, line: 8, column: 41 }] },
    ]);
    expect((await desk.run('validate')).exit).toBe(0);
  });

  it.each([
    ['render', 64],
    ['render --format json', 64],
    ['render --format cloudformation --out config/settings.yaml', 1],
  ])('of "%s" ends with %i', async (args, exit) => {
    const desk = await createDesk();
    expect((await desk.run(args)).exit).toBe(exit);
  });
});

const GOLDEN = fileURLToPath(new URL('../golden/render/', import.meta.url));

describe('the template of a document of the example', () => {
  it('reads as before', async () => {
    const project = await exampleProject();
    const documents = project.documents.filter(({ name }) => name === 'corp');
    const [place] = render({ ...project, documents }).templates;
    // Hashes of the functions' code change with every change of it.
    const text = renderValue({ template: place!.template, import: place!.import }).replaceAll(
      /-[0-9a-f]{64}\.zip/g,
      '-HASH.zip',
    );
    const file = join(GOLDEN, 'corp.json');
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(GOLDEN, { recursive: true });
      writeFileSync(file, text);
    }
    expect(text).toBe(readFileSync(file, 'utf8'));
  });
});
