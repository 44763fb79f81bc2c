import { deflateSync } from 'node:zlib';
import { IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { CreateFunctionRequest } from '@aws-sdk/client-lambda';
import { build } from 'esbuild';
import { strToU8, zipSync } from 'fflate';
import { onTestFinished } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import type { EmbeddedAccount, EmbeddedOptions, InvokedFunction } from '../../src/embedded/index.ts';
import { registerBundle } from '../../src/embedded/lambda/bundles.ts';
import { makeRole } from './function-role.ts';

export const REGION = { region: 'eu-west-1' };
export const ROLE = 'arn:aws:iam::111122223333:role/trueup/acme/mirror';
export const START = Date.parse('2026-11-24T10:00:00Z');

const bundles = new Map<string, Promise<Uint8Array>>();

/** A handler's source, bundled with what it imports, as the zip that is deployed; it may run in this process. */
export function bundle(source: string): Promise<Uint8Array> {
  const known = bundles.get(source) ?? makeBundle(source);
  bundles.set(source, known);
  return known;
}

async function makeBundle(source: string): Promise<Uint8Array> {
  const zip = zipOf(source.includes('import ') && source.includes('@aws-sdk') ? await bundled(source) : source);
  registerBundle(zip);
  return zip;
}

/** A zip that nobody registered. */
export function zipOf(source: string): Uint8Array {
  return zipSync({ 'index.mjs': [strToU8(source), { mtime: new Date('2026-01-01T00:00:00') }] });
}

async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as createRequireForBundle } from 'node:module'; const require = createRequireForBundle(import.meta.url);",
    },
  });
  return outputFiles[0]!.text;
}

/** An embedded account in memory with functions, for one test. */
export interface TestFunctions {
  readonly account: EmbeddedAccount;
  readonly client: LambdaClient;
  /** Makes a function that runs `source`, and waits until it is active. */
  create(name: string, source: string, rest?: Partial<CreateFunctionRequest>): Promise<void>;
  invoke(name: string, event?: unknown): Promise<InvokedFunction>;
}

export function openTestFunctions(options: EmbeddedOptions = {}): TestFunctions {
  const account = openEmbedded('memory', { now: () => START, ...options });
  onTestFinished(() => account.close());
  const client = account.client(LambdaClient, REGION);
  const hasRole = makeRole(account.client(IAMClient, REGION), ROLE);
  client.middlewareStack.add(
    (next) => async (args) => {
      await hasRole;
      return next(args);
    },
    { step: 'initialize', name: 'waitForRole' },
  );
  return {
    account,
    client,
    async create(name, source, rest = {}) {
      await makeRole(account.client(IAMClient, REGION), rest.Role ?? ROLE);
      await client.send(new CreateFunctionCommand({ ...functionInput(name, await bundle(source)), ...rest }));
      account.elapse(60_000);
    },
    invoke: (name, event) => account.invoke(name, event, REGION),
  };
}

export function functionInput(name: string, zip: Uint8Array): CreateFunctionRequest {
  return {
    FunctionName: name,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: ROLE,
    Code: { ZipFile: zip },
    Timeout: 10,
    MemorySize: 256,
  };
}

/** A document as the variable TRUEUP_DOCUMENT carries it. */
export function packDocument(document: unknown): string {
  return deflateSync(JSON.stringify(document)).toString('base64url');
}
