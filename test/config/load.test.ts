import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONFIG_CODES } from '../../src/engine/config/codes.ts';
import { loadConfig } from '../../src/engine/config/load.ts';
import { COMMON, load, loadFiles, mirror, NOW, SCHEMAS, settings, temporaryDirectory, writeTree } from './tree.ts';

describe('loadConfig', () => {
  it('loads the example estate without error or warning', async () => {
    const loaded = await loadConfig('config', { cwd: process.cwd(), now: NOW, schemas: SCHEMAS, common: COMMON });

    expect(loaded.result).toEqual({
      format: 'trueup/validate@1',
      ok: true,
      documents: 7,
      files: 7,
      errors: [],
      warnings: [],
    });
    expect(loaded.documents.map(({ kind, name, source }) => `${kind}/${name} ${source.file}`)).toEqual([
      'ZoneMirror/corp config/dns/corp.yaml',
      'ZoneMirror/reverse config/dns/reverse.yaml',
      'InstanceSchedule/office-hours config/ec2/office-hours.yaml',
      'ReconcileLoop/main config/loop/main.yaml',
      'BucketFanOut/invoices config/s3/invoices.yaml',
      'SurvivalService/gene-survival config/stats/gene-survival.yaml',
    ]);
    expect(loaded.settings?.spec.owner).toBe('acme-network');
  });

  it('reads several documents of one file, at their own lines', async () => {
    const { documents } = await loadFiles({
      'all.yaml': `# all\n${settings()}---\n\n${mirror()}---\n${mirror('metadata: { name: b }')}...\n`,
    });

    expect(documents.map(({ name, source }) => `${name}:${source.line}`)).toEqual(['corp:12', 'b:22']);
  });

  it('carries what metadata say', async () => {
    const pause = '{ until: 2026-12-01, reason: move, ref: OPS-1 }';
    const metadata = `{ name: corp, formerly: [old], protect: true, adopt: true, onRemove: delete, pause: ${pause} }`;
    const { documents } = await loadFiles({ 's.yaml': settings(), 'a.yaml': mirror(`metadata: ${metadata}`) });

    expect(documents[0]).toMatchObject({
      kind: 'ZoneMirror',
      name: 'corp',
      formerly: ['old'],
      protect: true,
      adopt: true,
      onRemove: 'delete',
      pause: { until: '2026-12-01', reason: 'move', ref: 'OPS-1' },
    });
  });

  it('reads .yaml and .yml below the directory, leaves out dot names and node_modules, ignores the rest', async () => {
    const { files } = await loadFiles({
      's.yaml': settings(),
      'deep/er/a.yml': mirror(),
      'deep/.hidden/b.yaml': ']',
      '.c.yaml': ']',
      'node_modules/x/d.yaml': ']',
      'README.md': ']',
      'e.yaml.bak': ']',
      'f.json': ']',
    });

    expect(files).toEqual(['config/deep/er/a.yml', 'config/s.yaml']);
  });

  it('names files relative to the working directory, also outside of it', async () => {
    const directory = await temporaryDirectory();
    await writeTree(directory, { 'work/x': '', 'config/bad.yaml': ']' });
    const { result } = await loadConfig(join(directory, 'config'), {
      cwd: join(directory, 'work'),
      now: NOW,
      schemas: SCHEMAS,
      common: COMMON,
    });

    expect(result.errors[0]?.file).toBe('../config/bad.yaml');
  });

  it('lists the errors of all files, sorted by place', async () => {
    const { result } = await loadFiles({
      'b.yaml': mirror('metadata: { name: b }', '  colour: red', '  domain: a..b', '  partial: maybe'),
      'a.yaml': mirror('  account: prd'),
      's.yaml': settings('  owner: X'),
    });

    expect(result.errors.map(({ file, line, code }) => `${file}:${line} ${code}`)).toEqual([
      'config/a.yaml:10 TU1020',
      'config/b.yaml:5 TU1003',
      'config/b.yaml:10 TU1004',
      'config/b.yaml:11 TU1003',
      'config/s.yaml:5 TU1003',
    ]);
  });

  it('T141 lists 100 errors and counts the rest', async () => {
    const tags = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join(', ');
    const primaries = Array.from({ length: 16 }, (_, index) => `"x${index}:0"`).join(', ');
    const many = Array.from({ length: 10 }, (_, index) => [
      `m${index}.yaml`,
      mirror(`metadata: { name: m${index} }`, `  primaries: [${primaries}]`),
    ]);
    const { result } = await loadFiles({ ...Object.fromEntries(many), 's.yaml': settings(`  tags: { ${tags} }`) });

    expect(result.errors).toHaveLength(101);
    expect(result.errors.at(-1)).toEqual({
      code: 'TU1025',
      message: '20,061 more errors are not listed',
      file: null,
      line: 0,
      column: 0,
      path: '',
    });
  });

  it('T140 validates 2,000 documents in linear time', async () => {
    const documents = Array.from({ length: 2000 }, (_, index) => mirror(`metadata: { name: m${index} }`));
    const directory = await temporaryDirectory();
    await writeTree(directory, {
      'config/s.yaml': settings(),
      'config/all.yaml': documents.slice(0, 1000).join('---\n'),
    });
    await writeTree(directory, { 'config/more.yaml': documents.slice(1000).join('---\n') });
    const start = performance.now();
    const { result } = await load(directory);

    expect(result).toMatchObject({ ok: true, documents: 2001 });
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  describe('digest', () => {
    const files = { 's.yaml': settings(), 'a.yaml': mirror() };

    it('is the same for the same names and bytes', async () => {
      const [one, two] = [await loadFiles(files), await loadFiles(files)];

      expect(one.digest).toMatch(/^[0-9a-f]{64}$/);
      expect(two.digest).toBe(one.digest);
    });

    it.each([
      ['a comment', { ...files, 'a.yaml': `${mirror()}#\n` }],
      ['a name', { 's.yaml': settings(), 'b.yaml': mirror() }],
      ['bytes that move from one file to the next', { 's.yaml': `${settings()}#`, 'a.yaml': mirror().slice(0, -1) }],
    ])('moves with %s', async (_what, changed) => {
      expect((await loadFiles(changed)).digest).not.toBe((await loadFiles(files)).digest);
    });
  });

  describe('frame', () => {
    it('is the line and its neighbours, with the length of what is wrong', async () => {
      const { result } = await loadFiles({
        's.yaml': settings(),
        'a.yaml': mirror('  schedule: every day # often', '  via: auto'),
      });

      expect(result.errors[0]?.frame).toEqual({
        first: 8,
        lines: ['  hostedZone: { id: Z0123456789 }', '  schedule: every day # often', '  via: auto'],
        length: 'every day'.length,
      });
    });

    it('has no carriage returns', async () => {
      const { result } = await loadFiles({ 's.yaml': settings('  owner: X').replaceAll('\n', '\r\n') });

      expect(result.errors[0]).toMatchObject({ line: 5, column: 10 });
      expect(result.errors[0]?.frame?.lines.join('')).not.toContain('\r');
    });

    it('cuts long lines, and is left out for a place far to the right', async () => {
      const long = await loadFiles({ 's.yaml': settings(`  owner: ${'X'.repeat(500)}`) });
      const far = await loadFiles({ 's.yaml': settings(`  tags: { a: ${'b'.repeat(200)}, c: 1 }`) });

      expect(long.result.errors[0]?.frame?.lines[1]).toHaveLength(160);
      expect(long.result.errors[0]?.frame?.length).toBe(151);
      expect(far.result.errors[0]?.column).toBeGreaterThan(160);
      expect(far.result.errors[0]?.frame).toBeUndefined();
    });

    it('marks the first line of a value of several lines', async () => {
      const { result } = await loadFiles({ 's.yaml': settings('  accounts:\n    - a\n    - b') });

      expect(result.errors[0]).toMatchObject({ line: 7, column: 5, frame: { length: 3 } });
    });
  });

  it('an account may be named by its twelve digits', async () => {
    const { result } = await loadFiles({ 's.yaml': settings(), 'a.yaml': mirror('  account: "111122223333"') });

    expect(result.errors).toEqual([]);
  });

  it('warns of an account that nobody can reach', async () => {
    const accounts = '  accounts: { prod: { id: "111122223333" }, lab: { id: "444455556666" } }';
    const { result } = await loadFiles({ 's.yaml': settings(accounts) });

    expect(result).toMatchObject({
      ok: true,
      warnings: [{ code: 'TU1026', line: 6, column: 45, path: '/spec/accounts/lab' }],
    });
  });
});

describe('codes', () => {
  it('are stable: the code of each title', () => {
    expect(Object.entries(CONFIG_CODES).map(([code, { title }]) => `${code} ${title}`)).toMatchInlineSnapshot(`
      [
        "TU1001 not YAML",
        "TU1002 duplicate key",
        "TU1003 value not allowed",
        "TU1004 unknown field",
        "TU1005 missing field",
        "TU1006 unknown kind",
        "TU1007 unknown apiVersion",
        "TU1008 name not allowed",
        "TU1009 two documents, one identity",
        "TU1010 not a regular file",
        "TU1011 too much configuration",
        "TU1012 not clean text",
        "TU1013 YAML feature not allowed",
        "TU1014 YAML too deep or too large",
        "TU1015 secret in a file",
        "TU1016 looks like a secret",
        "TU1017 text that needs quotes, or not an account id",
        "TU1018 no Settings",
        "TU1019 more than one Settings",
        "TU1020 unknown account",
        "TU1021 former name in use",
        "TU1022 pause out of bounds",
        "TU1023 reserved key",
        "TU1024 configuration cannot be read",
        "TU1025 more errors",
        "TU1026 account out of reach",
        "TU1027 no permissions boundary",
        "TU1028 document too large for its function",
        "TU1029 unknown name within the document",
        "TU1030 fields that do not go together",
        "TU1031 window too narrow",
        "TU1032 no role to work as",
        "TU1033 little time",
        "TU1034 dynamic reference of CloudFormation",
        "TU1035 pattern that is refused",
        "TU1036 claimed by two documents",
        "TU1037 copies in a circle",
      ]
    `);
  });

  it('are each used in the loader, or by what judges whole trees', async () => {
    const names = [
      'check-document',
      'check-estate',
      'check-pause',
      'check-settings',
      'decode',
      'diagnostics',
      'explain',
    ];
    const more = ['load', 'secrets', 'tree', 'yaml', 'yaml-limits', 'yaml-rules', 'formats/index'];
    const loader = [...names, ...more].map((name) => `src/engine/config/${name}.ts`);
    const judges = [
      'src/operations/project.ts',
      'src/render/dynamic-references.ts',
      ...['bucket-fan-out', 'instance-schedule', 'reconcile-loop', 'zone-mirror'].map(
        (kind) => `src/reconcilers/${kind}/faults.ts`,
      ),
    ];
    const sources = await Promise.all([...loader, ...judges].map((file) => readFile(file, 'utf8')));
    const text = sources.join('');

    expect(Object.keys(CONFIG_CODES).filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  });
});
