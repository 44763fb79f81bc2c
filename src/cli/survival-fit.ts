import type { Readable } from 'node:stream';
import { DEFAULT_MIN_EVENTS } from '../survival/fit-rows.ts';
import { answerSurvival } from '../survival/service/answer.ts';
import { LOCAL_LIMITS } from '../survival/service/limits.ts';
import { EXIT } from './exit-codes.ts';
import { print } from './output.ts';

export interface SurvivalFitFlags {
  readonly binary?: boolean;
  readonly minEvents?: number;
}

/**
 * Standard input is the body of a request, gzipped or not, standard output that of the answer. The limits are those of
 * this process: Lambda's do not hold here.
 */
export async function runSurvivalFit(
  { binary = false, minEvents = DEFAULT_MIN_EVENTS }: SurvivalFitFlags,
  input: Readable = process.stdin,
): Promise<number> {
  const body = await readAll(input, LOCAL_LIMITS.body);
  const isGzip = body[0] === 0x1f && body[1] === 0x8b;
  const answer = answerSurvival(
    {
      body,
      contentType: binary ? 'application/octet-stream' : 'application/json',
      contentEncoding: isGzip ? 'gzip' : undefined,
    },
    { minEvents, requestId: 'local', limits: LOCAL_LIMITS },
  );
  print(`${answer.body}\n`);
  return answer.status === 200 ? EXIT.ok : EXIT.error;
}

/** One chunk more than `most` is enough to be refused. */
async function readAll(input: Readable, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) break;
  }
  return Buffer.concat(chunks, length);
}
