import { isUnit } from '../cloudwatch/units.ts';
import type { MetricPoint } from '../cloudwatch/metrics.ts';

/**
 * CloudWatch user guide, "Specification: Embedded metric format". Lengths of names, values and lists as the document's
 * JSON schema gives them.
 */
const MAX_DIMENSIONS = 30;
const MAX_DIMENSION_VALUE = 1024;
const MAX_METRICS = 100;
const MAX_VALUES = 100;
const MAX_NAME = 1024;
const MAX_NAMESPACE = 1024;
const MAX_DIMENSION_NAME = 250;

type Json = Readonly<Record<string, unknown>>;

/** A breach of the specification: such an event is a log line and no metric. */
class Malformed extends Error {}

/** The metrics that a log event in the embedded metric format holds; none for any other event, or a malformed one. */
export function metricsIn(message: string): readonly MetricPoint[] {
  if (!message.startsWith('{') || !message.includes('"_aws"')) return [];
  try {
    const root = objectOf(JSON.parse(message));
    const metadata = objectOf(root['_aws']);
    const timestamp = metadata['Timestamp'];
    if (typeof timestamp !== 'number' || !Number.isInteger(timestamp)) throw new Malformed();
    return listOf(metadata['CloudWatchMetrics']).flatMap((directive) =>
      metricsOf(objectOf(directive), root, timestamp),
    );
  } catch (error) {
    if (error instanceof Malformed || error instanceof SyntaxError) return [];
    throw error;
  }
}

function metricsOf(directive: Json, root: Json, timestamp: number): readonly MetricPoint[] {
  const namespace = textOf(directive['Namespace'], MAX_NAMESPACE);
  const sets = listOf(directive['Dimensions'], 1).map((set) => dimensionsOf(set, root));
  const definitions = listOf(directive['Metrics'], 0, MAX_METRICS).map((definition) =>
    definitionOf(objectOf(definition), root),
  );
  return sets.flatMap((dimensions) =>
    definitions.map((definition) => ({ namespace, dimensions, timestamp, ...definition })),
  );
}

function dimensionsOf(set: unknown, root: Json): Readonly<Record<string, string>> {
  const names = listOf(set, 0, MAX_DIMENSIONS).map((name) => textOf(name, MAX_DIMENSION_NAME));
  return Object.fromEntries(names.map((name) => [name, textOf(root[name], MAX_DIMENSION_VALUE)]));
}

function definitionOf(definition: Json, root: Json): Pick<MetricPoint, 'name' | 'unit' | 'values'> {
  const name = textOf(definition['Name'], MAX_NAME);
  const unit = definition['Unit'] ?? 'None';
  const resolution = definition['StorageResolution'] ?? 60;
  if (!isUnit(unit) || (resolution !== 1 && resolution !== 60)) throw new Malformed();
  const target = root[name];
  const values = Array.isArray(target) ? listOf(target, 0, MAX_VALUES) : [target];
  // JSON may hold numbers without end, such as 1e999.
  if (!values.every((value): value is number => Number.isFinite(value))) throw new Malformed();
  return { name, unit, values };
}

function objectOf(value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed();
  return value as Json;
}

function listOf(value: unknown, min = 0, max = Number.POSITIVE_INFINITY): readonly unknown[] {
  if (!Array.isArray(value) || value.length < min || value.length > max) throw new Malformed();
  return value;
}

function textOf(value: unknown, maxLength: number): string {
  if (typeof value !== 'string' || value === '' || value.length > maxLength) throw new Malformed();
  return value;
}
