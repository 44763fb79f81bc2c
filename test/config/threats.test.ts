import { execFile } from 'node:child_process';
import { mkdir, rename, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sourceText } from '../../src/engine/config/source-text.ts';
import { parseYaml } from '../../src/engine/config/yaml.ts';
import type { LoadedConfig } from '../../src/engine/config/load.ts';
import { load, loadFiles, mirror, settings, temporaryDirectory, writeTree } from './tree.ts';

const run = promisify(execFile);

function codesOf({ result }: LoadedConfig): string[] {
  return result.errors.map(({ code, file, line }) => `${code} ${file}:${line}`);
}

function parse(text: string): string[] {
  const source = sourceText('bomb.yaml', text);
  return parseYaml(source).problems.map(({ code }) => code);
}

/** Milliseconds and megabytes of heap that a call takes. */
function cost(call: () => unknown): { milliseconds: number; megabytes: number } {
  const heap = process.memoryUsage().heapUsed;
  const start = performance.now();
  call();
  return { milliseconds: performance.now() - start, megabytes: (process.memoryUsage().heapUsed - heap) / 2 ** 20 };
}

const ALIAS_BOMB = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 9 }, (_, level) => {
    const aliases = Array.from({ length: 9 }, () => `*a${level}`);
    return `a${level + 1}: &a${level + 1} [${aliases.join(', ')}]`;
  }),
].join('\n');

const WIDE_ALIASES = `list: &list [${'x,'.repeat(10_000)}]\nall:\n${'  - *list\n'.repeat(99)}`;

describe('T01 aliases', () => {
  it.each([
    ['9 levels of 9', ALIAS_BOMB],
    ['99 aliases to one list of 10,000 items', WIDE_ALIASES],
    ['101 aliases', `a: &a x\nall:\n${'  - *a\n'.repeat(101)}`],
    ['an alias inside of what it repeats', 'a: &a [*a]'],
  ])('T01 %s is refused without being written out', (_what, text) => {
    let codes: string[] = [];
    const { milliseconds, megabytes } = cost(() => (codes = parse(text)));

    expect(codes).toEqual(['TU1014']);
    expect(milliseconds).toBeLessThan(5000);
    expect(megabytes).toBeLessThan(64);
  });

  it('T01 more than 100,000 values in one file, over several documents, are refused', () => {
    const document = `list:\n${'- 1\n'.repeat(60_000)}`;

    expect(parse(document)).toEqual([]);
    expect(parse(`${document}---\n${document}`)).toEqual(['TU1014']);
  });

  it('T01 aliases within the limits mean what they repeat', async () => {
    const text = mirror(
      '  primaries: &p ["10.0.0.1"]',
      '  network: { subnets: &s [subnet-ab12], securityGroups: [sg-ab12] }',
    );
    const { result, documents } = await loadFiles({
      'settings.yaml': settings(),
      'a.yaml': `${text}---\n${mirror('metadata: { name: b }', '  domain: &d b.example', '  tsig: { name: *d, algorithm: hmac-sha256, secret: "ssm:/k" }')}`,
    });

    expect(result.errors).toEqual([]);
    expect(documents[1]?.spec).toMatchObject({ tsig: { name: 'b.example' } });
  });
});

describe('T02 depth', () => {
  it.each([
    ['5,000 open brackets', '['.repeat(5000)],
    ['500,000 open brackets', '['.repeat(500_000)],
    ['5,000 open braces', '{a: '.repeat(5000)],
    ['3,000 nested block mappings', Array.from({ length: 3000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
    ['300,000 nested block lists in one line', `${'- '.repeat(300_000)}x`],
    ['5,000 explicit keys', '? '.repeat(5000)],
    ['65 levels', `${'['.repeat(65)}${']'.repeat(65)}`],
    [
      '40 levels that repeat 40 levels',
      `a: &a ${'['.repeat(40)}${']'.repeat(40)}\nb: ${'['.repeat(40)}*a${']'.repeat(40)}`,
    ],
  ])('T02 %s are refused', (_what, text) => {
    expect(parse(text)).toEqual(['TU1014']);
  });

  it('T02 64 levels are read', () => {
    expect(parse(`${'['.repeat(64)}${']'.repeat(64)}`)).toEqual([]);
  });

  it('T02 the errors of other files are still listed', async () => {
    const loaded = await loadFiles({
      'bomb.yaml': '['.repeat(5000),
      'other.yaml': mirror('  records: dead'),
      'settings.yaml': settings(),
    });

    expect(codesOf(loaded)).toEqual(['TU1014 config/bomb.yaml:1', 'TU1003 config/other.yaml:10']);
    expect(JSON.stringify(loaded.result)).not.toMatch(/\bat .*:\d+:\d+|RangeError|node_modules/);
  });
});

describe('T03 many keys', () => {
  const keys = Array.from({ length: 50_000 }, (_, index) => `key${index}: x`);

  it('T03 50,000 keys are looked through in linear time', () => {
    let codes: string[] = [];
    const { milliseconds } = cost(() => (codes = parse(keys.join('\n'))));

    expect(codes).toEqual([]);
    expect(milliseconds).toBeLessThan(10_000);
  });

  it.each(['key7', '__proto__', '"key7"'])(
    'T03 the duplicate %s among 50,000 keys is found, both lines named',
    (key) => {
      const text = [...keys, `${key}: y`, `${key}: z`].join('\n');
      const { problems } = parseYaml(sourceText('many.yaml', text));
      const duplicate = problems.find(({ code, message }) => code === 'TU1002' && message.includes('in line 50002'));

      expect(duplicate?.message).toMatch(/stands twice: in line (8|50001) and in line 50002/);
    },
  );
});

describe('T04 endless and huge input', () => {
  it('T04 a file of 1 MiB + 1 is refused, one of 1 MiB is read', async () => {
    const pad = (size: number): string => settings().concat('#'.repeat(size - settings().length));
    const big = await loadFiles({ 'settings.yaml': pad(2 ** 20 + 1) });
    const fits = await loadFiles({ 'settings.yaml': pad(2 ** 20) });

    expect(codesOf(big)).toEqual(['TU1011 config/settings.yaml:0']);
    expect(codesOf(fits)).toEqual([]);
  });

  it('T04 a sparse file of 2 TB is refused by its size', async () => {
    const directory = await temporaryDirectory();
    await writeTree(directory, { 'config/settings.yaml': settings() });
    await truncate(join(directory, 'config/settings.yaml'), 2 ** 41);

    expect(codesOf(await load(directory))).toEqual(['TU1011 config/settings.yaml:0']);
  });

  it('T04 10,001 files are refused and none is read', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, 'config'));
    for (let from = 0; from <= 10_000; from += 500) {
      const names = Array.from({ length: Math.min(500, 10_001 - from) }, (_, index) => `${from + index}.yaml`);
      await Promise.all(names.map((name) => writeFile(join(directory, 'config', name), ']')));
    }

    const loaded = await load(directory);

    expect(loaded.result.errors).toMatchObject([{ code: 'TU1011', file: null }]);
    expect(loaded.files).toEqual([]);
  });

  it('T04 more than 64 MiB in all are refused and nothing is parsed', async () => {
    const directory = await temporaryDirectory();
    const bytes = Buffer.alloc(2 ** 20, ']');
    await writeTree(directory, Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`config/${n}.yaml`, bytes])));

    const loaded = await load(directory);

    expect(loaded.result.errors).toMatchObject([{ code: 'TU1011', file: null }]);
    expect(loaded.files).toEqual([]);
  });

  it('T04 a pipe is refused without waiting for a writer', async () => {
    const directory = await temporaryDirectory();
    await writeTree(directory, { 'config/settings.yaml': settings() });
    await run('mkfifo', [join(directory, 'config/pipe.yaml'), join(directory, 'config/pipe.txt')]);

    const loaded = await load(directory);

    expect(codesOf(loaded)).toEqual(['TU1010 config/pipe.yaml:0']);
    expect(loaded.result.errors[0]?.message).toContain('a pipe');
  });

  it('T04 a socket is refused', async () => {
    const directory = await temporaryDirectory();
    await writeTree(directory, { 'config/settings.yaml': settings() });
    const server = createServer().listen(join(directory, 'config/socket.yml'));
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());

    expect(codesOf(await load(directory))).toEqual(['TU1010 config/socket.yml:0']);
  });

  it('T04 a device is refused', async () => {
    const directory = await temporaryDirectory();
    await writeTree(directory, { 'config/settings.yaml': settings() });
    await symlink('/dev/zero', join(directory, 'config/zero.yaml'));

    expect(codesOf(await load(directory))).toEqual(['TU1010 config/zero.yaml:0']);
  });
});

describe('T05 links', () => {
  const canary = 'canary-7f31c2';

  async function treeWithLink(name: string, target: string): Promise<string> {
    const directory = await temporaryDirectory();
    await writeTree(directory, {
      'config/settings.yaml': settings(),
      'outside/secret.yaml': `${canary}: "`,
      'outside/folder/more.yaml': `${canary}: "`,
    });
    await symlink(target, join(directory, 'config', name));
    return directory;
  }

  it.each([
    ['a link out of the directory', 'link.yaml', '../outside/secret.yaml'],
    ['a link inside of the directory', 'link.yml', 'settings.yaml'],
    ['a link to nothing', 'link.yaml', 'nowhere'],
    ['a link to itself', 'link.yaml', 'link.yaml'],
    ['a linked folder', 'folder', '../outside/folder'],
    ['a folder linked to its own parent', 'loop', '.'],
    ['a linked folder with a name of a file', 'folder.yaml', '../outside/folder'],
  ])('T05 %s is refused by its name, its target not read', async (_what, name, target) => {
    const loaded = await load(await treeWithLink(name, target));

    expect(codesOf(loaded)).toEqual([`TU1010 config/${name}:0`]);
    expect(loaded.files).toEqual(['config/settings.yaml']);
    expect(JSON.stringify(loaded)).not.toContain(canary);
  });

  it('T05 other links are ignored like other files', async () => {
    const loaded = await load(await treeWithLink('README.md', '../outside/secret.yaml'));

    expect(codesOf(loaded)).toEqual([]);
  });

  it('T05 a link that takes the place of a file while the tree is read is never followed', async () => {
    const directory = await treeWithLink('link', '../outside/secret.yaml');
    const target = join(directory, 'config/settings.yaml');
    const stop = new AbortController();
    const swap = (async () => {
      for (let round = 0; !stop.signal.aborted; round += 1) {
        await symlink('../outside/secret.yaml', join(directory, `swap${round}`));
        await rename(join(directory, `swap${round}`), target);
        await writeFile(join(directory, 'plain'), settings());
        await rename(join(directory, 'plain'), target);
      }
    })();

    for (let attempt = 0; attempt < 50; attempt += 1) {
      const loaded = await load(directory);
      expect(JSON.stringify(loaded)).not.toContain(canary);
    }
    stop.abort();
    await swap;
  });
});

describe('T06 words of JavaScript', () => {
  it.each([
    ['a key of a document', mirror('__proto__: { polluted: true }')],
    ['a key of metadata', mirror('metadata: { name: corp, constructor: x }')],
    ['a key of a spec', mirror('  __proto__: { polluted: true }')],
    ['a key of a nested mapping', mirror('  guards: { deletes: { __proto__: { polluted: true } } }')],
    ['a tag', settings('  tags: { __proto__: polluted }')],
    ['a tag called toString', settings('  tags: { toString: polluted }')],
    ['an alias of an account', settings('  accounts: { constructor: { id: "111122223333" } }')],
    ['a field of an account', settings('  accounts: { prod: { __proto__: { id: "111122223333" } } }')],
    ['a kind', mirror('kind: __proto__')],
    ['a kind called constructor', mirror('kind: constructor')],
    ['a name', mirror('metadata: { name: constructor }')],
    ['a name of __proto__', mirror('metadata: { name: __proto__ }')],
    ['a former name', mirror('metadata: { name: corp, formerly: [constructor] }')],
    ['a default account', settings('  defaultAccount: constructor')],
    ['an account', mirror('  account: toString')],
    ['a quoted key', mirror('  "__proto__": { polluted: true }')],
  ])('T06 %s is refused and pollutes nothing', async (_where, text) => {
    const isSettings = text.includes('kind: Settings');
    const { result } = await loadFiles({ ...(!isSettings && { 'settings.yaml': settings() }), 'bad.yaml': text });

    expect(result.ok).toBe(false);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('T07 odd YAML', () => {
  it.each([
    ['a JavaScript function', '!!js/function "x"'],
    ['a JavaScript regular expression', '!!js/regexp /x/'],
    ['a Python object', '!!python/object/apply:os.system [x]'],
    ['an include', '!include /etc/passwd'],
    ['a CloudFormation tag', '!Sub "${AWS::Region}"'],
    ['bytes', '!!binary aGVsbG8='],
    ['a set', '!!set { a }'],
    ['an ordered mapping', '!!omap [a: 1]'],
    ['a time', '!!timestamp 2026-11-24'],
    ['the unspecific tag', '! x'],
    ['a verbatim tag', '!<tag:example.com,2026:x> x'],
  ])('T07 the tag of %s is refused with its place', async (_what, value) => {
    const loaded = await loadFiles({ 'settings.yaml': settings(), 'bad.yaml': mirror(`  domain: ${value}`) });

    expect(codesOf(loaded)).toEqual(['TU1013 config/bad.yaml:5']);
    expect(loaded.result.errors[0]?.column).toBeGreaterThanOrEqual(11);
  });

  it('T07 a remote $schema is a comment and nothing more', async () => {
    const comment = '# yaml-language-server: $schema=https://evil.example/schema.json\n';
    const loaded = await loadFiles({ 'settings.yaml': comment + settings() });

    expect(codesOf(loaded)).toEqual([]);
  });

  it('T07 a byte order mark at the beginning is taken off', async () => {
    const loaded = await loadFiles({ 'settings.yaml': `\ufeff${settings('  owner: X')}` });

    expect(loaded.result.errors).toMatchObject([{ code: 'TU1003', line: 5, column: 10 }]);
  });
});

describe('T10 interpolation', () => {
  it.each([
    '${AWS_SECRET_ACCESS_KEY}',
    '$(id)',
    '{{resolve:secretsmanager:x}}',
    '%PATH%',
    '`id`',
    '<%= 1 %>',
    '!include x',
  ])('T10 %s stays literal', async (text) => {
    const reason = JSON.stringify(text);
    const { result, documents } = await loadFiles({
      'settings.yaml': settings(),
      'a.yaml': mirror(`metadata: { name: corp, pause: { until: 2026-12-01, reason: ${reason} } }`),
    });

    expect(result.errors).toEqual([]);
    expect(documents[0]?.pause?.reason).toBe(text);
  });
});

describe('T14 former names and pauses', () => {
  it('T14 a former name that is still declared is refused, both places named', async () => {
    const loaded = await loadFiles({
      'a.yaml': mirror(),
      'b.yaml': mirror('metadata: { name: new, formerly: [corp] }'),
      'settings.yaml': settings(),
    });

    expect(codesOf(loaded)).toEqual(['TU1021 config/b.yaml:3']);
    expect(loaded.result.errors[0]?.message).toContain('config/a.yaml:1');
  });

  it('T14 two documents cannot have been the same one', async () => {
    const loaded = await loadFiles({
      'a.yaml': mirror('metadata: { name: a, formerly: [old] }'),
      'b.yaml': mirror('metadata: { name: b, formerly: [old] }'),
      'settings.yaml': settings(),
    });

    expect(codesOf(loaded)).toEqual(['TU1021 config/b.yaml:3']);
  });

  it.each([
    ['2026-11-24', 'TU1022'],
    ['2026-11-25', undefined],
    ['2027-02-22', undefined],
    ['2027-02-23', 'TU1022'],
  ])('T14 a pause until %s, seen on 2026-11-24: %s', async (until, code) => {
    const { result } = await loadFiles({
      'a.yaml': mirror(`metadata: { name: corp, pause: { until: ${until}, reason: x } }`),
      'settings.yaml': settings(),
    });

    expect(result.errors.map((error) => error.code)).toEqual(code === undefined ? [] : [code]);
  });
});

describe('T15 one broken file', () => {
  it('T15 one broken file of ten: no document is used', async () => {
    const names = Array.from({ length: 9 }, (_, index) => `m${index}`);
    const files = names.map((name) => [`${name}.yaml`, mirror(`metadata: { name: ${name} }`)]);
    const loaded = await loadFiles({ ...Object.fromEntries(files), 'settings.yaml': settings(), 'z.yaml': ']' });

    expect(loaded.result).toMatchObject({ ok: false, files: 11, documents: 10 });
    expect(loaded.documents).toEqual([]);
    expect(loaded.settings).toBeUndefined();
  });

  it.each([
    ['an empty directory', {}, 'TU1018'],
    ['an empty file', { 'a.yaml': '' }, 'TU1018'],
    ['documents without Settings', { 'a.yaml': mirror() }, 'TU1018'],
    ['Settings only under dot names', { '.settings.yaml': settings(), 'node_modules/a.yaml': settings() }, 'TU1018'],
    ['two Settings', { 'a.yaml': settings(), 'b.yaml': settings('metadata: { name: other }') }, 'TU1019'],
    ['one identity twice', { 'a.yaml': mirror(), 'b.yml': mirror(), 's.yaml': settings() }, 'TU1009'],
    ['one identity twice in one file', { 'a.yaml': `${mirror()}---\n${mirror()}`, 's.yaml': settings() }, 'TU1009'],
  ])('T15 %s is refused', async (_what, files, code) => {
    const loaded = await loadFiles(files);

    expect(loaded.result.errors.map((error) => error.code)).toEqual([code]);
    expect(loaded.documents).toEqual([]);
  });

  it('T15 a directory that is not there is refused', async () => {
    const { result } = await load(await temporaryDirectory());

    expect(result.errors).toMatchObject([{ code: 'TU1024', file: null, line: 0, column: 0 }]);
  });

  it('T15 a file that may be the one with Settings is broken: only that is said', async () => {
    const loaded = await loadFiles({ 'settings.yaml': `${settings()}]` });

    expect(codesOf(loaded)).toEqual(['TU1001 config/settings.yaml:9']);
  });
});
