import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gunzip } from '../../src/bundle/gzip.ts';
import { readTar, withoutFolder } from '../../src/bundle/tar-read.ts';
import { packTar } from '../../src/bundle/tar-write.ts';
import { file, refusal } from '../support/bundles.ts';
import { createRepository } from '../support/repository.ts';
import { paxRecord, rawEntry, rawTar, withChecksum } from '../support/tar-entries.ts';
import type { RawEntry } from '../support/tar-entries.ts';

const lenient = { strict: false } as const;
const FILE: RawEntry = { name: 'r/a.yaml', content: 'x: 1\n' };

describe('an archive as git makes it', () => {
  it('is read with its folders, links and long names; the global header says the commit', async () => {
    const repository = await createRepository();
    const long = `config/${'deep/'.repeat(40)}${'n'.repeat(120)}.yaml`;
    repository.write('config/settings.yaml', 'kind: Settings\n');
    repository.write('config/zwölf.yaml', 'y: 1\n');
    repository.write(long, 'x: 1\n');
    symlinkSync('/etc/passwd', join(repository.directory, 'config/passwd.yaml'));
    const commit = repository.commit();
    repository.git('archive', '--format=tar.gz', '--prefix=acme-estate-4f2a9c1/', '--output=out.tar.gz', 'HEAD');
    const bytes = readFileSync(join(repository.directory, 'out.tar.gz'));

    const tar = readTar(gunzip(bytes, 1024 * 1024), lenient);
    const entries = withoutFolder(tar.entries);

    expect(tar.comment).toBe(commit);
    expect(tar.entries[0]).toMatchObject({ name: 'acme-estate-4f2a9c1', type: 'directory' });
    const found = new Map(
      entries.map(({ name, type, bytes: content }) => [name, `${type} ${Buffer.from(content).toString()}`]),
    );
    expect(found.get('config/settings.yaml')).toBe('file kind: Settings\n');
    expect(found.get('config/zwölf.yaml')).toBe('file y: 1\n');
    expect(found.get(long)).toBe('file x: 1\n');
    expect(found.get('config/passwd.yaml')).toBe('symlink ');
    expect(found.get('config')).toBe('directory ');
    expect(await refusal(() => readTar(gunzip(bytes, 1024 * 1024), { strict: true }))).toBe('hostile-entry');
  });

  it.each<[string, readonly string[]]>([
    ['no folder', ['a.yaml']],
    ['two folders', ['a/x.yaml', 'b/x.yaml']],
    ['a file beside it', ['a/x.yaml', 'b.yaml']],
  ])('with %s is not the one of a repository', async (_name, names) => {
    const { entries } = readTar(packTar(names.map((name) => file(name, ''))), lenient);

    expect(await refusal(() => withoutFolder(entries))).toBe('malformed');
  });
});

describe('an entry that is hostile', () => {
  const pax = (records: string): RawEntry => ({ name: 'pax', type: 'x', content: records });

  it.each<[string, readonly RawEntry[]]>([
    ['leads out', [{ name: 'r/../../a.yaml' }]],
    ['is absolute', [{ name: '/a.yaml' }]],
    ['has a backslash', [{ name: 'r\\..\\a.yaml' }]],
    ['has a drive', [{ name: 'C:a.yaml' }]],
    ['has no name', [{ name: '' }]],
    ['has a dot for a segment', [{ name: './a.yaml' }]],
    ['has an empty segment', [{ name: 'r//a.yaml' }]],
    ['hides a name behind a NUL', [{ name: 'r/a.yaml\0/../b' }]],
    ['leads out by a pax header', [pax(paxRecord('path', '../a.yaml')), FILE]],
    ['has a NUL by a pax header', [pax(paxRecord('path', 'r/a.yaml\0b')), FILE]],
    ['is larger by a pax header', [pax(paxRecord('size', '1')), FILE]],
    ['is sparse by a pax header', [pax(paxRecord('GNU.sparse.name', 'b')), FILE]],
    ['has two pax headers', [pax(paxRecord('path', 'r/b')), pax(paxRecord('path', 'r/c')), FILE]],
    ['has a pax record twice', [pax(paxRecord('path', 'r/b') + paxRecord('path', 'r/c')), FILE]],
    ['is renamed by a global header', [{ name: 'g', type: 'g', content: paxRecord('path', 'r/b.yaml') }, FILE]],
    ['comes before the global header', [FILE, { name: 'g', type: 'g', content: paxRecord('comment', 'x') }]],
    ['is a hard link', [FILE, { name: 'r/b.yaml', type: '1', linkname: 'r/a.yaml' }]],
    ['is a character device', [{ name: 'r/a.yaml', type: '3' }]],
    ['is a block device', [{ name: 'r/a.yaml', type: '4' }]],
    ['is a pipe', [{ name: 'r/a.yaml', type: '6' }]],
    ['has GNU’s long name', [{ name: 'L', type: 'L', content: 'r/a.yaml\0' }, FILE]],
    ['has a long link name', [{ name: 'K', type: 'K', content: 'r/a.yaml\0' }, FILE]],
    ['is there twice', [FILE, FILE]],
    ['lies below a file', [FILE, { name: 'r/a.yaml/b.yaml' }]],
    ['lies below a link', [{ name: 'r/link', type: '2', linkname: '/etc' }, { name: 'r/link/passwd' }]],
    ['takes a folder’s name', [{ name: 'r/a/b.yaml' }, { name: 'r/a' }]],
    ['is a link with contents', [{ name: 'r/link', type: '2', content: 'x' }]],
  ])('%s → hostile-entry', async (_name, entries) => {
    expect(await refusal(() => readTar(rawTar(entries), lenient))).toBe('hostile-entry');
  });

  it('has a name that is no UTF-8 → hostile-entry', async () => {
    const header = rawEntry({ name: 'r/a' });
    header.writeUInt8(0xff, 2);

    expect(await refusal(() => readTar(Buffer.concat([withChecksum(header), Buffer.alloc(1024)]), lenient))).toBe(
      'hostile-entry',
    );
  });
});

describe('an archive that is not whole', () => {
  const whole = rawTar([FILE]);
  const patched = (at: number, text: string): Buffer => {
    const header = Buffer.from(whole.subarray(0, 512));
    header.write(text, at, 'latin1');
    return Buffer.concat([withChecksum(header), whole.subarray(512)]);
  };

  it.each<[string, Uint8Array]>([
    ['says a size that is not there', rawTar([{ ...FILE, size: 4096 }])],
    ['says a size beyond all', rawTar([{ ...FILE, size: 0o77777777777 }])],
    ['says a size in base 256', patched(124, '\x80\0\0\0\0\0\0\0\0\0\0\x05')],
    ['says a negative size', patched(124, '-0000000005\0')],
    ['is not ustar', patched(257, 'ustar  \0')],
    ['has a wrong checksum', Buffer.concat([patched(0, 'r/b').subarray(0, 148), whole.subarray(148)])],
    ['has no end', whole.subarray(0, 1024)],
    ['has half an end', whole.subarray(0, 1024 + 512)],
    ['goes on behind its end', Buffer.concat([whole, rawTar([{ name: 'r/b.yaml' }])])],
    ['has a pax header that says too much', rawTar([{ name: 'x', type: 'x', content: '99 path=r/b\n' }, FILE])],
    ['has a pax header without end', rawTar([{ name: 'x', type: 'x', content: '12 path=r/bc' }, FILE])],
    ['ends with a pax header', rawTar([{ name: 'x', type: 'x', content: paxRecord('path', 'r/b') }])],
    ['is empty', Buffer.alloc(0)],
  ])('%s → malformed', async (_name, archive) => {
    expect(await refusal(() => readTar(archive, lenient))).toBe('malformed');
  });

  it('is refused wherever it is cut off', async () => {
    const archive = packTar([file('a.yaml', 'x: 1\n'), file('b.yaml', 'y'.repeat(600))]);
    const taken: number[] = [];
    for (let length = 0; length < archive.length; length += 1) {
      if ((await refusal(() => readTar(archive.subarray(0, length), lenient))) === 'taken') taken.push(length);
    }

    expect(taken).toEqual([]);
  });
});

describe('an archive that is too large', () => {
  it('has more entries, or more octets, than it may', async () => {
    const archive = packTar([file('a.yaml', 'x: 1\n'), file('b.yaml', 'y: 1\n')]);

    expect(await refusal(() => readTar(archive, { ...lenient, limits: { entries: 1, bytes: 100 } }))).toBe('too-large');
    expect(await refusal(() => readTar(archive, { ...lenient, limits: { entries: 2, bytes: 9 } }))).toBe('too-large');
    expect(await refusal(() => readTar(archive, { ...lenient, limits: { entries: 2, bytes: 10 } }))).toBe('taken');
  });

  it('inflates to more than it may', async () => {
    const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024));

    expect(await refusal(() => gunzip(bomb, 1024 * 1024))).toBe('too-large');
    expect(await refusal(() => gunzip(Buffer.from('no gzip'), 1024))).toBe('malformed');
    expect(await refusal(() => gunzip(bomb.subarray(0, -9), 64 * 1024 * 1024))).toBe('malformed');
  });
});

describe('a name that no archive holds is not packed', () => {
  it.each<[string, string]>([
    ['n'.repeat(101), 'too-large'],
    [`${'d/'.repeat(130)}a.yaml`, 'too-large'],
    ['a\\b.yaml', 'hostile-entry'],
    ['../a.yaml', 'hostile-entry'],
    ['\ud800.yaml', 'hostile-entry'],
  ])('%j → %s', async (name, code) => {
    expect(await refusal(() => packTar([file(name, '')]))).toBe(code);
  });
});
