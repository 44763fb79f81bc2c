import { TableError } from '../../survival/tables/table-error.ts';
import { AnswerError } from './jobs.ts';
import type { Job, JobResults } from './jobs.ts';

/** What a thread is asked and answers; what is transferred leaves whoever had it. */
export interface ToSurvivalWorker {
  readonly id: number;
  readonly job: Job;
}

export type FromSurvivalWorker =
  | { readonly id: number; readonly result: JobResults[Job['kind']] }
  | { readonly id: number; readonly error: PlainError };

/** Errors lose their class between threads. */
interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly hint: string | undefined;
}

export function plainError(error: unknown): PlainError {
  const { name, message, stack, file, line, hint } = error as PlainError;
  return { name, message, stack, file, line, hint };
}

export function errorOf({ name, message, stack, file, line, hint }: PlainError): Error {
  if (name === 'TableError') {
    return new TableError(message, {
      ...(file !== undefined && { file }),
      ...(line !== undefined && { line }),
      ...(hint !== undefined && { hint }),
    });
  }
  if (name === 'AnswerError') return new AnswerError(message);
  return Object.assign(new Error(message), { stack });
}

/** Buffers that are handed over and not copied. */
export function buffersOf(value: unknown): readonly ArrayBuffer[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((part: unknown) => {
    if (ArrayBuffer.isView(part) && part.buffer instanceof ArrayBuffer) return [part.buffer];
    return Array.isArray(part) ? [] : buffersOf(part);
  });
}
