import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { UpdateFunctionCodeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ChangeTagsForResourceCommand, ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { table } from '../../src/embedded/store/database.ts';
import { openFileStore } from '../../src/embedded/store/file-store.ts';
import { buildProgram } from '../support/build-program.ts';
import { ACCOUNT, EMBEDDED, createDesk, inPairs } from '../support/cli-process.ts';
import type { Desk } from '../support/cli-process.ts';

// A process takes half a second, and several where others work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const EU = { region: 'eu-west-1' };

function errorOf(stdout: string) {
  return (JSON.parse(stdout) as { error: { code: string; message: string; hint: string } }).error;
}

function permissions(path: string): number {
  return statSync(path).mode & 0o777;
}

function git(desk: Desk, args: string): void {
  const { status, stderr } = spawnSync('git', args.split(' '), { cwd: desk.directory, encoding: 'utf8' });
  expect([args, status, stderr]).toEqual([args, 0, '']);
}

describe('T121 an account file', () => {
  it('T121 and its folder are closed to others whatever the umask, and out of git', async () => {
    const desk = await createDesk();

    const { exit } = await desk.shell('umask 000; $TRUEUP plan --endpoint embedded');

    expect(exit).toBe(0);
    expect(permissions(join(desk.directory, '.trueup/embedded.json'))).toBe(0o600);
    expect(permissions(join(desk.directory, '.trueup'))).toBe(0o700);
    expect(desk.read('.trueup/.gitignore')).toBe('*\n');
  });

  it('T121 of an apply, cut at every 4 KiB and with each of 1,000 bits flipped, is refused or reads the same', async () => {
    const desk = await createDesk(['a', 'b']);
    await desk.converge();
    const path = join(desk.directory, ACCOUNT);
    const content = readFileSync(path);
    const dump = () => JSON.stringify([...openFileStore(path).current().database.rows()]);
    const whole = dump();
    const cuts = Array.from({ length: Math.ceil(content.length / 4096) }, (_, index) => index * 4096);
    const bits = Array.from({ length: 1000 }, (_, index) => Math.floor((index + 0.5) * ((content.length * 8) / 1000)));
    const damages = [...cuts.map((length) => content.subarray(0, length)), ...bits.map((bit) => flip(content, bit))];

    const outcomes = damages.map((damage) => {
      writeFileSync(path, damage);
      try {
        return dump() === whole ? 'identical' : 'different';
      } catch (error) {
        return (error as { code?: string }).code;
      }
    });
    expect([cuts.length > 30, bits.length]).toEqual([true, 1000]);
    expect(outcomes.filter((outcome) => outcome !== 'TU4010' && outcome !== 'identical')).toEqual([]);

    for (const damage of [damages[0]!, damages[7]!, damages.at(-500)!]) {
      writeFileSync(path, damage);
      const { exit, stdout } = await desk.run(`plan ${EMBEDDED} --format json`);
      expect([exit, errorOf(stdout).code, errorOf(stdout).message]).toEqual([
        1,
        'TU4010',
        expect.stringContaining(ACCOUNT),
      ]);
      expect(readFileSync(path).equals(damage)).toBe(true);
    }
    writeFileSync(path, content);
    expect((await desk.run(`plan ${EMBEDDED} --detailed-exitcode`)).exit).toBe(0);
  }, 60_000);
});

function flip(content: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(content);
  flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return flipped;
}

describe('F02 SIGKILL in the middle of a write', () => {
  const COMMITS = 13;
  const values = table<string>('values');

  it('F02 at each write, fsync, rename and removal: the old account or the new one, 200 times and more', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'trueup-store-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const worker = join(directory, 'worker.mjs');
    await buildProgram(new URL('../support/store-worker.ts', import.meta.url), worker);
    const run = async (file: string, point: string) => {
      const args = [worker, join(directory, file, 'account.json'), String(COMMITS), point];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_, signal) => resolve(signal)));
      return { lines: (await text(child.stdout)).trim().split('\n'), signal: await ended };
    };

    const dry = await run('dry', 'none');
    const count = Number(/^passed (\d+)$/.exec(dry.lines.at(-1)!)![1]);
    const points = Array.from({ length: count }, (_, index) => String(index + 1));
    const wrong = await inPairs(points, async (point) => {
      const { lines, signal } = await run(point, point);
      const acknowledged = Number(lines.findLast((line) => /^\d+$/.test(line)) ?? 0);
      const file = join(directory, point, 'account.json');
      const { database } = openFileStore(file).current();
      const [commit, twin] = [database.get(values, 'commit'), database.get(values, 'twin')];
      const isWhole = commit === twin && [acknowledged, acknowledged + 1].includes(Number(commit ?? 0));
      openFileStore(file).commit(() => [{ changes: [['values', 'after', '1']], events: [] }, undefined]);
      const isWritable = openFileStore(file).current().database.get(values, 'after') === '1';
      return signal === 'SIGKILL' && isWhole && isWritable ? [] : [{ point, signal, acknowledged, commit, twin }];
    });

    expect(wrong.flat()).toEqual([]);
    expect(count).toBeGreaterThanOrEqual(200);
  }, 120_000);
});

describe('T120 an account file that came with a clone', () => {
  it.each<[string, string, (desk: Desk) => void]>([
    ['the file in the default folder', '--endpoint embedded', (desk) => git(desk, 'add -f .trueup/embedded.json')],
    ['another file of the default folder', '--endpoint embedded', (desk) => git(desk, 'add -f .trueup/.gitignore')],
    [
      'a folder that .trueup is a link to',
      '--endpoint embedded:linked/.trueup/embedded.json',
      (desk) => {
        desk.write('linked/none', '');
        symlinkSync('../.trueup', join(desk.directory, 'linked/.trueup'));
        git(desk, 'add -f .trueup/embedded.json');
      },
    ],
    [
      'a file with a name of its own',
      EMBEDDED,
      (desk) => {
        desk.write(ACCOUNT, desk.read('.trueup/embedded.json'));
        git(desk, `add ${ACCOUNT}`);
      },
    ],
  ])('T120 is refused: git tracks %s', async (_what, endpoint, track) => {
    const desk = await createDesk();
    git(desk, 'init -q');
    expect((await desk.run('plan --endpoint embedded')).exit).toBe(0);
    track(desk);

    for (const verb of ['plan', 'apply --yes']) {
      const { exit, stdout } = await desk.run(`${verb} ${endpoint} --format json`);
      expect([verb, exit, errorOf(stdout)]).toMatchObject([
        verb,
        1,
        { code: 'TU4016', hint: expect.stringContaining('git rm -r --cached') },
      ]);
    }
    git(desk, 'rm -r -q --cached .');
    expect((await desk.run(`plan ${endpoint}`)).exit).toBe(0);
  });

  it('T120 is used where git tracks other files only', async () => {
    const desk = await createDesk();
    git(desk, 'init -q');
    desk.write('account.json.copy', '');
    git(desk, 'add -A');

    expect((await desk.run(`plan ${EMBEDDED}`)).exit).toBe(0);
  });

  it('T120 runs none of the code that it names', async () => {
    const desk = await createDesk();
    await desk.converge();
    const canary = join(desk.directory, 'canary');
    const source = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(canary)}, ''); export const handler = async () => 'ran';`;
    const { actions } = JSON.parse((await desk.run('plan --endpoint embedded:memory --format json')).stdout) as {
      actions: { id: string; resource: string }[];
    };
    const account = desk.open();
    for (const id of ['Mirror', 'Plan']) {
      const FunctionName = actions.find((action) => action.id === `ZoneMirror/a/${id}`)!.resource;
      const ZipFile = zipSync({ 'index.mjs': strToU8(source) });
      await account.client(LambdaClient, EU).send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    }
    account.elapse(60_000);
    account.close();
    desk.write('event.json', '{}');

    for (const name of ['mirror', 'plan']) {
      const { exit, stdout } = await desk.run(
        `invoke ZoneMirror/a --function ${name} --event event.json ${EMBEDDED} --format json`,
      );
      expect([exit, errorOf(stdout).message]).toEqual([1, expect.stringContaining('is no handler of this trueup')]);
    }
    expect((await desk.run(`verify ${EMBEDDED}`)).exit).toBe(1);
    expect(existsSync(canary)).toBe(false);
  });
});

describe('F39 what a newer trueup wrote', () => {
  it('F39 a newer account file is refused with 1 and the next step, and stays as it is', async () => {
    const desk = await createDesk();
    await desk.converge();
    const newer = desk.read(ACCOUNT).replace('trueup/embedded@1', 'trueup/embedded@2');
    desk.write(ACCOUNT, newer);

    for (const verb of ['plan', 'apply --yes']) {
      const { exit, stdout } = await desk.run(`${verb} ${EMBEDDED} --format json`);
      expect([verb, exit, errorOf(stdout)]).toMatchObject([
        verb,
        1,
        { code: 'TU4011', hint: expect.stringContaining('npm install trueup@latest') },
      ]);
    }
    expect(desk.read(ACCOUNT)).toBe(newer);
  });

  it.each(['v2:acme-network/ZoneMirror/a/Zone', 'trueup@2 {"owner":"acme-network"}', 'acme-network', '/'])(
    'F39 an object with the marker %j, of no format that is known, is not ours: 4 with a hint, and no write',
    async (marker) => {
      const desk = await createDesk();
      await desk.converge();
      const account = desk.open();
      const route53 = account.client(Route53Client, EU);
      const [zone] = (await route53.send(new ListHostedZonesCommand({}))).HostedZones!;
      const ResourceId = zone!.Id!.replace('/hostedzone/', '');
      const tag = {
        ResourceId,
        AddTags: [{ Key: 'trueup:owner', Value: marker }],
      };
      await route53.send(new ChangeTagsForResourceCommand({ ...tag, ResourceType: 'hostedzone' }));
      const writes = () =>
        desk
          .open()
          .events()
          .filter(({ readOnly, eventSource }) => !readOnly && eventSource === 'route53.amazonaws.com').length;
      account.close();
      const before = writes();

      const planned = await desk.run(`plan ${EMBEDDED} --format json`);
      const applied = await desk.run(`apply ${EMBEDDED} --yes --format json`);

      const plan = JSON.parse(planned.stdout) as { documents: { findings: { severity: string; hint?: string }[] }[] };
      const blocking = plan.documents[0]!.findings.filter(({ severity }) => severity === 'blocks');
      expect([planned.exit, blocking.length > 0, blocking.every(({ hint }) => hint)]).toEqual([4, true, true]);
      expect([applied.exit, writes()]).toEqual([4, before]);
    },
  );
});
