import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { table } from './database.ts';
import { openFileStore } from './file-store.ts';
import type { Store } from './store.ts';

const values = table<string>('values');

function newFile(): string {
  return join(mkdtempSync(join(tmpdir(), 'trueup-store-')), '.trueup', 'embedded.json');
}

function put(store: Store, key: string, value: string): void {
  store.commit(() => [{ changes: [['values', key, value]], events: [] }, undefined]);
}

function get(store: Store, key: string): string | undefined {
  return store.current().database.get(values, key);
}

function permissions(path: string): number {
  return statSync(path).mode & 0o777;
}

describe('an account file', () => {
  it('T121 is its owner’s alone, and out of git', () => {
    const file = newFile();

    openFileStore(file);

    expect(permissions(file)).toBe(0o600);
    expect(permissions(join(file, '..'))).toBe(0o700);
    expect(readFileSync(join(file, '..', '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('T121 is closed to others when somebody opened it', () => {
    const file = newFile();
    openFileStore(file);
    chmodSync(file, 0o644);

    openFileStore(file);

    expect(permissions(file)).toBe(0o600);
  });

  it('leaves a folder alone that was there', () => {
    const directory = mkdtempSync(join(tmpdir(), 'trueup-store-'));
    chmodSync(directory, 0o755);

    openFileStore(join(directory, 'account.json'));

    expect(permissions(directory)).toBe(0o755);
    expect(existsSync(join(directory, '.gitignore'))).toBe(false);
  });

  it('keeps git out of a default folder that somebody else made', () => {
    const file = newFile();
    mkdirSync(join(file, '..'));

    openFileStore(file);

    expect(existsSync(join(file, '..', '.gitignore'))).toBe(true);
  });

  it('keeps what was written, and no lock', () => {
    const file = newFile();
    const store = openFileStore(file);
    put(store, 'a', '1');
    store.close();

    expect(get(openFileStore(file), 'a')).toBe('1');
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it('shows one opener what the other wrote, before and after it is written anew', () => {
    const file = newFile();
    const first = openFileStore(file);
    const second = openFileStore(file);

    put(first, 'a', '1');
    expect(get(second, 'a')).toBe('1');
    put(second, 'b', '2');
    for (let index = 0; index < 2100; index += 1) put(first, 'a', String(index));
    first.close();
    put(second, 'c', '3');

    expect([get(first, 'a'), get(first, 'b'), get(first, 'c')]).toEqual(['2099', '2', '3']);
    expect(get(openFileStore(file), 'a')).toBe('2099');
  });

  it('grows by what a write changes, and is written anew when most of it is history', () => {
    const file = newFile();
    const store = openFileStore(file);
    put(store, 'large', 'x'.repeat(100_000));
    const before = statSync(file).size;
    put(store, 'small', 'y');
    const grown = statSync(file).size - before;
    for (let index = 0; index < 2100; index += 1) put(store, 'small', String(index));
    const full = statSync(file).size;
    store.close();

    expect(grown).toBeLessThan(100);
    expect(statSync(file).size).toBeLessThan(full - 100_000);
    expect(get(openFileStore(file), 'small')).toBe('2099');
  });

  it('brings events of reads along with the next write, and at close', () => {
    const file = newFile();
    const store = openFileStore(file);
    const event = (eventName: string) => [{ eventName }] as never;
    store.note(event('one'));
    const other = openFileStore(file);
    const unseen = other.current().events().length;
    put(store, 'a', '1');
    store.note(event('two'));
    store.close();

    expect(unseen).toBe(0);
    for (const reader of [store, other, openFileStore(file)]) {
      expect(
        reader
          .current()
          .events()
          .map(({ eventName }) => eventName),
      ).toEqual(['one', 'two']);
    }
  });
});

describe('a file that may not be used', () => {
  it.each<[string, (file: string) => void]>([
    ['a folder', (file) => mkdirSync(file)],
    ['a link', (file) => symlinkSync('/dev/null', file)],
    [
      'a file of more than 256 MiB',
      (file) => {
        writeFileSync(file, '');
        truncateSync(file, 2 ** 28 + 1);
      },
    ],
  ])('T121 TU4013: %s', (_what, make) => {
    const file = newFile();
    mkdirSync(join(file, '..'));
    make(file);

    expect(() => openFileStore(file)).toThrow(expect.objectContaining({ code: 'TU4013', file }));
  });

  it.each([
    ['empty', ''],
    ['no JSON', 'x'],
    ['other JSON', '{"a":1}'],
  ])('T121 TU4010: %s, and it stays as it is', (_what, content) => {
    const file = newFile();
    mkdirSync(join(file, '..'));
    writeFileSync(file, content);

    expect(() => openFileStore(file)).toThrow(
      expect.objectContaining({
        code: 'TU4010',
        message: expect.stringContaining(file),
        hint: expect.stringContaining(`rm ${file}`),
      }),
    );
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it('F19 TU4013: a place where nothing can be written', () => {
    const file = join(newFile(), 'not-a-folder', 'account.json');
    mkdirSync(join(file, '../../..'));
    writeFileSync(join(file, '../..'), '');

    expect(() => openFileStore(file)).toThrow(
      expect.objectContaining({ code: 'TU4013', file, cause: expect.objectContaining({ code: 'ENOTDIR' }) }),
    );
  });

  it('F39 TU4011: the format of a newer trueup', () => {
    const file = newFile();
    openFileStore(file);
    writeFileSync(file, readFileSync(file, 'utf8').replace('embedded@1', 'embedded@2'));

    expect(() => openFileStore(file)).toThrow(
      expect.objectContaining({ code: 'TU4011', message: expect.stringContaining('format 2') }),
    );
  });

  it('T121 TU4010: damaged while it is open', () => {
    const file = newFile();
    const store = openFileStore(file);
    put(store, 'a', '1');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"a"', '"b"'));

    expect(() => store.current()).toThrow(expect.objectContaining({ code: 'TU4010' }));
    expect(() => put(store, 'c', '3')).toThrow(expect.objectContaining({ code: 'TU4010' }));
  });
});

describe('a write that was ended in its middle', () => {
  const dead = { pid: 2 ** 22 - 1, host: hostname(), token: 'dead', expires: 0 };

  function tear() {
    const file = newFile();
    const store = openFileStore(file);
    put(store, 'a', '1');
    const whole = readFileSync(file, 'utf8');
    put(store, 'b', '2');
    const text = readFileSync(file, 'utf8');
    const half = whole.length + Math.floor((text.length - whole.length) / 2);
    writeFileSync(file, text.slice(0, half));
    return { file, store };
  }

  it('F02 is undone when its process is known to be dead', () => {
    const { file } = tear();
    writeFileSync(`${file}.lock`, JSON.stringify(dead));

    const store = openFileStore(file);

    expect([get(store, 'a'), get(store, 'b')]).toEqual(['1', undefined]);
    put(store, 'b', '3');
    expect(get(openFileStore(file), 'b')).toBe('3');
  });

  it('F02 is undone by who has the file open', () => {
    const { file, store } = tear();
    writeFileSync(`${file}.lock`, JSON.stringify(dead));

    expect(get(store, 'b')).toBeUndefined();
  });

  it('T121 TU4010: a cut file without a dead writer is damage', () => {
    const { file } = tear();

    expect(() => openFileStore(file)).toThrow(expect.objectContaining({ code: 'TU4010' }));
    expect(existsSync(`${file}.lock`)).toBe(false);
  });
});

it('T121 cut at every 512 bytes, or with one of 300 bits flipped, is refused or reads the same', () => {
  const file = newFile();
  const store = openFileStore(file);
  for (let index = 0; index < 200; index += 1) put(store, `key-${index % 50}`, `value ${index} \u00e4`.repeat(4));
  const content = readFileSync(file);
  const dump = () => JSON.stringify([...openFileStore(file).current().database.rows()]);
  const whole = dump();
  const damages = [
    ...Array.from({ length: Math.ceil(content.length / 512) }, (_, index) => content.subarray(0, index * 512)),
    ...Array.from({ length: 300 }, (_, index) =>
      flipBit(content, Math.floor((index * content.length * 8) / 300) + index),
    ),
  ];
  const outcomes = damages.map((damage) => {
    writeFileSync(file, damage);
    try {
      return dump() === whole ? 'identical' : 'different';
    } catch (error) {
      return (error as { code?: string }).code;
    }
  });

  expect(new Set(outcomes)).toEqual(new Set(['TU4010']));
  writeFileSync(file, content);
  expect(dump()).toBe(whole);
});

function flipBit(content: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(content);
  const octet = (bit >> 3) % content.length;
  flipped.writeUInt8(flipped.readUInt8(octet) ^ (1 << (bit & 7)), octet);
  return flipped;
}
