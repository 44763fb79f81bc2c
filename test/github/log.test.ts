import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { pullRequestTarget } from '../support/github/events.ts';
import { commandsOf } from '../hostile/runner.ts';
import type { Command } from '../hostile/runner.ts';
import { SETTINGS, scheduleOf } from '../support/loop.ts';
import { openWorkshop } from './step.ts';
import type { Step, Workshop } from './step.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const PAYLOADS = [
  '::add-mask::e',
  '  ::stop-commands::t',
  '\t::set-env name=X::y',
  '##[add-mask]e',
  'x ##[error]boom',
  '::error file=a,line=1::x',
  '%0A::add-path::z',
];

/** Names of files; those with line ends cannot come by the fake's git, and lie on disk. */
const NAMES = [
  '::error::a.yaml',
  ' ::add-mask::b.yaml',
  '##[add-mask]c.yaml',
  'a,line=1::x%0A.yaml',
  '%0D%0A::set-output name=x::d.yaml',
  '::stop-commands::t/e.yaml',
];
const NAMES_ON_DISK = ['\n::add-mask::f.yaml', 'g\r##[add-mask]e\r.yaml', '\u2028::error::h.yaml'];

/** What Settings take as a tag: no `#`, `[`, `%` and `,`. */
const TAGS = "  tags: { mask: '::add-mask::e', stop: '  ::stop-commands::t', file: '::error file=a::x' }\n";

function carriedOut({ stdout, stderr }: Step): readonly Command[] {
  return [...commandsOf(stdout), ...commandsOf(stderr)];
}

function namesOf(commands: readonly Command[]): readonly string[] {
  return commands.map(({ name }) => name);
}

function expectHarmless(step: Step): void {
  expect(Object.keys(step.outputs).sort()).toEqual(['changes', 'digest', 'exit-code']);
  expect(step.outputs['exit-code']).toBe(String(step.exit));
  expect([step.environment, step.path]).toEqual(['', '']);
  const shown = `${step.stdout}${step.stderr}`;
  // oxlint-disable-next-line no-control-regex -- what must not come out
  expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028]/);
}

function write({ checkout }: Workshop, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(checkout, name)), { recursive: true });
    writeFileSync(join(checkout, name), text);
  }
}

/** Valid documents in files of hostile names. */
function documents(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [`config/${name}`, scheduleOf(`s${index}`)]));
}

/** The same, each with a key that nobody knows and a value that is wrong. */
function broken(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name, index) => {
      const payload = JSON.stringify(PAYLOADS[index % PAYLOADS.length]);
      return [`config/${name}`, `${scheduleOf(`s${index}`)}  ${payload}: ${payload}\n`];
    }),
  );
}

describe('T26 T27 what a runner reads of a step', () => {
  it('a plan of hostile names and tags has no command but its fence', async () => {
    const shop = await openWorkshop({ 'config/settings.yaml': `${SETTINGS}${TAGS}` });
    const { number } = shop.github.openPull({ files: documents(NAMES) });
    const step = await shop.step(pullRequestTarget(shop.github, number, 'opened'), ['plan', '--head', '--comment']);
    expect(step.exit).toBe(0);
    expect(namesOf(carriedOut(step))).toEqual(['stop-commands']);
    expectHarmless(step);
    expect(step.outputs['digest']).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.parse(step.outputs['changes'] ?? '')).toMatchObject({ delete: 0 });
    for (const name of ['a.yaml', 'd.yaml']) expect(step.stdout).toContain(name);
  }, 90_000);

  it('what is invalid has one annotation each, of exactly its file', async () => {
    const shop = await openWorkshop();
    const names = [...NAMES, ...NAMES_ON_DISK];
    write(shop, broken(names));
    const { number } = shop.github.openPull({ files: { 'README.md': 'x' } });
    const step = await shop.step(pullRequestTarget(shop.github, number, 'opened'), ['plan', '--base', 'HEAD']);
    expect(step.exit).toBe(65);
    const commands = carriedOut(step);
    const errors = commands.filter(({ name }) => name === 'error');
    expect(namesOf(commands).filter((name) => name !== 'error')).toEqual(['stop-commands']);
    expect(errors).toHaveLength(names.length);
    const files = names.map((name) => `config/${name}`.replace('\u2028', '<U+2028>').replace('##[', '##<U+005B>'));
    expect(new Set(errors.map(({ properties }) => properties['file']))).toEqual(new Set(files));
    expect(errors.every(({ properties }) => Number(properties['line']) > 5)).toBe(true);
    expectHarmless(step);
    expect(step.outputs['digest']).toBe('');
  }, 90_000);

  it.each(['json', 'ndjson'])(
    '--format %s stays what it is, valid or not, without any command',
    async (format) => {
      const shop = await openWorkshop({ 'config/settings.yaml': `${SETTINGS}${TAGS}` });
      const good = shop.github.openPull({ files: documents(NAMES) });
      const bad = shop.github.openPull({ files: broken(NAMES) });
      for (const [{ number }, exit] of [
        [good, 0],
        [bad, 65],
      ] as const) {
        const event = pullRequestTarget(shop.github, number, 'opened');
        const step = await shop.step(event, ['plan', '--head', '--comment', '--format', format]);
        expect(step.exit).toBe(exit);
        expect(carriedOut(step)).toEqual([]);
        expectHarmless(step);
        const texts = format === 'json' ? [step.stdout] : step.stdout.trimEnd().split('\n');
        for (const text of texts) expect(JSON.parse(text)).toBeTypeOf('object');
      }
    },
    90_000,
  );

  it('an error that names what somebody wrote is no command either', async () => {
    const shop = await openWorkshop({ 'config/settings.yaml': SETTINGS, ...documents(['a.yaml']) });
    const { number } = shop.github.openPull({ files: { 'README.md': 'x' } });
    const event = pullRequestTarget(shop.github, number, 'opened');
    for (const payload of PAYLOADS) {
      const step = await shop.step(event, ['plan', '--base', `${payload}\n${payload}`]);
      expect(step.exit).toBe(64);
      expect(step.stderr).toContain('<U+000A>');
      expect(namesOf(carriedOut(step))).toEqual(['stop-commands']);
      expectHarmless(step);
    }
  }, 120_000);
});
