import { existsSync, readdirSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it, vi } from 'vitest';
import { readOnlyEntry } from '../../src/github/zip.ts';
import type { Artifact, WorkflowRun } from '../support/github/types.ts';
import { SETTINGS, openLoop, scheduleOf } from '../support/loop.ts';
import type { Loop } from '../support/loop.ts';

// Others may work on the same machine.
vi.setConfig({ testTimeout: 120_000 });

const MOST = 8 * 1024 * 1024;
const PLAN = '.github/workflows/plan.yml';

interface Planned {
  readonly loop: Loop;
  readonly number: number;
  readonly artifact: Artifact;
  readonly text: string;
}

/** A first pull request that was planned; its artefact is taken away, so that a forgery can take its place. */
async function planned(): Promise<Planned> {
  const loop = await openLoop({ 'config/settings.yaml': SETTINGS });
  const { number } = loop.github.openPull({ files: { 'config/a.yaml': scheduleOf('a') } });
  const { artifact } = await loop.plan(number);
  if (!artifact) throw new Error('there is no plan');
  return { loop, number, artifact, text: contentOf(artifact) };
}

function contentOf({ zip }: Artifact): string {
  return readOnlyEntry(zip, 'plan.json', MOST).toString('utf8');
}

function edited(text: string, edit: (plan: Record<string, unknown>) => void): string {
  const plan = JSON.parse(text) as Record<string, unknown>;
  edit(plan);
  return JSON.stringify(plan);
}

type Forgery = [
  what: string,
  run: Partial<{
    event: WorkflowRun['event'];
    path: string;
    repositoryId: number;
    conclusion: 'failure';
    headOwner: string;
  }>,
  content: (planned: Planned) => string | Uint8Array | Record<string, Uint8Array>,
  reason: RegExp,
  more: { readonly digest?: string; readonly expired?: boolean; readonly twice?: true } | undefined,
];

const same = ({ text }: Planned): string => text;

const FORGERIES: readonly Forgery[] = [
  ['a run of another event', { event: 'pull_request' }, same, /not written by/, undefined],
  ['a run of another workflow', { path: '.github/workflows/evil.yml' }, same, /not written by/, undefined],
  ['a workflow of like name', { path: `${PLAN}.yml` }, same, /not written by/, undefined],
  ['a run of a fork', { repositoryId: 666 }, same, /not written by/, undefined],
  ['a run that failed', { conclusion: 'failure' }, same, /not written by/, undefined],
  ['bytes of another digest', {}, same, /digest/, { digest: `sha256:${'0'.repeat(64)}` }],
  ['an artefact that expired', {}, same, /expired/, { expired: true }],
  ['two of one name in one run', {}, same, /more than one/, { twice: true }],
  [
    'a plan of another pull request',
    {},
    ({ text }) => edited(text, (plan) => Object.assign(plan['github'] as object, { pull: 77 })),
    /made for pull request 77/,
    undefined,
  ],
  [
    'a plan of another head',
    {},
    ({ text }) => edited(text, (plan) => Object.assign(plan['github'] as object, { head: '1'.repeat(40) })),
    /made for 1{40}/,
    undefined,
  ],
  [
    'a plan of another configuration',
    {},
    ({ text }) => edited(text, (plan) => Object.assign(plan['github'] as object, { tree: '2'.repeat(40) })),
    /another configuration/,
    undefined,
  ],
  [
    'a plan of nothing in particular',
    {},
    ({ text }) => edited(text, (plan) => delete plan['github']),
    /does not say/,
    undefined,
  ],
  [
    'a plan that was edited',
    {},
    ({ text }) => text.replaceAll('"MemorySize"', '"Timeout"'),
    /edited after it was made/,
    undefined,
  ],
  ['something else', {}, () => 'hello', /not JSON/, undefined],
  ['another archive', {}, () => ({ 'plan.json': strToU8('{}'), 'evil.sh': strToU8('x') }), /not one entry/, undefined],
];

describe('T42 only the plan workflow of this repository is believed', () => {
  it.each(FORGERIES)('%s ends with 3 and no write', async (_what, run, content, reason, more) => {
    const made = await planned();
    const { loop, number, artifact } = made;
    loop.github.deleteArtifact(artifact);
    const headSha = loop.github.pull(number).pull.headSha;
    const forged = loop.github.putRun({ event: 'pull_request_target', path: PLAN, headSha, ...run });
    const { twice, ...rest } = more ?? {};
    const put = (): unknown =>
      loop.github.putArtifact({ name: artifact.name, run: forged, content: content(made), ...rest });
    put();
    if (twice) put();
    loop.github.merge(number);
    const { result } = await loop.apply();
    expect(result).toMatchObject({ outcome: 'stale', done: [] });
    expect(JSON.stringify(result.refused)).toMatch(reason);
    expect(loop.writes()).toEqual([]);
    expect(loop.comments(number)[0]).toContain('nothing of it was applied');
  });

  it('a plan that was made after the merge was read by nobody', async () => {
    const { loop, number, artifact } = await planned();
    loop.github.deleteArtifact(artifact);
    loop.github.merge(number);
    loop.github.setTime(loop.github.now() + 60_000);
    expect((await loop.plan(number, { action: 'labeled', label: 'trueup:plan' })).exit).toBe(0);
    const { result } = await loop.apply();
    expect(JSON.stringify(result.refused)).toContain('made after it was merged');
    expect(loop.writes()).toEqual([]);
  });

  it('a plan that was made anew after the merge does not hide the one that was read', async () => {
    const { loop, number } = await planned();
    loop.github.merge(number);
    loop.github.setTime(loop.github.now() + 60_000);
    await loop.plan(number, { action: 'labeled', label: 'trueup:plan' });
    expect((await loop.apply()).result.outcome).toBe('applied');
  });

  it('the last of several plans of one head counts', async () => {
    const { loop, number } = await planned();
    const again = await loop.plan(number, { action: 'reopened' });
    expect(again.exit).toBe(0);
    loop.github.merge(number);
    expect((await loop.apply()).result.outcome).toBe('applied');
  });

  it('the archive’s place gets no token', async () => {
    const { loop, number } = await planned();
    loop.github.merge(number);
    await loop.apply();
    const fetched = loop.github.log.filter(({ path }) => !path.startsWith('/repos') && !path.startsWith('/user'));
    expect(fetched).toHaveLength(1);
    expect(fetched[0]?.authorised).toBe(false);
  });
});

/** A zip of one entry in which any field may lie. */
function crafted(fields: {
  name?: string;
  size?: number;
  method?: number;
  attributes?: number;
  entries?: number;
  data?: Buffer;
  flags?: number;
}): Buffer {
  const { name = 'plan.json', method = 8, attributes = 0, entries = 1, flags = 0 } = fields;
  const data = fields.data ?? deflateRawSync(Buffer.from('{}'));
  const size = fields.size ?? 2;
  const local = Buffer.alloc(30 + name.length);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  local.write(name, 30);
  const central = Buffer.alloc(46 + name.length);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(flags, 8);
  central.writeUInt16LE(method, 10);
  central.writeUInt32LE(0, 16);
  central.writeUInt32LE(data.length, 20);
  central.writeUInt32LE(size, 24);
  central.writeUInt16LE(name.length, 28);
  central.writeUInt32LE(attributes >>> 0, 38);
  central.write(name, 46);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length + data.length, 16);
  return Buffer.concat([local, data, central, end]);
}

const SYMLINK = (0o120777 << 16) >>> 0;

describe('T43 a hostile archive', () => {
  it.each([
    ['a name that climbs', () => zipSync({ '../plan.json': strToU8('{}') }), /entry is not plan.json/],
    ['a link', () => crafted({ attributes: SYMLINK }), /no regular file/],
    ['a bomb that says how large it is', () => zipSync({ 'plan.json': new Uint8Array(MOST + 1) }), /more than/],
    [
      'a bomb that says it is small',
      () => crafted({ data: deflateRawSync(Buffer.alloc(64 << 20)), size: 2 }),
      /no whole zip/,
    ],
    ['2 GB', () => crafted({ size: 0x8000_0000 }), /more than/],
    ['two of one name', () => crafted({ entries: 2 }), /not one entry/],
    ['another method', () => crafted({ method: 12 }), /method 12/],
    ['a password', () => crafted({ flags: 1 }), /encrypted/],
    ['bytes that were changed', () => crafted({}), /damaged/],
    ['half of one', () => zipSync({ 'plan.json': strToU8('{}') }).slice(0, 60), /no whole zip/],
    ['nothing', () => new Uint8Array(), /no whole zip/],
    [
      'something hidden behind it',
      () => Buffer.concat([zipSync({ 'plan.json': strToU8('{}') }), Buffer.from('x')]),
      /no whole zip/,
    ],
  ])('%s is refused, in memory', (_, archive, reason) => {
    const zip = archive();
    const before = readdirSync('.');
    const heap = process.memoryUsage().arrayBuffers;
    expect(() => readOnlyEntry(zip, 'plan.json', MOST)).toThrow(reason);
    expect(process.memoryUsage().arrayBuffers - heap).toBeLessThan(64 << 20);
    expect(readdirSync('.')).toEqual(before);
    expect(existsSync('../plan.json')).toBe(false);
  });

  it('ours is read', () => {
    const bytes = strToU8(JSON.stringify({ a: 'ä'.repeat(1000) }));
    expect(readOnlyEntry(zipSync({ 'plan.json': bytes }), 'plan.json', MOST)).toEqual(Buffer.from(bytes));
    expect(readOnlyEntry(zipSync({ 'plan.json': [bytes, { level: 0 }] }), 'plan.json', MOST)).toEqual(
      Buffer.from(bytes),
    );
  });
});
