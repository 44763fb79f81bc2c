import { describe, expect, it } from 'vitest';
import { createProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import { survivalProgressText } from './survival-run-text.ts';

function fake(over: { readonly isTTY?: boolean; readonly columns?: number; readonly quiet?: boolean } = {}) {
  const written: string[] = [];
  let now = 0;
  const stream = {
    write: (text: string) => written.push(text),
    isTTY: over.isTTY ?? true,
    columns: over.columns ?? 80,
  };
  const progress: Progress = createProgress({ stream, quiet: over.quiet ?? false, now: () => now });
  return { written, progress, advance: (milliseconds: number) => (now += milliseconds) };
}

describe('on a terminal', () => {
  it('each running document has one line, which is rewritten', () => {
    const { written, progress, advance } = fake();
    progress.step('corp', 'transfer 1,000 records');
    advance(1_200);
    progress.step('corp', 'transfer 412,000 records  38 MB');
    progress.step('lab', 'listing');
    expect(written).toEqual([
      'corp  transfer 1,000 records  0 s\n',
      '\u001b[1A\r\u001b[Jcorp  transfer 412,000 records  38 MB  1.2 s\n',
      '\u001b[1A\r\u001b[Jcorp  transfer 412,000 records  38 MB  1.2 s\nlab  listing  0 s\n',
    ]);
  });

  it('the bar of survival run stands there as it is', () => {
    const { written, progress } = fake({ columns: 120 });
    progress.step('survival run', survivalProgressText({ rows: 8192, share: 0.41, retries: 1 }));
    progress.step('other', survivalProgressText({ rows: 1, share: 1, retries: 0 }));

    expect(written.at(-1)).toContain(
      'survival run  [########............] 41 %  8,192 rows  1 request sent again  0 s\nother  [####################] 100 %  1 row  0 s\n',
    );
  });

  it('steps that follow each other closely are not drawn', () => {
    const { written, progress, advance } = fake();
    for (let step = 0; step < 1_000; step += 1) {
      advance(1);
      progress.step('corp', `${step}`);
    }
    expect(written.length).toBeLessThan(15);
  });

  it('what is waited for has a line at once, and it stays', () => {
    const { written, progress } = fake();
    progress.wait('lease', 'waits for run 12');
    progress.done('lease', 'taken');
    expect(written).toEqual(['lease  waits for run 12  0 s\n', '\u001b[1A\r\u001b[J']);
  });

  it('nothing is left at the end', () => {
    const { written, progress } = fake();
    progress.step('corp', 'transfer');
    progress.done('corp', '8,412 records');
    progress.end();
    expect(written.at(-1)).toBe('\u001b[1A\r\u001b[J');
    expect(written).toHaveLength(2);
  });

  it('no line wraps, and many documents share the last line', () => {
    const { written, progress } = fake({ columns: 40 });
    for (let index = 0; index < 12; index += 1) progress.step(`document-${index}`, 'x'.repeat(100));
    const last = written.at(-1)!.split('\n').slice(0, -1);
    expect(last).toHaveLength(9);
    expect(last.at(-1)).toBe('4 more');
    expect(Math.max(...last.slice(1).map((line) => line.length))).toBe(39);
  });
});

describe('elsewhere', () => {
  it('what is waited for is said before it is over', () => {
    const { written, progress } = fake({ isTTY: false });
    progress.wait('lease', 'waits for run 12');
    progress.done('lease', 'taken');
    expect(written).toEqual(['lease  waits for run 12\n', 'lease  taken\n']);
  });

  it('a finished step is one plain line', () => {
    const { written, progress, advance } = fake({ isTTY: false });
    progress.step('corp', 'transfer');
    advance(4_200);
    progress.done('corp', 'transferred 8,412 records');
    progress.done('lab', 'nothing to do');
    progress.end();
    expect(written).toEqual(['corp  transferred 8,412 records  4.2 s\n', 'lab  nothing to do\n']);
  });

  it('T20 names and texts cannot steer the terminal', () => {
    const { written, progress } = fake({ isTTY: false });
    progress.done('co\u001b[2Jrp', 'a\nb');
    expect(written).toEqual(['co<U+001B>[2Jrp  a<U+000A>b\n']);
  });
});

it.each([true, false])('quiet says nothing (terminal: %s)', (isTTY) => {
  const { written, progress } = fake({ isTTY, quiet: true });
  progress.step('corp', 'transfer');
  progress.done('corp', 'done');
  progress.end();
  expect(written).toEqual([]);
});
