import type { Dimension } from '@aws-sdk/client-cloudwatch';
import { invalidValue } from './errors.ts';

/** PutMetricData: up to 30 dimensions a metric. */
const MAX_DIMENSIONS = 30;
/** API model: DimensionName, DimensionValue. */
const MAX_NAME = 255;
const MAX_VALUE = 1024;

type Dimensions = Readonly<Record<string, string>>;

/** @throws InvalidParameterValueException */
export function readDimensions(list: readonly Dimension[] | undefined): Dimensions {
  if ((list?.length ?? 0) > MAX_DIMENSIONS)
    throw invalidValue(`Dimensions must have at most ${MAX_DIMENSIONS} members.`);
  return Object.fromEntries(
    (list ?? []).map(({ Name = '', Value = '' }) => {
      if (Name === '' || Name.length > MAX_NAME || Value === '' || Value.length > MAX_VALUE) {
        throw invalidValue(`The dimension ${Name}=${Value} is too short or too long.`);
      }
      return [Name, Value];
    }),
  );
}

/** In the order in which they were given. */
export function listDimensions(dimensions: Dimensions): Dimension[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}
