import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { readPlanFile } from '../../src/cli/plan-file.ts';
import { digestOf } from '../../src/engine/digest.ts';
import type { Plan } from '../../src/engine/types.ts';
import { ACCOUNT, EMBEDDED, createDesk, inPairs, latency } from '../support/cli-process.ts';
import type { Desk, Ended } from '../support/cli-process.ts';

// A process takes half a second, and several where others work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const MEMORY = '--endpoint embedded:memory';

function codeOf(stdout: string): string {
  return (JSON.parse(stdout) as { error: { code: string } }).error.code;
}

function temporaryFiles(desk: Desk): readonly string[] {
  return readdirSync(desk.directory).filter((name) => name.endsWith('.tmp'));
}

/** Calls that changed something. */
function writesOf(desk: Desk): number {
  return desk
    .open()
    .events()
    .filter(({ readOnly }) => !readOnly).length;
}

async function planOf(desk: Desk): Promise<Plan> {
  const { stdout } = await desk.run(`plan ${MEMORY} --format json --out plan.json`);
  return JSON.parse(stdout) as Plan;
}

describe('T124 the file of --out', () => {
  it('T124 is new and its owner’s alone where there was one that others could read, or that has another name too', async () => {
    const desk = await createDesk();
    const victim = desk.write('victim', 'untouched');
    linkSync(victim, join(desk.directory, 'plan.json'));
    chmodSync(victim, 0o666);

    const { exit, stdout } = await desk.run(`plan ${MEMORY} --format json --out plan.json`);

    expect([exit, desk.read('plan.json') === stdout, desk.read('victim')]).toEqual([0, true, 'untouched']);
    expect(statSync(join(desk.directory, 'plan.json')).mode & 0o777).toBe(0o600);
    expect(temporaryFiles(desk)).toEqual([]);
  });

  it.each<[string, (desk: Desk) => string | Promise<string>]>([
    ['a folder', (desk) => (mkdirSync(join(desk.directory, 'folder')), 'folder')],
    ['a pipe', async (desk) => (await desk.shell('mkfifo pipe'), 'pipe')],
    // Not /dev/full itself: root would lose it if it were replaced after all.
    ['a full device', async (desk) => (await desk.shell('mknod full c 1 7 || ln -s /dev/full full'), 'full')],
    ['a link to a device', (desk) => (symlinkSync('/dev/null', join(desk.directory, 'link')), 'link')],
  ])('T124 F19 is refused with 1 before anything is done, and stays: %s', async (_what, make) => {
    const desk = await createDesk();
    const out = await make(desk);
    const path = join(desk.directory, out);
    const before = lstatSync(path);

    for (const verb of ['plan', 'apply --yes']) {
      const { exit, stdout } = await desk.run(`${verb} ${EMBEDDED} --format json --out ${out}`);
      expect([verb, exit, codeOf(stdout)]).toEqual([verb, 1, 'TU0003']);
    }
    expect([lstatSync(path).ino, lstatSync(path).mode, writesOf(desk)]).toEqual([before.ino, before.mode, 0]);
    expect(temporaryFiles(desk)).toEqual([]);
  });
});

describe('T124 an edited plan file', () => {
  type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

  function edited(value: string | number | boolean | null): Json {
    if (typeof value === 'string') return `${value}x`;
    if (typeof value === 'number') return value + 1;
    return value === null ? 'x' : !value;
  }

  /** Each place in a value that holds no list and no object, as what changes it and changes it back. */
  function* edits(value: Json, path: string): Generator<readonly [string, () => void]> {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === 'object' && item !== null) {
        yield* edits(item, `${path}/${key}`);
        continue;
      }
      const holder = value as Record<string, Json>;
      holder[key] = edited(item);
      yield [`${path}/${key}`, () => (holder[key] = item)];
    }
  }

  it('T124 every single value of every action, edited: the file is refused', async () => {
    const desk = await createDesk();
    const plan = (await planOf(desk)) as unknown as { actions: { changes: { live?: true }[] }[] };
    // What is live is shown and not sealed.
    const sealed = { ...plan, actions: plan.actions.filter(({ changes }) => !changes.some(({ live }) => live)) };
    const whole = { ...sealed, digest: digestOf(sealed as unknown as Plan) };
    desk.write('plan.json', JSON.stringify(whole));
    const file = join(desk.directory, 'plan.json');
    const accepted: string[] = [];
    let count = 0;

    expect((await readPlanFile(file)).digest).toBe(whole.digest);
    for (const [path, undo] of edits(whole.actions, '')) {
      desk.write('plan.json', JSON.stringify(whole));
      count += 1;
      await readPlanFile(file).then(
        () => accepted.push(path),
        (error: { code: string; exitCode: number }) => expect([error.code, error.exitCode]).toEqual(['TU3001', 3]),
      );
      undo();
    }
    expect([accepted, count > 100]).toEqual([[], true]);
  });

  it.each<[string, (plan: { actions: { id: string; changes: { path: string; after: unknown }[] }[] }) => void]>([
    ['an action less', (plan) => void plan.actions.pop()],
    [
      'another value',
      (plan) => {
        const zone = plan.actions.find(({ id }) => id.endsWith('/MirrorRole'))!;
        zone.changes[0]!.after = 'another';
      },
    ],
  ])('T124 with %s and a digest to match: 3, and nothing of the document is written', async (_what, edit) => {
    const desk = await createDesk();
    const plan = structuredClone(await planOf(desk));
    edit(plan as never);
    desk.write('plan.json', JSON.stringify({ ...plan, digest: digestOf(plan) }));

    const { exit, stdout } = await desk.run(`apply ${EMBEDDED} --plan plan.json --format json`);

    expect([exit, JSON.parse(stdout)]).toMatchObject([3, { outcome: 'stale', done: [] }]);
    expect(desk.open().calls()).toEqual({});
  });
});

describe('T124 a plan file of another shape', () => {
  it.each<[string, (plan: Plan) => unknown]>([
    ['a format that is a number', () => ({ format: 5 })],
    ['a document that is none', (plan) => ({ ...plan, documents: [null] })],
    ['an action that is none', (plan) => ({ ...plan, actions: [null] })],
    ['an action without anything', (plan) => ({ ...plan, actions: [{}] })],
    ['a guard that is none', (plan) => ({ ...plan, guards: [null] })],
    ['a finding that is none', (plan) => ({ ...plan, findings: [7] })],
    ['a list', () => []],
    ['nothing', () => null],
  ])('T124 %s: 3, and nothing is asked', async (_what, change) => {
    const desk = await createDesk();
    desk.write('plan.json', JSON.stringify(change(await planOf(desk))));

    const { exit, stdout } = await desk.run(`apply ${EMBEDDED} --plan plan.json --format json`);

    expect([exit, JSON.parse(stdout)]).toMatchObject([3, { error: { code: 'TU3001' } }]);
    expect(existsSync(join(desk.directory, ACCOUNT))).toBe(false);
  });

  it('T124 values of any depth: 3', async () => {
    const desk = await createDesk();
    const text = JSON.stringify(await planOf(desk));
    desk.write('plan.json', text.replace('"before":null', `"before":${'['.repeat(50_000)}${']'.repeat(50_000)}`));
    await expect(readPlanFile(join(desk.directory, 'plan.json'))).rejects.toMatchObject({
      code: 'TU3001',
      exitCode: 3,
    });
  });

  it.runIf(existsSync('/dev/zero'))('T43 one without an end: 3', async () => {
    await expect(readPlanFile('/dev/zero')).rejects.toMatchObject({ code: 'TU3001', exitCode: 3 });
  });

  it.each([{ about: 'another' }, { sealed: undefined }])(
    'T124 a guard that is about something else: 3, %j',
    async (other) => {
      const desk = await createDesk();
      const guard = { code: 'deletes', about: 'ZoneMirror', message: 'x', sealed: true, allow: '- x', allowed: false };
      const plan = { ...(await planOf(desk)), guards: [guard] } as unknown as Plan;
      const file = join(desk.directory, 'plan.json');
      const whole = { ...plan, digest: digestOf(plan) };
      desk.write('plan.json', JSON.stringify(whole));
      expect((await readPlanFile(file)).digest).toBe(whole.digest);
      desk.write('plan.json', JSON.stringify({ ...whole, guards: [{ ...guard, ...other }] }));
      await expect(readPlanFile(file)).rejects.toMatchObject({ code: 'TU3001', exitCode: 3 });
    },
  );
});

describe('F39 a plan file of another version', () => {
  it.each<[string, (plan: Plan) => object]>([
    ['an older format', (plan) => ({ ...plan, format: 'trueup/plan@0' })],
    ['a newer format', (plan) => ({ ...plan, format: 'trueup/plan@2' })],
    ['a format without a number', (plan) => ({ ...plan, format: 'trueup/plan' })],
    ['no guards', (plan) => ({ ...plan, guards: undefined })],
  ])('F39 %s: 3 with the next command', async (_what, change) => {
    const desk = await createDesk();
    const plan = await planOf(desk);
    desk.write('plan.json', JSON.stringify(change({ ...plan })));

    const { exit, stdout } = await desk.run(`apply ${EMBEDDED} --plan plan.json --format json`);

    expect([exit, JSON.parse(stdout)]).toMatchObject([
      3,
      { error: { code: 'TU3001', hint: expect.stringContaining('trueup plan --out plan.json') } },
    ]);
    expect(existsSync(join(desk.directory, ACCOUNT))).toBe(false);
  });
});

describe('F19 a full disk', () => {
  it('F19 plan: 1, the old file is kept and nothing is left beside it', async () => {
    const desk = await createDesk();
    desk.write('plan.json', 'the old one');

    // 4 KiB: the file takes the beginning, and then no more.
    const { exit, stdout } = await desk.shell(`ulimit -f 4; $TRUEUP plan ${MEMORY} --format json --out plan.json`);

    expect([exit, codeOf(stdout), desk.read('plan.json')]).toEqual([1, 'TU0003', 'the old one']);
    expect(temporaryFiles(desk)).toEqual([]);
  });

  it.each([
    ['no room on it', `$TRUEUP plan ${MEMORY} --format json > /dev/full`],
    ['room for a part', `ulimit -f 4; $TRUEUP plan ${MEMORY} --format json > result.json`],
  ])('F19 F21 plan, stdout is a file with %s: 1, said on stderr', async (_what, script) => {
    const desk = await createDesk();
    const { exit, stderr } = await desk.shell(script);

    expect([exit, stderr.includes('standard output cannot be written'), stderr.includes('    at ')]).toEqual([
      1,
      true,
      false,
    ]);
  });

  it('F19 apply, stdout or stderr is full: it runs to its end with its code, and says what is lost', async () => {
    const desk = await createDesk();
    const first = await desk.shell(`$TRUEUP apply ${EMBEDDED} --yes --format json --out report.json > /dev/full`);
    expect([first.exit, first.stderr.includes('The report is lost'), first.stderr.includes('    at ')]).toEqual([
      0,
      true,
      false,
    ]);
    expect(JSON.parse(desk.read('report.json'))).toMatchObject({ outcome: 'applied' });

    const second = await desk.shell(`$TRUEUP apply --endpoint embedded:other.json --yes --format json 2> /dev/full`);
    expect([second.exit, JSON.parse(second.stdout)]).toMatchObject([0, { outcome: 'applied' }]);
    expect([await desk.converge(), await desk.converge('other.json')]).toEqual([
      { converged: true, left: 0 },
      { converged: true, left: 0 },
    ]);
  });

  it('F19 apply, the folder of its report goes away meanwhile: its code stays, and it says so', async () => {
    const desk = await createDesk();
    desk.write('reports/old', '');
    const { ended } = desk.start(`apply ${EMBEDDED} --yes --format json --out reports/report.json`, {
      env: latency(10),
    });
    while (!existsSync(join(desk.directory, ACCOUNT)) || writesOf(desk) === 0) await sleep(20);
    rmSync(join(desk.directory, 'reports'), { recursive: true });
    const { exit, stdout, stderr } = await ended;

    expect([exit, JSON.parse(stdout)]).toMatchObject([0, { outcome: 'applied' }]);
    expect(stderr).toContain('The report is lost: reports/report.json cannot be written');
  });

  it('F19 apply does not start where its report cannot be opened: no folder, a read-only folder', async () => {
    const desk = await createDesk();
    mkdirSync(join(desk.directory, 'closed'), { mode: 0o555 });
    // Root may write into any folder but those of the kernel.
    const closed = process.getuid?.() === 0 ? '/sys' : 'closed';

    for (const folder of ['none', closed]) {
      const { exit, stdout } = await desk.run(`apply ${EMBEDDED} --yes --format json --out ${folder}/report.json`);
      expect([folder, exit, codeOf(stdout)]).toEqual([folder, 1, 'TU0003']);
    }
    expect(writesOf(desk)).toBe(0);
  });

  it.each([1, 16])(
    'F19 no room for the account file beyond %i KiB: no account is lost, and the next apply converges',
    async (room) => {
      const desk = await createDesk(['a', 'b']);
      expect((await desk.run(`apply ${EMBEDDED} --yes --only */a`)).exit).toBe(0);
      const before = desk
        .open()
        .events()
        .map(({ eventID }) => eventID);
      const limit = Math.ceil(statSync(join(desk.directory, ACCOUNT)).size / 1024) + room;

      const { exit, stdout } = await desk.shell(`ulimit -f ${limit}; $TRUEUP apply ${EMBEDDED} --yes --format json`);

      expect([[1, 5].includes(exit!), stdout]).toEqual([
        true,
        expect.stringContaining('cannot be used as an embedded account'),
      ]);
      expect(JSON.parse(stdout)).toHaveProperty('format');
      const after = new Set(
        desk
          .open()
          .events()
          .map(({ eventID }) => eventID),
      );
      expect(before.filter((id) => !after.has(id))).toEqual([]);
      expect(await desk.converge()).toEqual({ converged: true, left: 0 });
    },
  );
});

describe('F20 a closed stream', () => {
  type Streams = readonly ('stdout' | 'stderr')[];

  async function runClosed(desk: Desk, args: string, closed: Streams) {
    const { child, ended } = desk.start(args);
    for (const stream of closed) child[stream]!.destroy();
    return ended;
  }

  it.each<[Streams, string]>([
    [['stdout'], '>&-'],
    [['stderr'], '2>&-'],
    [['stdout', 'stderr'], '>&- 2>&-'],
  ])('F20 apply without %j runs to its end with its code, and writes its report', async (closed, redirection) => {
    const desk = await createDesk();
    const gone = await runClosed(desk, `apply ${EMBEDDED} --yes --format json --out report.json`, closed);
    const shut = await desk.shell(
      `$TRUEUP apply --endpoint embedded:other.json --yes --format json --out other-report.json ${redirection}`,
    );

    expect([gone.exit, gone.signal, shut.exit]).toEqual([0, null, 0]);
    for (const file of ['report.json', 'other-report.json'])
      expect(JSON.parse(desk.read(file))).toMatchObject({ outcome: 'applied', failed: [] });
    const refused = await runClosed(desk, `apply ${EMBEDDED} --plan none.json`, closed);
    expect(refused.exit).toBe(3);
  });

  it.each<[Streams]>([[['stdout']], [['stderr']], [['stdout', 'stderr']]])(
    'F20 plan without %j stops quietly with the code that it has otherwise',
    async (closed) => {
      const desk = await createDesk();
      const args = `plan ${MEMORY} --format json --detailed-exitcode --quiet`;
      const [open, gone] = await Promise.all([desk.run(args), runClosed(desk, args, closed)]);

      expect([open.exit, gone.exit, gone.stderr]).toEqual([2, 2, '']);
    },
  );

  it('F20 a reader that takes the first line and goes', async () => {
    const desk = await createDesk();
    const script = `$TRUEUP plan ${MEMORY} --format ndjson --records --quiet | head -n 1; exit \${PIPESTATUS[0]}`;
    const { exit, stdout, stderr } = await desk.shell(script);

    expect([exit, JSON.parse(stdout), stderr]).toMatchObject([0, { format: 'trueup/plan@1' }, '']);
  });
});

/** V8's own debugger ended it, and not we (see heap-guard.ts). */
function isBrokenByV8({ signal, stderr }: Ended): boolean {
  return (
    signal === 'SIGSEGV' ||
    (signal === 'SIGTRAP' && stderr.includes('Check failed: needs_context && current_scope_ == closure_scope_'))
  );
}

/** Repeats a run that V8 ended, which must have printed no result. */
async function repeatWhereV8Broke(run: () => Promise<Ended>, onBroken: () => void, attempts = 4): Promise<Ended> {
  const ended = await run();
  if (attempts === 1 || !isBrokenByV8(ended)) return ended;
  expect(ended.stdout).toBe('');
  onBroken();
  return repeatWhereV8Broke(run, onBroken, attempts - 1);
}

describe('F21 a program that breaks', () => {
  const STRAY = 'Promise.reject(new Error("stray"));';
  const AT_THE_RESULT = `const write = process.stdout.write; process.stdout.write = function (...args) { ${STRAY} return write.apply(this, args); };`;

  function preload(script: string): readonly string[] {
    return ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
  }

  it.each<[string, string, boolean]>([
    ['in the beginning', `setTimeout(() => ${STRAY.slice(0, -1)}, 0);`, false],
    ['in the middle', `setTimeout(() => ${STRAY.slice(0, -1)}, 120);`, false],
    ['when the result is written', AT_THE_RESULT, true],
  ])('F21 a rejection that nobody handles, %s: 1, and JSON whole or absent', async (_when, script, isWhole) => {
    const desk = await createDesk();
    const { exit, stdout, stderr } = await desk.run(`plan ${EMBEDDED} --format json`, { node: preload(script) });

    expect([exit, stderr.includes('stray')]).toEqual([1, true]);
    expect(stdout === '' ? 'absent' : (JSON.parse(stdout) as { format: string }).format).toBe(
      isWhole ? 'trueup/plan@1' : 'absent',
    );
  });

  it('F21 a heap limit that a large zone reaches: 1, JSON is absent, stderr says it, and no file is left', async () => {
    const desk = await createDesk(['a'], 60_000);
    desk.write('plan.json', 'the old one');
    const verbs = [`plan ${MEMORY} --out plan.json`, `apply ${EMBEDDED} --yes --out report.json`];
    const runs = verbs.flatMap((verb) => ['32', '40', '48'].map((limit) => ({ verb, limit })));
    let broken = 0;
    const ends = await inPairs(runs, ({ verb, limit }) =>
      repeatWhereV8Broke(
        () => desk.run(`${verb} --format json`, { node: [`--max-old-space-size=${limit}`] }),
        () => (broken += 1),
      ),
    );

    expect(ends.map(({ exit, signal, stdout }) => ({ exit, signal, stdout }))).toEqual(
      runs.map(() => ({ exit: 1, signal: null, stdout: '' })),
    );
    for (const { stderr } of ends) {
      expect(stderr).toContain('TU0009');
      expect(stderr).toContain('NODE_OPTIONS=--max-old-space-size=');
    }
    expect([desk.read('plan.json'), existsSync(join(desk.directory, 'report.json'))]).toEqual(['the old one', false]);
    // A process that V8 ends cannot take its half file away, if it had one by then.
    expect(temporaryFiles(desk).length).toBeLessThanOrEqual(broken);
  });

  it('F21 the same zone under a limit that is enough: nothing ends it', async () => {
    const desk = await createDesk(['a'], 60_000);
    const { exit, stdout, stderr } = await desk.run(`plan ${MEMORY} --format json`, {
      node: ['--max-old-space-size=400'],
    });

    expect([exit, (JSON.parse(stdout) as { format: string }).format]).toEqual([0, 'trueup/plan@1']);
    expect(stderr).not.toContain('TU0009');
  });

  it('F21 a heap limit that is too low: Node aborts, which is no success, and JSON is whole or absent', async () => {
    const desk = await createDesk();
    const limits = ['4', '16', '20', '24'];
    const ends = await inPairs(limits, async (limit) => {
      const { exit, signal, stdout } = await desk.run(`plan ${MEMORY} --format json`, {
        node: [`--max-old-space-size=${limit}`],
      });
      const isWhole = stdout !== '' && (JSON.parse(stdout) as { format: string }).format === 'trueup/plan@1';
      return { limit, isSuccess: exit === 0, isWhole, end: exit ?? signal };
    });

    expect(ends.filter(({ isSuccess, isWhole }) => isSuccess !== isWhole)).toEqual([]);
    expect(ends.filter(({ end }) => end !== 0 && end !== 'SIGABRT')).toEqual([]);
    expect(ends[0]).toEqual({ limit: '4', isSuccess: false, isWhole: false, end: 'SIGABRT' });
  }, 60_000);
});
