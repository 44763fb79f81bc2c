/** A metric of one run. */
export interface Metric {
  readonly name: string;
  readonly unit: 'Count' | 'Seconds' | 'None';
  readonly value: number;
}

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly namespace: string;
  /** `kind/name`; the one dimension of every metric. */
  readonly document: string;
  readonly metrics: readonly Metric[];
  /** Closed list of the handler: what is never logged is content. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/**
 * The one line that a run leaves: structured fields, and metrics in CloudWatch's embedded metric format, so that no
 * call and no permission is needed for them (CloudWatch user guide, "Embedded metric format specification").
 */
export function formatLogLine({ at, namespace, document, metrics, fields }: LogLine): string {
  return JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [['Document']],
          Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
        },
      ],
    },
    Document: document,
    ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
    ...fields,
  });
}

export function writeLogLine(line: LogLine): void {
  write(formatLogLine(line));
}

/** A line without metrics. */
export function writeLine(fields: LogLine['fields']): void {
  write(JSON.stringify(fields));
}

/** Written as it is: Lambda makes one log event of one write. */
function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
