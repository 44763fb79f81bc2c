import { Readable } from 'node:stream';

/** The body of an answer as the SDK gives it: a stream that is read once, in whatever way. */
export type StreamBody = Readable & {
  transformToByteArray(): Promise<Uint8Array>;
  transformToString(encoding?: string): Promise<string>;
  transformToWebStream(): ReturnType<typeof Readable.toWeb>;
};

/** The SDK's `sdkStreamMixin`, without the SDK. */
export function streamBody(octets: Uint8Array): StreamBody {
  const stream = Readable.from([Buffer.from(octets)], { objectMode: false });
  let isTransformed = false;

  function once(): void {
    if (isTransformed) throw new Error('The stream has already been transformed.');
    isTransformed = true;
  }

  async function transformToByteArray(): Promise<Uint8Array> {
    once();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return Uint8Array.from(Buffer.concat(chunks));
  }

  return Object.assign(stream, {
    transformToByteArray,
    async transformToString(encoding: string = 'utf8') {
      const read = Buffer.from(await transformToByteArray());
      return Buffer.isEncoding(encoding) ? read.toString(encoding) : new TextDecoder(encoding).decode(read);
    },
    transformToWebStream() {
      once();
      return Readable.toWeb(stream);
    },
  });
}
