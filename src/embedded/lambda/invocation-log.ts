import { randomBytes } from 'node:crypto';
import { LOG_TAIL_BYTES } from './limits.ts';

/** `2026/11/24/[$LATEST]` and 32 hex digits. */
export function newLogStream(now: number): string {
  const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[$LATEST]${randomBytes(16).toString('hex')}`;
}

export function startLine(requestId: string): string {
  return `START RequestId: ${requestId} Version: $LATEST`;
}

export function endLine(requestId: string): string {
  return `END RequestId: ${requestId}`;
}

/** What the REPORT line tells; times in milliseconds, memory in MB. */
export interface Report {
  readonly duration: number;
  /** Of a cold start. */
  readonly initDuration?: number;
  readonly memory: number;
  readonly memoryUsed: number;
  readonly status?: 'timeout' | 'error';
}

export function reportLine(requestId: string, report: Report): string {
  const { duration, initDuration, memory, memoryUsed, status } = report;
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(duration)} ms`,
    `Memory Size: ${memory} MB`,
    `Max Memory Used: ${memoryUsed} MB`,
    ...(initDuration === undefined ? [] : [`Init Duration: ${initDuration.toFixed(2)} ms`]),
    ...(status === undefined ? [] : [`Status: ${status}`]),
  ];
  return `${parts.join('\t')}\t`;
}

/** The newest part of a log as Invoke gives it: base64. */
export function logTail(messages: readonly string[]): string {
  const text = Buffer.from(messages.map((message) => `${message}\n`).join(''));
  return text.subarray(-LOG_TAIL_BYTES).toString('base64');
}
