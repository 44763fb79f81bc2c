import { samplesOf, parseClinical } from '../../survival/tables/clinical.ts';
import { parseHeader } from '../../survival/tables/header.ts';
import { joinSamples } from '../../survival/tables/join-samples.ts';
import type { JoinedSamples } from '../../survival/tables/join-samples.ts';
import { openMatrix } from '../../survival/tables/row-blocks.ts';
import type { Matrix } from '../../survival/tables/row-blocks.ts';
import { parseSampleList } from '../../survival/tables/sample-list.ts';
import { parseWhere } from '../../survival/tables/where.ts';
import { openInput, readInput } from './input-files.ts';
import type { InputFile } from './input-files.ts';
import type { SurvivalRunOptions } from './options.ts';

export interface PreparedRun {
  readonly input: InputFile;
  readonly matrix: Matrix;
  readonly joined: JoinedSamples;
}

/**
 * Reads what is small and joins it: clinical table, list of samples, first line of the matrix.
 *
 * @throws TableError, SurvivalRunError TU0004
 */
export async function prepareRun(options: SurvivalRunOptions): Promise<PreparedRun> {
  const where = options.where === undefined ? [] : parseWhere(options.where);
  const table = parseClinical(await readInput(options.clinical), options.clinical);
  const { samples } = options;
  const listed = samples === undefined ? undefined : parseSampleList(await readInput(samples), samples);
  const clinical = samplesOf(table, options.columns, where, listed && new Set(listed));
  const input = openInput(options.matrix);
  try {
    const matrix = await openMatrix(input.pieces, options.matrix);
    const joined = joinSamples({
      files: { matrix: options.matrix, clinical: options.clinical },
      matrix: parseHeader(matrix.header, options.matrix).ids,
      clinical,
      ...(listed && { listed }),
      allowMissing: options.allowMissing,
      anyOrder: options.anyOrder,
    });
    return { input, matrix, joined };
  } catch (error) {
    input.close();
    throw error;
  }
}
