import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ApplyResult } from '../src/engine/types.ts';
import { describe, expect, it, onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = join(ROOT, 'dist/cli.js');
const EMBEDDED = '--endpoint embedded:account.json';

interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Workplace {
  readonly directory: string;
  run(args: string, environment?: NodeJS.ProcessEnv): Promise<Ran>;
  edit(file: string, change: (text: string) => string): void;
  exists(file: string): boolean;
}

/** The example configuration in a folder of its own; the command line serves the example zones itself. */
function createWorkplace(): Workplace {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-cli-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  cpSync(join(ROOT, 'config'), join(directory, 'config'), { recursive: true });
  return {
    directory,
    run: (args, environment = {}) => run(process.execPath, [CLI, ...args.split(' ')], directory, environment),
    edit: (file, change) => writeFileSync(join(directory, file), change(readFileSync(join(directory, file), 'utf8'))),
    exists: (file) => existsSync(join(directory, file)),
  };
}

function run(program: string, args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const env = {
    ...process.env,
    LC_ALL: 'C.UTF-8',
    NO_COLOR: '1',
    GITHUB_RUN_ID: undefined,
    CI: undefined,
    ...environment,
  };
  return new Promise((resolve) => {
    execFile(program, [...args], { cwd, env, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      const exit = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ exit, stdout, stderr });
    });
  });
}

function expectValid(name: string, text: string): Record<string, unknown> {
  const document = JSON.parse(text) as Record<string, unknown>;
  const schema = JSON.parse(readFileSync(join(ROOT, `schemas/output/${name}.schema.json`), 'utf8')) as object;
  const validate = new Ajv2020({ strict: false }).compile(schema);
  expect([validate(document), validate.errors]).toEqual([true, null]);
  return document;
}

describe('the command line', () => {
  it('plans, applies the plan, and is then done: JSON as the schemas say, exit codes as documented', async () => {
    const { run: trueup, directory } = createWorkplace();

    const validated = await trueup('validate --format json');
    expect(validated.exit).toBe(0);
    expect(expectValid('validate', validated.stdout)).toMatchObject({ ok: true, documents: 7 });

    const planned = await trueup(`plan ${EMBEDDED} --format json --out plan.json --detailed-exitcode`);
    expect(planned.exit).toBe(2);
    expect(planned.stderr).toContain('serving examples/zones');
    expect(planned.stderr).toContain('The embedded account has no bucket acme-trueup, no key arn:aws:kms:eu-west-1:');
    const plan = expectValid('plan', planned.stdout);
    expect(readFileSync(join(directory, 'plan.json'), 'utf8')).toBe(planned.stdout);
    expect(statSync(join(directory, 'plan.json')).mode & 0o777).toBe(0o600);

    const applied = await trueup(`apply ${EMBEDDED} --plan plan.json --format json`);
    expect([applied.exit, applied.stderr.includes('made up')]).toEqual([0, false]);
    expect(expectValid('apply', applied.stdout)).toMatchObject({
      outcome: 'applied',
      digest: plan['digest'],
      refused: [],
      failed: [],
    });

    const again = await trueup(`plan ${EMBEDDED} --detailed-exitcode`);
    expect(again.exit).toBe(0);
    expect(again.stdout.trimEnd().split('\n').at(-1)).toMatch(
      /^Plan: 0 to create, 0 to update, 0 to delete, 91 unchanged\. Digest [0-9a-f]{8}\.$/,
    );

    const drifted = await trueup(`drift ${EMBEDDED} --format json --detailed-exitcode`);
    expect(drifted.exit).toBe(0);
    expect(expectValid('drift', drifted.stdout)).toMatchObject({
      complete: true,
      drifted: [],
      missing: [],
      orphans: [],
    });

    const twice = await trueup(`apply ${EMBEDDED} --plan plan.json --format json`);
    expect([twice.exit, JSON.parse(twice.stdout)]).toMatchObject([0, { outcome: 'nothing', done: [] }]);
  });

  it('says the same in every format: counts and ids', async () => {
    const { run: trueup } = createWorkplace();

    const json = JSON.parse((await trueup(`plan ${EMBEDDED} --format json`)).stdout) as {
      digest: string;
      actions: { id: string }[];
    };
    const text = (await trueup(`plan ${EMBEDDED}`)).stdout;
    const markdown = (await trueup(`plan ${EMBEDDED} --format markdown`)).stdout;
    const lines = (await trueup(`plan ${EMBEDDED} --format ndjson`)).stdout.trimEnd().split('\n');

    const events = lines.map((line) => JSON.parse(line) as { format?: string; event?: string; id?: string });
    expect(events[0]!.format).toBe('trueup/plan@1');
    expect(events.flatMap(({ event, id }) => (event === 'action' ? [id] : []))).toEqual(
      json.actions.map(({ id }) => id),
    );
    for (const rendered of [text, markdown]) {
      expect(rendered).toContain(json.digest.slice(0, 8));
      expect(rendered).toContain('91 to create');
    }
  });

  it('--records adds the records, each with name, type, before and after', async () => {
    const { run: trueup } = createWorkplace();

    const read = async (args: string) =>
      JSON.parse((await trueup(args)).stdout) as { documents: { name: string; effects: Record<string, unknown>[] }[] };
    const mirrored = ({ documents }: Awaited<ReturnType<typeof read>>) =>
      documents.find(({ name }) => name === 'corp')!;
    const without = await read(`plan ${EMBEDDED} --format json`);
    const complete = await read(`plan ${EMBEDDED} --format json --records`);

    expect(mirrored(without).effects[0]).not.toHaveProperty('records');
    expect(mirrored(complete).effects[0]).toMatchObject({
      code: 'dns.records',
      zone: 'corp.example.com.',
      add: 31,
    });
    expect(mirrored(complete).effects[0]!['records']).toHaveLength(31);
    expect((await trueup(`plan ${EMBEDDED} --records`)).stdout).toContain('www.corp.example.com.');
  });

  it('--only and --exclude leave documents out, and say so', async () => {
    const { run: trueup } = createWorkplace();

    const only = JSON.parse((await trueup(`plan ${EMBEDDED} --only */corp --format json`)).stdout) as {
      partial?: true;
      documents: { name: string }[];
    };
    const rest = JSON.parse(
      (await trueup(`plan ${EMBEDDED} --exclude ZoneMirror/corp --format json`)).stdout,
    ) as typeof only;

    expect([only.partial, only.documents.map(({ name }) => name)]).toEqual([true, ['corp']]);
    expect([rest.partial, rest.documents.map(({ name }) => name)]).toEqual([
      true,
      ['invoices', 'office-hours', 'main', 'gene-survival', 'reverse'],
    ]);
  });

  it('tries out a mirror in a network that the embedded account does not have', async () => {
    const { run: trueup, edit } = createWorkplace();
    edit(
      'config/dns/corp.yaml',
      (text) => `${text}  network: { subnets: [subnet-0a11bb22, subnet-0b11bb22], securityGroups: [sg-0c11bb22] }\n`,
    );

    const planned = await trueup(`plan ${EMBEDDED}`);
    const applied = await trueup(`apply ${EMBEDDED} --yes`);
    const again = await trueup(`plan ${EMBEDDED} --detailed-exitcode`);

    expect(planned.stdout).not.toContain('does not exist');
    expect(planned.stderr).toMatch(
      /The embedded account has no vpc-0\w+, subnet-0a11bb22, subnet-0b11bb22, sg-0c11bb22 in eu-west-1: made up\./,
    );
    expect([applied.exit, applied.stderr.includes('made up')]).toEqual([0, false]);
    expect(again.exit).toBe(0);
  });

  it('an invalid tree is 65 from every verb, with nothing opened or written', async () => {
    const { run: trueup, edit, exists } = createWorkplace();
    edit('config/dns/corp.yaml', (text) => text.replace('corp.example.com', 'corp..example.com'));

    for (const verb of ['validate', `plan ${EMBEDDED}`, `apply ${EMBEDDED} --yes`, `drift ${EMBEDDED}`]) {
      const ran = await trueup(`${verb} --format json`);
      expect([verb, ran.exit]).toEqual([verb, 65]);
      expect(expectValid('validate', ran.stdout)).toMatchObject({ ok: false });
    }
    expect(exists('account.json')).toBe(false);
    expect((await trueup('validate')).stdout).toMatch(/^config\/dns\/corp\.yaml:\d+:\d+ error TU1003: .*/);
  });

  it.each([
    { reason: 'no verb', args: '', exit: 64 },
    { reason: 'an unknown verb', args: 'destroy --format json', exit: 64 },
    { reason: 'an unknown flag', args: 'plan --force --format json', exit: 64 },
    { reason: 'html, which is not built', args: 'plan --format html', exit: 64 },
    { reason: 'an apply that nobody has seen', args: `apply ${EMBEDDED} --format json`, exit: 64 },
    { reason: 'an apply of everything at a real endpoint', args: 'apply --yes --format json', exit: 64 },
    { reason: 'a bad concurrency', args: 'plan --concurrency 0 --format json', exit: 64 },
    { reason: 'an endpoint that is none', args: 'plan --endpoint nowhere --format json', exit: 64 },
    { reason: 'a plan file that is not there', args: `apply ${EMBEDDED} --plan none.json --format json`, exit: 3 },
  ])('refuses $reason with $exit', async ({ args, exit }) => {
    const { run: trueup, exists } = createWorkplace();

    const ran = await trueup(args);

    expect(ran.exit).toBe(exit);
    if (args.includes('json'))
      expect(expectValid('error', ran.stdout)).toMatchObject({ error: { code: expect.stringMatching(/^TU\d{4}$/) } });
    expect(exists('account.json')).toBe(false);
  });

  it('T124 an edited plan is refused, and --out replaces a link instead of following it', async () => {
    const { run: trueup, edit, directory } = createWorkplace();
    mkdirSync(join(directory, 'elsewhere'));
    writeFileSync(join(directory, 'elsewhere/victim'), 'untouched');
    symlinkSync('elsewhere/victim', join(directory, 'plan.json'));

    await trueup(`plan ${EMBEDDED} --out plan.json`);
    expect(readFileSync(join(directory, 'elsewhere/victim'), 'utf8')).toBe('untouched');
    edit('plan.json', (text) => text.replace('"AWS::Route53::HostedZone"', '"AWS::IAM::Role"'));
    const ran = await trueup(`apply ${EMBEDDED} --plan plan.json --format json`);

    expect(ran.exit).toBe(3);
    expect(JSON.parse(ran.stdout)).toMatchObject({ error: { code: 'TU3001' } });
    expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('a document that changed after the review is refused with 3, and nothing of it is written', async () => {
    const { run: trueup, edit } = createWorkplace();
    await trueup(`plan ${EMBEDDED} --out plan.json`);
    edit('config/dns/corp.yaml', (text) => text.replace('comment: corp mirror', 'comment: another'));

    const ran = await trueup(`apply ${EMBEDDED} --plan plan.json --format json`);

    expect(ran.exit).toBe(3);
    const result = expectValid('apply', ran.stdout) as unknown as ApplyResult;
    expect(result).toMatchObject({ outcome: 'stale', refused: [{ document: 'ZoneMirror/corp' }] });
    const ids = ['Alarm', 'Mirror', 'MirrorLogs', 'MirrorPolicy', 'MirrorRole', 'Permission'];
    ids.push('Plan', 'PlanLogs', 'PlanPolicy', 'PlanRole', 'Records', 'Rule', 'Zone');
    const mirrors = result.done.filter((id) => id.startsWith('ZoneMirror/'));
    expect(mirrors.toSorted()).toEqual(ids.map((id) => `ZoneMirror/reverse/${id}`));
    const doneOf = (document: string): number => result.done.filter((id) => id.startsWith(`${document}/`)).length;
    const others = [
      'InstanceSchedule/office-hours',
      'ReconcileLoop/main',
      'BucketFanOut/invoices',
      'SurvivalService/gene-survival',
    ].map(doneOf);
    expect(others).toEqual([7, 8, 38, 12]);
    expect(result.done).toHaveLength(mirrors.length + 7 + 8 + 38 + 12);
  });

  it('F01 killed before or after any call of an apply, the next apply converges', async () => {
    const { run: trueup, directory } = createWorkplace();
    await trueup(`plan ${EMBEDDED} --only ZoneMirror/reverse --out plan.json`);
    let crashes = 0;
    for (const fault of ['crash-before', 'crash-after']) {
      for (let nth = fault === 'crash-before' ? 1 : 6; nth <= 86; nth += 10) {
        rmSync(join(directory, 'account.json'), { force: true });
        for (const file of readdirSync(directory))
          if (file.startsWith('account.json')) rmSync(join(directory, file), { force: true });
        const faults = JSON.stringify([{ service: '*', command: '*', nth, fault }]);
        const first = await trueup(`apply ${EMBEDDED} --only ZoneMirror/reverse --plan plan.json`, {
          TRUEUP_FAULTS: faults,
        });
        if (first.exit !== 0) crashes += 1;

        const second = await trueup(`apply ${EMBEDDED} --only ZoneMirror/reverse --plan plan.json --format json`);
        expect([fault, nth, second.exit, second.stdout.includes('"refused": []')]).toEqual([fault, nth, 0, true]);
        const plan = await trueup(`plan ${EMBEDDED} --only ZoneMirror/reverse --full --detailed-exitcode`);
        expect([fault, nth, plan.exit]).toEqual([fault, nth, 0]);
      }
    }
    expect(crashes).toBeGreaterThan(14);
  }, 180_000);

  it.each([
    ['TRUEUP_FAULTS', '[{"fault":"flood"}]', 'TU4014'],
    ['TRUEUP_NOW', 'tomorrow', 'TU4001'],
  ])('%s=%s is a mistake of whoever calls', async (name, value, code) => {
    const { run: trueup } = createWorkplace();
    const { exit, stdout } = await trueup(`plan ${EMBEDDED} --format json`, { [name]: value });
    expect([exit, JSON.parse(stdout)]).toMatchObject([64, { error: { code } }]);
  });

  it.each(['eu_west_1', 'everywhere', ''])('orphans --region "%s" is no region', async (region) => {
    const { run: trueup } = createWorkplace();
    const { exit, stdout } = await trueup(`orphans ${EMBEDDED} --format json --region=${region}`);
    expect([exit, JSON.parse(stdout)]).toMatchObject([64, { error: { code: 'TU0001' } }]);
  });

  it('a side of zone diff that is neither a file nor a mirror is said to be neither', async () => {
    const { run: trueup } = createWorkplace();
    const { exit, stdout } = await trueup(`zone diff corp nofile ${EMBEDDED} --format json`);
    expect([exit, JSON.parse(stdout)]).toMatchObject([
      1,
      { error: { code: 'TU2022', message: 'there is no file and no ZoneMirror named nofile' } },
    ]);
  });

  it.each([
    ['', 'has several functions'],
    [' --function zork', 'has no function zork'],
  ])('invoke%s is a wrong command line', async (flag, says) => {
    const { run: trueup, directory } = createWorkplace();
    writeFileSync(join(directory, 'event.json'), '{}');
    const { exit, stdout } = await trueup(`invoke ZoneMirror/corp${flag} --event event.json ${EMBEDDED} --format json`);
    expect([exit, JSON.parse(stdout)]).toMatchObject([
      64,
      { error: { code: 'TU2032', message: `ZoneMirror/corp ${says}`, hint: '--function, one of: mirror, plan' } },
    ]);
  });

  it('zone transfer, export and diff agree', async () => {
    const { run: trueup, directory } = createWorkplace();
    await trueup(`apply ${EMBEDDED} --yes`);

    const exported = await trueup(`zone export corp ${EMBEDDED} --format zone`);
    writeFileSync(join(directory, 'mirror.zone'), exported.stdout);
    const same = await trueup(`zone diff mirror.zone corp ${EMBEDDED} --format json --detailed-exitcode`);
    const other = await trueup(
      `zone diff ${join(ROOT, 'examples/zones/corp.example.com.zone')} mirror.zone --format json --detailed-exitcode`,
    );
    const failed = await trueup('zone transfer corp.example.com --from 127.0.0.1:1 --format json');

    expect([same.exit, JSON.parse(same.stdout)]).toMatchObject([
      0,
      { format: 'trueup/zone-diff@1', add: 0, change: 0, remove: 0 },
    ]);
    expect(other.exit).toBe(2);
    expect(
      (JSON.parse(other.stdout) as { records: { name: string; type: string }[] }).records.every(
        ({ type }) => type === 'NS',
      ),
    ).toBe(true);
    expect([failed.exit, JSON.parse(failed.stdout)]).toMatchObject([
      1,
      {
        format: 'trueup/zone-transfer@1',
        error: { code: 'connection', stage: 'connect', primary: '127.0.0.1:1', zone: 'corp.example.com.' },
      },
    ]);
  });

  it('prints every schema, as the package has it', async () => {
    const { run: trueup } = createWorkplace();

    expect((await trueup('schema')).stdout).toBe(
      'Settings\nBucketFanOut\nInstanceSchedule\nReconcileLoop\nSurvivalService\nZoneMirror\n',
    );
    expect(JSON.parse((await trueup('schema ZoneMirror')).stdout)).toEqual(
      JSON.parse(readFileSync(join(ROOT, 'schemas/zone-mirror.schema.json'), 'utf8')),
    );
  });

  it('the demo does what it says', async () => {
    const { run: trueup } = createWorkplace();

    const ran = await trueup('demo');

    expect([ran.exit, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toContain('Even a full transfer and listing finds nothing to do.');
    const removal = ran.stdout.slice(ran.stdout.indexOf('Somebody deletes a document'));
    const [, digest = ''] = /^ *- \{ digest: ([0-9a-f]{64}),/m.exec(removal) ?? [];
    expect(removal).toContain('guard deletes: ZoneMirror would lose 8 of 18 objects (44.4 %, limit 20 %)');
    expect(removal).toContain('on removal  it stays, and our mark goes');
    expect(removal).toContain(
      `under spec.overrides of Settings:\n   - { digest: ${digest}, allow: [deletes], reason: "the office has moved", until: `,
    );
    expect(removal).toMatch(/^ *< HostedZone +\S+ +ZoneMirror\/reverse$/m);
    expect(removal).toContain('Applied: 9 of 9.');
    expect(removal).toContain('Orphans: none.');
    const loop = ran.stdout.slice(ran.stdout.indexOf('The loop takes its configuration from git'));
    expect(loop).toContain('published to s3://acme-trueup/estate.tar.gz');
    expect(loop).toMatch(
      /outcome healed, generation 1, Documents 3, Drifted 1, Healed 1, .*\n.*office-hours\/Rule, .*PutRule/,
    );
    expect(loop).toMatch(
      /generation 2, .*Applied 0, Left 1, [^]*approved: 1 plan [^]*outcome applied, [^]*Plan: 0 to create/,
    );
    expect(loop).toMatch(
      /refused: altered: [^]*refused: rolled-back: .* it is of generation 1, and 2 was taken before/,
    );
    expect(loop).toContain('CloudFormation of acme-network: 1 template');
    const fanOut = ran.stdout.slice(ran.stdout.indexOf('Invoices are to lie in America too'));
    expect(fanOut).toMatch(
      /must let the function copy to accountant\.invoices:\s[^]*"Sid": "TrueupFanOut[^]*backfill invoices copies them: /,
    );
    expect(fanOut).toMatch(
      /acme-invoices-us has out\/0002 100% a\+b 東京\.pdf\n.*acme-archive has invoices\/out\/0002 .*\n.*accountant\.invoices has from-acme\/out\/0002 /,
    );
    expect(fanOut).toMatch(
      /fan-out status [^]*1 dead letter[^]*AccessDenied: [^]*fan-out redrive [^]*accountant\.invoices\/from-acme\/ +1 dead letter redriven\n +1 copied\n/,
    );
    expect(fanOut).toMatch(
      /Backfill: 3 objects handed over and worked off\.[^]*Verify: 3 destinations, all as at the source\./,
    );
    const survival = ran.stdout.slice(ran.stdout.indexOf('Which genes tell how patients fare?'));
    expect(survival).toMatch(
      /url +https:\/\/[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com\/survival\n +curl +curl --aws-sigv4 [^]*403 \{"message":"Forbidden"\}\n.*MKI67: hazard ratio 1\.3926, p 0\.0059, 480 patients/,
    );
    expect(survival).toMatch(/\(UpdateRoute, exact\)[^]*lets anybody call its route POST[^]*Applied: 2 of 2\./);
    expect(fanOut).toMatch(
      /Notification[0-9a-f]{8} is gone\n.* by user administrator [^]*\(PutBucketNotification, exact\)[^]*Applied: 1 of 1\./,
    );
  }, 120_000);
});

describe('the package', () => {
  it('T132 installs into an empty folder, runs there and is typed under nodenext and bundler', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'trueup-pack-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    await run('npm', ['pack', '--silent', '--pack-destination', directory], ROOT);
    const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz'))!;
    writeFileSync(join(directory, 'package.json'), '{ "type": "module", "private": true }');

    const installed = await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${tarball}`], directory);
    expect([installed.exit, installed.exit === 0 ? '' : installed.stderr]).toEqual([0, '']);
    const validated = await run(
      'npx',
      ['--no-install', 'trueup', 'validate', '--config', 'node_modules/trueup/config'],
      directory,
    );
    expect([validated.exit, validated.stdout]).toEqual([0, '7 documents in 7 files are valid.\n']);

    // T132: what this checkout has deployed is what the package elsewhere would deploy.
    const account = `--endpoint embedded:${join(directory, 'account.json')}`;
    const deployed = await run(process.execPath, [CLI, ...`apply ${account} --yes`.split(' ')], ROOT);
    const args = `--no-install trueup plan ${account} --config node_modules/trueup/config --detailed-exitcode`;
    const replanned = await run('npx', args.split(' '), directory);
    expect([deployed.exit, replanned.exit, replanned.stdout.includes('91 unchanged')]).toEqual([0, 0, true]);

    writeFileSync(
      join(directory, 'use.ts'),
      `import { fanOutVerify, loadConfig, plan } from 'trueup';
import type { FanOutVerifyResult, Plan } from 'trueup';
import { openEmbedded } from 'trueup/embedded';
import { formatMasterFile, parseMasterFile } from 'trueup/dns';
import { decide, parseTag, transitions } from 'trueup/schedule';
import type { Decision, Transition } from 'trueup/schedule';
import { fitCox } from 'trueup/survival';
import type { SurvivalStatistics } from 'trueup/survival';

export async function look(): Promise<Plan | undefined> {
  const { project } = await loadConfig('config');
  const account = openEmbedded('memory');
  return project && plan(project, { endpoint: { kind: 'embedded', account } });
}
export async function compare(name: string): Promise<FanOutVerifyResult | undefined> {
  const { project } = await loadConfig('config');
  const account = openEmbedded('memory');
  return project && fanOutVerify(project, { endpoint: { kind: 'embedded', account }, name });
}
export function ratio(values: Float64Array): SurvivalStatistics['hazard'] | undefined {
  return fitCox({ times: [1, 2, 3], events: [1, 0, 1], values: [values] })[0]?.hazard;
}
export function next(tag: string, now: Date): readonly [Decision, readonly Transition[]] {
  const schedule = parseTag(tag);
  if (schedule.error) throw new Error(schedule.error.message + schedule.error.column);
  const week = transitions(schedule, { from: now, to: '2027-01-01T00:00Z' });
  return [decide({ schedule, now, state: 'stopped', window: '12m' }), week];
}
console.log(formatMasterFile(parseMasterFile('$TTL 1\\n@ SOA a b 1 2 3 4 5\\n@ NS a\\n', { origin: 'x.test' })).split('\\n').length);
`,
    );
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    for (const resolution of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ]) {
      const flags = [
        '--noEmit',
        '--strict',
        '--target',
        'es2023',
        '--module',
        resolution[0]!,
        '--moduleResolution',
        resolution[1]!,
      ];
      const checked = await run(process.execPath, [tsc, ...flags, '--types', '', 'use.ts'], directory);
      expect([resolution, checked.stdout]).toEqual([resolution, expect.not.stringContaining('node_modules/trueup')]);
      expect(
        checked.stdout.split('\n').filter((line) => line.startsWith('use.ts') && !line.includes("'console'")),
      ).toEqual([]);
    }
  }, 180_000);
});
