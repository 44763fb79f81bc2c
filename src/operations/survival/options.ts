import type { ClinicalColumns } from '../../survival/tables/clinical.ts';

/** What both ways to run take. */
export interface SurvivalRunOptions {
  /** Path of the matrix: TSV, or TSV in gzip. */
  readonly matrix: string;
  readonly clinical: string;
  readonly columns: ClinicalColumns;
  /** Path of a list of ids. */
  readonly samples?: string;
  readonly where?: string;
  /** What a table lacks is left out, and not an error. */
  readonly allowMissing: boolean;
  /** The tables may list the samples in different orders. */
  readonly anyOrder: boolean;
  /** Path of the results table. */
  readonly out: string;
  /** Path of the volcano plot. */
  readonly plot?: string;
  /** How many rows the plot names. */
  readonly labels?: number;
  readonly chunkRows?: number;
  /** What an earlier run left is thrown away. */
  readonly fresh: boolean;
  /** Aborted: what is under way ends and is kept. */
  readonly stop: AbortSignal;
  onProgress(progress: RunProgress): void;
}

export interface RunProgress {
  readonly rows: number;
  /** Of the matrix that is read, from 0 to 1. */
  readonly share: number;
  readonly retries: number;
}
