import type { Readable, Writable } from 'node:stream';
import { renderLine } from '../report/json.ts';
import { decide } from '../schedule/decide.ts';
import type { Decision, DecideRequest } from '../schedule/decide.ts';
import { parseDeclared } from '../schedule/declared.ts';
import { fault } from '../schedule/faults.ts';
import type { ScheduleFault } from '../schedule/types.ts';
import { EXIT } from './exit-codes.ts';

/**
 * Answers each line of standard input with a line, in order; empty ones are passed over. A line that cannot be read is
 * answered with its `error`: that is an answer, so the verb ends with 0.
 */
export async function runScheduleDecide(
  input: Readable = process.stdin,
  output: Writable = process.stdout,
): Promise<number> {
  for await (const line of linesOf(input)) {
    if (line.trim() === '') continue;
    // A reader that is slower than we are is waited for.
    if (!output.write(renderLine(answer(line)))) await new Promise((resolve) => output.once('drain', resolve));
  }
  return EXIT.ok;
}

/**
 * Lines end with LF and with nothing else: a CR is blank space of JSON, also before an LF. A byte order mark at the
 * beginning is left out, which the decoder does.
 */
async function* linesOf(input: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // A long line comes in many pieces; each of them is searched once.
  let pieces: string[] = [];
  for await (const chunk of input as AsyncIterable<Uint8Array>) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
    pieces.push(first);
    for (const other of others) {
      yield pieces.join('');
      pieces = [other];
    }
  }
  yield pieces.join('') + decoder.decode();
}

function answer(line: string): Decision {
  const request = parseRequest(line);
  if (request === undefined)
    return refusal(fault('bad-request', 'a line is a JSON object with tag or schedule, now and state'));
  const { schedule } = request;
  if (schedule === undefined) return decide(request);
  const parsed = parseDeclared(schedule);
  return parsed.error ? refusal(parsed.error) : decide({ ...request, schedule: parsed });
}

function refusal(error: ScheduleFault): Decision {
  return { action: 'none', reason: 'cannot be read', error };
}

/** What its fields hold is judged by whom they are handed to. */
function parseRequest(line: string): DecideRequest | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as DecideRequest) : undefined;
  } catch {
    return undefined;
  }
}
