import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbedded } from '../../src/embedded/index.ts';
import { buildProgram } from '../support/build-program.ts';

let directory: string;
let worker: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'trueup-processes-'));
  worker = join(directory, 'worker.mjs');
  await buildProgram(new URL('../support/embedded-worker.ts', import.meta.url), worker);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Outcome {
  readonly written: readonly string[];
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
}

/** Runs the worker; after `killAfter` written names it is killed, wherever it is by then. */
function run(
  file: string,
  name: string,
  count: number,
  killAfter = Number.POSITIVE_INFINITY,
  faults = '[]',
): Promise<Outcome> {
  const child = spawn(process.execPath, [worker, file, name, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TRUEUP_FAULTS: faults },
  });
  const written: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    written.push(line);
    if (written.length === killAfter) child.kill('SIGKILL');
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ written, signal, code }));
  });
}

async function missing(file: string, names: readonly string[]): Promise<readonly string[]> {
  const client = openEmbedded(file).client(SSMClient, { region: 'eu-west-1' });
  const absent: string[] = [];
  for (let index = 0; index < names.length; index += 10) {
    const page = await client.send(new GetParametersCommand({ Names: names.slice(index, index + 10) }));
    absent.push(...page.InvalidParameters!);
  }
  return absent;
}

describe('processes on one account file', () => {
  it('T123 8 processes with 50 writes each lose nothing', async () => {
    const file = join(directory, 'shared.json');

    const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => run(file, `p${index}`, 50)));
    const names = outcomes.flatMap(({ written }) => written);

    expect(outcomes.map(({ code }) => code)).toEqual(Array.from({ length: 8 }, () => 0));
    expect(names).toHaveLength(400);
    expect(await missing(file, names)).toEqual([]);
    const events = openEmbedded(file)
      .events()
      .filter(({ eventName }) => eventName === 'PutParameter');
    expect(new Set(events.map(({ eventID }) => eventID)).size).toBe(400);
  });

  it('F02 SIGKILL at any moment leaves what was written', async () => {
    const file = join(directory, 'killed.json');
    const written: string[] = [];
    for (let round = 1; round <= 16; round += 1) {
      const outcomes = await Promise.all([run(file, `${round}a`, 500, round), run(file, `${round}b`, 500, 2 * round)]);
      expect(outcomes.map(({ signal }) => signal)).toEqual(['SIGKILL', 'SIGKILL']);
      written.push(...outcomes.flatMap((outcome) => outcome.written));
    }

    expect(await missing(file, written)).toEqual([]);
  });

  it.each([
    ['crash-before', 1],
    ['crash-after', 2],
  ])('%s ends the process with SIGKILL; %d writes remain', async (fault, remaining) => {
    const file = join(directory, `${fault}.json`);
    const faults = JSON.stringify([{ service: 'ssm', command: 'PutParameter', nth: 2, fault }]);

    const { signal } = await run(file, 'p', 5, undefined, faults);

    expect(signal).toBe('SIGKILL');
    expect(await missing(file, ['/p/0', '/p/1'])).toHaveLength(2 - remaining);
    expect(await run(file, 'q', 1)).toMatchObject({ code: 0 });
  });
});
