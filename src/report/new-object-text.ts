import type { Change, Value } from '../engine/types.ts';
import { duration } from './format.ts';

type Properties = Readonly<Record<string, Value>>;

/**
 * What a person wants to know of a new object, in the words of its own world; everything else of it follows from the
 * document. A type without a line here shows its properties.
 */
const WORDS: Readonly<Record<string, (properties: Properties) => readonly string[]>> = {
  'AWS::CloudWatch::Alarm': ({ Namespace, MetricName }) => [`${text(Namespace)} ${text(MetricName)}`],
  'AWS::DynamoDB::Table': ({ TimeToLiveSpecification }) => timeToLive(TimeToLiveSpecification),
  'AWS::Events::Rule': ({ ScheduleExpression }) => [text(ScheduleExpression)],
  'AWS::IAM::Role': () => [],
  'AWS::IAM::RolePolicy': () => [],
  'AWS::Lambda::EventInvokeConfig': ({ DestinationConfig }) => failuresTo(DestinationConfig),
  'AWS::Lambda::EventSourceMapping': ({ BatchSize }) =>
    BatchSize === undefined ? [] : [`${text(BatchSize)} messages at a time`],
  'AWS::Lambda::Function': ({ MemorySize, Timeout, VpcConfig }) => [
    `${text(MemorySize)} MB`,
    duration(Number(Timeout) * 1000),
    ...subnetsOf(VpcConfig),
  ],
  'AWS::Lambda::Permission': ({ Principal }) => [`${text(Principal)} may start it`],
  'AWS::Logs::LogGroup': ({ RetentionInDays }) => [`kept ${text(RetentionInDays)} d`],
  'AWS::SQS::Queue': ({ MessageRetentionPeriod: seconds }) =>
    seconds === undefined ? [] : [`kept ${duration(Number(seconds) * 1000)}`],
  'AWS::SQS::QueueInlinePolicy': () => [],
};

/** Undefined: the type has no words of its own. */
export function newObjectText(type: string, changes: readonly Change[]): string | undefined {
  const words = Object.hasOwn(WORDS, type) ? WORDS[type] : undefined;
  if (!words) return undefined;
  return words(Object.fromEntries(changes.map(({ path, after }) => [path, after as Value]))).join(', ');
}

function subnetsOf(config: Value | undefined): readonly string[] {
  const { SubnetIds = [] } = (config ?? {}) as { readonly SubnetIds?: readonly string[] };
  return SubnetIds.length === 0 ? [] : [`in ${SubnetIds.join(', ')}`];
}

function timeToLive(specification: Value | undefined): readonly string[] {
  const { Enabled, AttributeName } = (specification ?? {}) as Readonly<Record<string, Value>>;
  return Enabled === true ? [`rows end by ${text(AttributeName)}`] : [];
}

function failuresTo(config: Value | undefined): readonly string[] {
  const { OnFailure } = (config ?? {}) as { readonly OnFailure?: { readonly Destination?: Value } };
  const destination = text(OnFailure?.Destination);
  return destination === '' ? [] : [`failures to ${destination.slice(destination.lastIndexOf(':') + 1)}`];
}

function text(value: Value | undefined): string {
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}
