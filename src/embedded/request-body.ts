import { Readable, finished } from 'node:stream';

/**
 * An input whose `Body` is octets or text: a stream is read as a connection would read it. The SDK hangs checksums and
 * encoding on the stream and pauses it until the encoded form, `sent`, is read; the octets themselves pass by here.
 *
 * @throws what the stream failed with.
 */
export async function withReadBody(input: object, sent: unknown): Promise<object> {
  if (!('Body' in input) || !(input.Body instanceof Readable)) return input;
  return { ...input, Body: await collect(input.Body, sent instanceof Readable ? sent : input.Body) };
}

function collect(body: Readable, sent: Readable): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    body.on('data', (chunk: Buffer | string) => chunks.push(Buffer.from(chunk as Buffer)));
    sent.on('error', reject);
    finished(body, { writable: false }, (error) => {
      if (error) reject(error);
      else resolve(Uint8Array.from(Buffer.concat(chunks)));
    });
    sent.resume();
  });
}

/**
 * Node's HTTP client takes no header without a value; the SDK makes one of a stream whose length nobody says.
 *
 * @throws TypeError in the words of Node.
 */
export function checkHeaders(headers: Readonly<Record<string, string | undefined>> = {}): void {
  const bad = Object.keys(headers).find((name) => headers[name] === undefined);
  if (bad === undefined) return;
  throw Object.assign(new TypeError(`Invalid value "undefined" for header "${bad}"`), {
    code: 'ERR_HTTP_INVALID_HEADER_VALUE',
  });
}
