import { GetObjectTaggingCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MARKER } from '../../src/fan-out/loop-marker.ts';
import { decodeEventKey } from '../../src/fan-out/object-key.ts';
import { makeBucket } from '../support/fan-out-buckets.ts';
import { openFanOutSystem } from '../support/fan-out-system.ts';
import type { FanOutSystem } from '../support/fan-out-system.ts';

const SOURCE = 'acme-invoices';
const COPIES = 'acme.invoices.copies';

/** Keys as events write them, and as they are: the vectors of the specification. */
const VECTORS: readonly (readonly [string, string])[] = [
  ['red+flower.jpg', 'red flower.jpg'],
  ['a%2Bb+c.txt', 'a+b c.txt'],
  ['caf%C3%A9/%E6%9D%B1%E4%BA%AC.txt', 'café/東京.txt'],
  ['100%25.txt', '100%.txt'],
  ['a%252Bb.txt', 'a%2Bb.txt'],
  ['emoji+%F0%9F%98%80.png', 'emoji 😀.png'],
];

/** And what else is told of there, and of threat T92. */
const HOSTILE: readonly string[] = [
  '//double//',
  ' leading',
  'trailing ',
  'new\nline\r\n',
  '../up/./here',
  '.',
  '..',
  'a?versionId=null',
  'a%2e%2E/b',
  'x=1&y=2#z;v',
  "(1)~*!'",
  'back\\slash',
  '\t',
  'é',
  'e\u0301',
  'k'.repeat(1_024),
  `${'é'.repeat(511)}ab`,
  '😀'.repeat(256),
  '%'.repeat(1_024),
];

/** Of any length up to S3's, in octets of UTF-8. */
function randomKeys(count: number): readonly string[] {
  const anyOf = fc.oneof(
    fc.constantFrom('+', ' ', '%', '/', '.', '?', '&', '\n', '%2B', '%2F', '..', '"', '<', 'é', '東', '😀'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }),
  );
  const key = fc.integer({ min: 1, max: 1_024 }).chain((length) =>
    fc.array(anyOf, { minLength: 1, maxLength: length }).map((parts) => {
      let text = '';
      for (const part of parts) if (Buffer.byteLength(text + part) <= length) text += part;
      return text;
    }),
  );
  // What XML cannot say is not a key that anybody could list (S3 user guide, "Naming objects").
  // oxlint-disable-next-line no-control-regex
  const isSayable = (text: string): boolean => text !== '' && !/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text);
  const filtered = key.filter(isSayable);
  return fc.sample(filtered, { numRuns: count, seed: 92 });
}

const IN = 'source: { bucket: acme-invoices }';
const TO = 'destinations: [{ bucket: acme.invoices.copies, region: us-east-1 }]';

function open(isVersioned: boolean): Promise<FanOutSystem> {
  return openFanOutSystem([IN, TO], async (account) => {
    await makeBucket(account, SOURCE, { versioned: isVersioned });
    await makeBucket(account, COPIES, { region: 'us-east-1', versioned: isVersioned });
  });
}

interface Told {
  readonly Records: readonly { readonly s3: { readonly object: { readonly key: string } } }[];
}

/** Keys of the events that the topic was told of. */
function told({ account, told: [first] }: FanOutSystem): readonly string[] {
  return account
    .messages(first!.topicArn)
    .flatMap(({ message }) => (JSON.parse(message) as Partial<Told>).Records ?? [])
    .map(({ s3 }) => s3.object.key);
}

describe.each([{ isVersioned: true }, { isVersioned: false }])('keys (versioned: $isVersioned)', ({ isVersioned }) => {
  it('T92 agree octet by octet in source, event, ledger’s log and destination, with all that the objects carry', async () => {
    const system = await open(isVersioned);
    const keys = [...new Set([...VECTORS.map(([, key]) => key), ...HOSTILE, ...randomKeys(isVersioned ? 200 : 60)])];
    const s3 = system.s3();
    const events: string[] = [];
    // The account keeps the newest 100 messages of a topic.
    for (let from = 0; from < keys.length; from += 50) {
      const some = keys.slice(from, from + 50);
      for (const [at, Key] of some.entries()) {
        const input = { Bucket: SOURCE, Key, Body: `of ${from + at}`, ...carriedBy(from + at) };
        await s3.send(new PutObjectCommand(input));
      }
      await system.account.settled();
      events.push(...told(system).slice(-some.length));
    }

    expect(events.map((key) => decodeEventKey(key))).toStrictEqual(keys);
    expect(events.slice(0, VECTORS.length)).toStrictEqual(VECTORS.map(([encoded]) => encoded));
    const source = await system.held(SOURCE);
    const copies = await system.held(COPIES, 'us-east-1');
    const inOctets = (one: Iterable<string>): string[] =>
      [...one].map((key) => Buffer.from(key).toString('hex')).sort();
    expect(inOctets(source.keys())).toStrictEqual(inOctets(keys));
    expect(inOctets(copies.keys())).toStrictEqual(inOctets(keys));
    const done = (await system.lines()).filter(({ outcome }) => outcome === 'copied').map(({ key }) => String(key));
    expect(inOctets(done)).toStrictEqual(inOctets(keys));
    for (const [at, Key] of keys.entries()) {
      const { body, head } = copies.get(Key)!;
      const { Metadata: { [MARKER]: marker, ...metadata } = {} } = head;
      const carried = carriedBy(at);
      expect(body).toBe(`of ${at}`);
      expect(marker).toMatch(/^1 /);
      expect({ ...head, Metadata: metadata }).toMatchObject({ ...carried.headers, Metadata: carried.Metadata });
      expect(head.ETag).toBe(source.get(Key)!.head.ETag);
      expect(head.ChecksumSHA256).toBe(source.get(Key)!.head.ChecksumSHA256);
      expect(head.ChecksumSHA256).toBeDefined();
    }
    const far = system.s3('us-east-1');
    for (const [at, Key] of keys.slice(0, 40).entries()) {
      const { TagSet } = await far.send(new GetObjectTaggingCommand({ Bucket: COPIES, Key }));
      expect(TagSet).toStrictEqual([{ Key: 'number', Value: `${at} + 1` }]);
    }
    expect(await system.waiting()).toBe(0);
  });
});

function carriedBy(at: number) {
  const headers = {
    CacheControl: `max-age=${at}`,
    ContentDisposition: `attachment; filename="${at}.txt"`,
    ContentLanguage: 'de',
    ContentType: 'text/plain; charset=utf-8',
    WebsiteRedirectLocation: `/${at}`,
  };
  return {
    ...headers,
    headers,
    Metadata: { number: String(at), blank: 'a  b' },
    Tagging: new URLSearchParams({ number: `${at} + 1` }).toString(),
    ChecksumAlgorithm: 'SHA256' as const,
  };
}
