import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CopyObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { copySingle } from '../../src/resources/object-copy/single-copy.ts';
import { multipartCopy } from '../../src/resources/object-copy/multipart-copy.ts';
import type { CopyInParts } from '../../src/resources/object-copy/multipart-copy.ts';
import { lookAtSource } from '../../src/resources/object-copy/source-object.ts';
import { isSigned } from '../support/signature.ts';
import type { WireRequest } from '../support/signature.ts';

const SECRET = 'secret';
const account = '111122223333';
const SOURCE = { bucket: 'acme-invoices', account, key: 'a.pdf' };
const DESTINATION = { bucket: 'acme-copies', account, key: 'a.pdf' };
const COPIED = '<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>';
const BEGUN = '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>';

/** Octets of UTF-8, as they stand in a header. */
const NAMED = Buffer.from('attachment; filename="日é.pdf"').toString('latin1');

/** S3 over a real connection, whose object has these headers; it keeps what it is asked. */
async function serve(headers: Readonly<Record<string, string>>) {
  const asked: WireRequest[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    asked.push({ method, url, headers: request.headers });
    request.resume();
    if (method === 'HEAD') {
      // Node does not write every octet of a header that S3 does.
      const given = { ETag: '"e"', 'Content-Length': '1', Connection: 'close', ...headers };
      const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}`);
      request.socket.end(['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n'), 'latin1');
    } else response.writeHead(200).end(method === 'POST' ? BEGUN : COPIED);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'id', secretAccessKey: SECRET },
  });
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  return { client, last: () => asked.at(-1)! };
}

async function copyOf(client: S3Client): Promise<CopyInParts> {
  const object = await lookAtSource(client, SOURCE);
  return { source: SOURCE, object: object!, destination: DESTINATION, wishes: { metadata: { ...object!.metadata } } };
}

const OBJECTS = [
  ['a header of ASCII', { 'Content-Disposition': 'attachment; filename="a.pdf"', 'Content-Type': 'a/b' }],
  ['a header of other octets', { 'Content-Disposition': NAMED, 'Content-Type': 'a/b' }],
  ['metadata of other octets', { 'x-amz-meta-who': 'Léo', 'x-amz-meta-team': 'a' }],
  ['metadata that S3 has encoded', { 'x-amz-meta-who': '=?UTF-8?B?TMOpbw==?=' }],
] as const;

describe('a copy is signed over the octets that are sent', () => {
  it('is what a header of other octets is not', async () => {
    const { client, last } = await serve({});
    const at = { Bucket: 'b', Key: 'k', CopySource: 'b/k' };
    await client.send(new CopyObjectCommand({ ...at, ContentDisposition: 'attachment' }));
    expect(isSigned(last(), SECRET)).toBe(true);
    await client.send(new CopyObjectCommand({ ...at, ContentDisposition: NAMED }));
    expect(isSigned(last(), SECRET)).toBe(false);
  });

  it.each(OBJECTS)('by one call: %s', async (_, headers) => {
    const { client, last } = await serve(headers);
    const copy = await copyOf(client);
    await copySingle(client, copy, new AbortController().signal);
    expect(isSigned(last(), SECRET)).toBe(true);
    const said = last().headers['x-amz-metadata-directive'];
    expect(said).toBe(copy.object.isPartial ? 'COPY' : 'REPLACE');
  });

  it.each(OBJECTS)('in parts: %s', async (_, headers) => {
    const { client, last } = await serve(headers);
    const copy = await copyOf(client);
    expect(await multipartCopy({ source: client, destination: client }, copy).create([])).toBe('u');
    expect(isSigned(last(), SECRET)).toBe(true);
    expect(last().method).toBe('POST');
  });

  it('leaves to S3 what only S3 can copy', async () => {
    const { client, last } = await serve({ 'Content-Disposition': NAMED, 'Content-Type': 'a/b' });
    await copySingle(client, await copyOf(client), new AbortController().signal);
    expect(last().headers).toMatchObject({ 'x-amz-metadata-directive': 'COPY' });
    expect(last().headers['content-disposition']).toBeUndefined();
  });
});
