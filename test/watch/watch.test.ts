import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileCell, memoryCell } from '../../src/operations/file-cell.ts';
import { NOW } from '../support/estate.ts';
import { temporaryDirectory } from '../config/tree.ts';
import { createWatchBench, office } from './bench.ts';
import type { WatchBench } from './bench.ts';

const MINUTE = 60_000;

async function applied(): Promise<WatchBench & { readonly first: string }> {
  const bench = await createWatchBench();
  bench.write('office.yaml', office());
  const first = bench.push();
  expect(await bench.apply()).toMatchObject({ outcome: 'applied', failed: [] });
  return { ...bench, first };
}

function told(runs: Awaited<ReturnType<WatchBench['watch']>>) {
  return runs.map(({ answer, error }) => answer?.refusal?.code ?? answer?.outcome ?? error);
}

describe('watch', () => {
  it('looks at each interval, and says what drifted and that it is gone', async () => {
    const bench = await applied();
    const runs = await bench.watch({}, bench.tamper, () => bench.apply());
    expect(told(runs)).toEqual(['in-line', 'drifted', 'in-line']);
    expect(runs.map(({ at }) => at - NOW)).toEqual([0, MINUTE, 2 * MINUTE]);
    expect(runs[1]?.answer).toMatchObject({
      commit: bench.first,
      generation: 1,
      documents: 1,
      open: 1,
      drifted: [{ document: 'InstanceSchedule/office', fields: ['ScheduleExpression'] }],
    });
  });

  it('writes nothing where it only reports', async () => {
    const bench = await applied();
    await bench.tamper();
    const writes = () =>
      bench.account
        .events()
        .filter(({ readOnly, eventName }) => !readOnly && eventName !== 'AssumeRole')
        .map(({ eventName, eventTime }) => `${eventTime} ${eventName}`);
    const before = writes();
    expect(before).not.toEqual([]);
    expect(told(await bench.watch())).toEqual(['drifted']);
    expect(writes()).toEqual(before);
  });

  it('takes the commit of the remote branch, never the working tree', async () => {
    const bench = await applied();
    const runs = await bench.watch({ mode: 'heal' }, () => {
      bench.write('office.yaml', 'kind: [');
      rmSync(join(bench.directory, 'config/settings.yaml'));
    });
    expect(told(runs)).toEqual(['in-line', 'in-line']);
    expect(runs.map(({ answer }) => answer?.documents)).toEqual([1, 1]);
    expect(readFileSync(join(bench.directory, 'config/office.yaml'), 'utf8')).toBe('kind: [');
  });

  it('heals what was changed behind git, and brings nothing new', async () => {
    const bench = await applied();
    const runs = await bench.watch({ mode: 'heal' }, bench.tamper, async () => {
      bench.write('office.yaml', office(20));
      bench.push();
    });
    expect(told(runs)).toEqual(['in-line', 'healed', 'drifted']);
    expect(runs[1]?.answer).toMatchObject({ healed: 1, open: 0 });
    expect(runs[2]?.answer).toMatchObject({
      generation: 2,
      left: [{ document: 'InstanceSchedule/office', why: 'not-applied' }],
    });
    expect(await bench.pace()).toBe('rate(10 minutes)');
  });

  it('refuses a branch that was rewritten, also after a restart, until it is told to take it', async () => {
    const bench = await applied();
    bench.write('office.yaml', office(20));
    const second = bench.push();
    const state = memoryCell();
    const runs = await bench.watch({ state }, () => {
      bench.git('reset', '--quiet', '--hard', bench.first);
      bench.write('office.yaml', office(30));
      bench.push('--force');
    });
    expect(told(runs)).toEqual(['drifted', 'rolled-back']);
    expect(runs[1]?.answer?.refusal?.message).toContain(`does not follow ${second.slice(0, 12)}`);
    const calls = JSON.stringify(bench.account.calls());
    expect(told(await bench.watch({ state }))).toEqual(['rolled-back']);
    expect(JSON.stringify(bench.account.calls())).toBe(calls);
    expect(told(await bench.watch({ state, rewritten: true }))).toEqual(['drifted']);
    expect(told(await bench.watch({ state }))).toEqual(['drifted']);
  });

  it('refuses at its first start what does not follow the commit that the clone last saw', async () => {
    const bench = await applied();
    const other = bench.git('commit-tree', '-m', 'other', `${bench.first}^{tree}`);
    bench.git('--git-dir', bench.remote, 'fetch', '--quiet', bench.directory, `+${other}:refs/heads/main`);
    expect(told(await bench.watch())).toEqual(['rolled-back']);
    expect(told(await bench.watch({ rewritten: true }))).toEqual(['in-line']);
  });

  it.each<[string, string, (bench: WatchBench) => unknown]>([
    [
      'a configuration that is not valid',
      'invalid',
      ({ write, push }) => {
        write('office.yaml', 'kind: [');
        push();
      },
    ],
    [
      'Settings of another estate',
      'other-estate',
      ({ rewrite, push }) => {
        rewrite('settings.yaml', (text) => text.replace('acme-network', 'acme-other'));
        push();
      },
    ],
    [
      'a folder that is gone',
      'missing',
      ({ git, push }) => {
        git('mv', 'config', 'elsewhere');
        push();
      },
    ],
    [
      'a link in the place of a file',
      'invalid',
      ({ directory, push }) => {
        symlinkSync('/etc/passwd', join(directory, 'config/link.yaml'));
        push();
      },
    ],
    [
      'a file that is too large',
      'invalid',
      ({ write, push }) => {
        write('large.yaml', '#'.repeat(1024 * 1024 + 1));
        push();
      },
    ],
    ['a remote that is gone', 'unreadable', ({ remote }) => rmSync(remote, { recursive: true })],
  ])('does not look at an account for %s: %s, and the next run comes', async (_, code, change) => {
    const bench = await applied();
    let calls = '';
    const runs = await bench.watch({}, () => {
      change(bench);
      calls = JSON.stringify(bench.account.calls());
    });
    expect(told(runs)).toEqual(['in-line', code]);
    expect(JSON.stringify(bench.account.calls())).toBe(calls);
  });

  it('an error of one run is told, and the next run comes', async () => {
    const bench = await applied();
    const state = memoryCell();
    let isBroken = true;
    const broken = {
      ...state,
      read() {
        if (isBroken) return Promise.reject(new Error('no disk'));
        return state.read();
      },
    };
    const runs = await bench.watch({ state: broken }, () => {
      isBroken = false;
    });
    expect(told(runs)).toEqual([new Error('no disk'), 'in-line']);
  });

  it('begins each run at its time, and the next one at once where one took longer', async () => {
    const bench = await applied();
    const nothing = () => undefined;
    const times = async (takes: number) => {
      const runs = await bench.watch({ every: 5 * MINUTE, takes }, nothing, nothing);
      return runs.map(({ at }) => (at - NOW) / MINUTE);
    };
    expect(await times(2 * MINUTE)).toEqual([0, 5, 10]);
    expect(await times(7 * MINUTE)).toEqual([0, 7, 14]);
  });
});

describe('what a watch knows between two runs', () => {
  it('is kept in a file of the user’s own, and swapped', async () => {
    const path = join(await temporaryDirectory(), 'deep/state.json');
    const cell = fileCell(path);
    expect(await cell.read()).toBeUndefined();
    const version = await cell.create('a');
    expect(await fileCell(path).read()).toEqual({ text: 'a', version });
    expect(await cell.create('b')).toBeUndefined();
    expect(await cell.replace('b', 'another')).toBeUndefined();
    const next = await cell.replace('b', version!);
    expect(await cell.read()).toEqual({ text: 'b', version: next });
    expect(await cell.replace('c', version!)).toBeUndefined();
  });
});
