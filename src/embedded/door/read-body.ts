import type { IncomingMessage } from 'node:http';

/** "HTTP API quotas": "Payload size 10 MB". */
export const MAX_BODY_OCTETS = 10 * 1024 * 1024;

/** The body of a request; undefined: it is larger than that, or says so, and what is left of it was not read. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_OCTETS) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_OCTETS) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
