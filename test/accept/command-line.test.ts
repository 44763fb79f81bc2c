import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaClient, ListFunctionsCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { createDesk, EMBEDDED, ROOT } from '../support/cli-process.ts';
import type { Desk } from '../support/cli-process.ts';

const DOCUMENT = 'ZoneMirror/a';
const FILE = 'config/dns/a.yaml';

async function setMemory(desk: Desk, MemorySize: number): Promise<void> {
  const account = desk.open();
  account.elapse(60_000);
  const lambda = account.client(LambdaClient, { region: 'eu-west-1' });
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  for (const { FunctionName } of Functions) {
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize }));
  }
  account.close();
}

it('writes, says what and what next, and ends as the reference says', async () => {
  const desk = await createDesk();
  const before = desk.read(FILE);
  expect(await desk.converge()).toEqual({ converged: true, left: 0 });

  const nothing = await desk.run(`drift --accept ${DOCUMENT} ${EMBEDDED}`);
  expect([nothing.exit, nothing.stdout]).toEqual([1, expect.stringContaining('nothing has drifted')]);

  await setMemory(desk, 512);
  const offered = await desk.run(`drift ${EMBEDDED}`);
  expect(offered.stdout).toContain(`accept:  trueup drift --accept ${DOCUMENT}`);
  const accepted = await desk.run(`drift --accept ${DOCUMENT} ${EMBEDDED}`);
  expect([accepted.exit, accepted.stderr]).toEqual([0, expect.any(String)]);
  expect(accepted.stdout).toContain('    +     memory: 512\n');
  expect(accepted.stdout).toContain(`git add ${FILE}\n`);
  expect(accepted.stdout.trimEnd().split('\n').at(-1)).toBe('Accepted: 2 changes.');
  expect(desk.read(FILE)).toBe(`${before}  function:\n    memory: 512\n`);
  expect((await desk.run(`drift --detailed-exitcode ${EMBEDDED}`)).exit).toBe(0);

  await setMemory(desk, 640);
  const json = await desk.run(`drift --accept ${DOCUMENT} ${EMBEDDED} --format json --out accepted.json`);
  expect(json.exit).toBe(0);
  const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/output/drift.schema.json'), 'utf8')) as object;
  const validate = new Ajv2020({ strict: false }).compile(schema);
  expect([validate(JSON.parse(json.stdout)), validate.errors]).toEqual([true, null]);
  expect(desk.read('accepted.json')).toBe(json.stdout);
  expect(JSON.parse(json.stdout)).toMatchObject({ format: 'trueup/drift@1', accepted: [{ before: 512, after: 640 }] });
});

it.each([
  ['--only ZoneMirror/a', '--only'],
  ['--exclude ZoneMirror/a', '--exclude'],
  ['--records', '--records'],
  ['--issue', '--issue'],
  ['--detailed-exitcode', '--detailed-exitcode'],
])('does not go with %s', async (flags, named) => {
  const desk = await createDesk();
  const refused = await desk.run(`drift --accept ${DOCUMENT} ${flags} ${EMBEDDED}`);
  expect([refused.exit, refused.stderr]).toEqual([
    64,
    expect.stringContaining(`--accept and ${named} do not go together`),
  ]);
});

it('names a document that there is', async () => {
  const desk = await createDesk();
  expect(await desk.run(`drift --accept ZoneMirror/b ${EMBEDDED}`)).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining('there is no document ZoneMirror/b'),
  });
});
