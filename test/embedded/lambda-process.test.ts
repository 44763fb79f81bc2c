import { IAMClient } from '@aws-sdk/client-iam';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { buildProgram } from '../support/build-program.ts';
import { makeRole } from '../support/function-role.ts';
import { REGION, START, bundle, functionInput, ROLE } from '../support/lambda.ts';

it('a pending invocation keeps the process alive, an idle environment does not, and nothing of its environment is seen', async () => {
  // Below the package, where a worker's program is found.
  const directory = mkdtempSync(fileURLToPath(new URL('../.process-', import.meta.url)));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const program = join(directory, 'program.mjs');
  await buildProgram(new URL('../support/functions-process.ts', import.meta.url), program);

  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CANARY: 'canary-e2a1' },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));

  expect(said).toBe('{"event":1}\n');
  expect(code).toBe(0);
});

it('no code stays on the disk once the account is closed', async () => {
  const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('trueup-function-'));
  const before = new Set(folders());
  const account = openEmbedded('memory', { now: () => START });
  const zip = await bundle('export const handler = async () => import.meta.url;');
  await makeRole(account.client(IAMClient, REGION), ROLE);
  await account.client(LambdaClient, REGION).send(new CreateFunctionCommand(functionInput('where', zip)));
  account.elapse(60_000);
  const { answer } = await account.invoke('where', {}, REGION);
  const own = folders().filter((name) => String(answer).includes(name));

  account.close();

  expect(own).toHaveLength(1);
  expect(before.has(own[0]!)).toBe(false);
  expect(folders()).not.toContain(own[0]);
});
