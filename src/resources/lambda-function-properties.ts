import type { Value } from '../engine/types.ts';
import type { TaggedProperties } from './tagged.ts';

/** CloudFormation's properties of AWS::Lambda::Function, but for Code. */
export interface LambdaFunctionProperties extends TaggedProperties {
  readonly FunctionName: string;
  readonly Description?: string;
  readonly Runtime: string;
  /** `index.handler`. */
  readonly Handler: string;
  /** ARN. */
  readonly Role: string;
  /** MB. */
  readonly MemorySize: number;
  /** Seconds. */
  readonly Timeout: number;
  /** Never in a plan: only the names are (threats T28). */
  readonly Environment?: { readonly Variables: Readonly<Record<string, string>> };
  /** ARNs; where nothing is declared there must be none, because a layer is code (threats T73). */
  readonly Layers?: readonly string[];
  /** Sorted; both empty: outside of any VPC. */
  readonly VpcConfig?: { readonly SubnetIds: readonly string[]; readonly SecurityGroupIds: readonly string[] };
  readonly Architectures?: readonly string[];
  /** Null: none are reserved. */
  readonly ReservedConcurrentExecutions?: number | null;
  /** May it invoke itself again and again? Where nothing is declared nobody looks; Lambda's default is `Terminate`. */
  readonly RecursiveLoop?: 'Allow' | 'Terminate';
  readonly LoggingConfig?: { readonly LogFormat?: string; readonly LogGroup?: string };
  /** In place of the code: base64 of SHA-256 of its zip, and the version of trueup that it is of. */
  readonly Code: { readonly Sha256: string; readonly Version: string };
}

/** In the order of their stamps in `trueup:applied`. */
export const MANAGED = [
  'FunctionName',
  'Code',
  'Runtime',
  'Handler',
  'Role',
  'MemorySize',
  'Timeout',
  'Environment',
  'Layers',
  'VpcConfig',
  'Architectures',
  'ReservedConcurrentExecutions',
  'LoggingConfig',
  'Description',
  'Tags',
  'RecursiveLoop',
] as const satisfies readonly (keyof LambdaFunctionProperties)[];

/** What UpdateFunctionConfiguration sets. */
export const CONFIGURATION: readonly string[] = [
  'Runtime',
  'Handler',
  'Role',
  'MemorySize',
  'Timeout',
  'Environment',
  'Layers',
  'VpcConfig',
  'LoggingConfig',
  'Description',
] satisfies (keyof LambdaFunctionProperties)[];

/** What GetFunctionConfiguration answers, as far as it is looked at; structural, so that no SDK type is in the public ones. */
interface FoundFunction {
  readonly FunctionName?: string | undefined;
  readonly CodeSha256?: string | undefined;
  readonly Runtime?: string | undefined;
  readonly Handler?: string | undefined;
  readonly Role?: string | undefined;
  readonly MemorySize?: number | undefined;
  readonly Timeout?: number | undefined;
  readonly Description?: string | undefined;
  readonly Architectures?: readonly string[] | undefined;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> | undefined } | undefined;
  readonly Layers?: readonly { readonly Arn?: string | undefined }[] | undefined;
  readonly VpcConfig?:
    | { readonly SubnetIds?: readonly string[] | undefined; readonly SecurityGroupIds?: readonly string[] | undefined }
    | undefined;
  readonly LoggingConfig?:
    | { readonly LogFormat?: string | undefined; readonly LogGroup?: string | undefined }
    | undefined;
}

/** A function as it is, in the properties' form and without tags; of the log's settings only what is declared. */
export function observedProperties(
  declared: LambdaFunctionProperties,
  found: FoundFunction,
  version: string | undefined,
  {
    concurrency,
    recursion,
  }: { readonly concurrency?: number | undefined; readonly recursion?: string | undefined } = {},
): Readonly<Record<string, Value>> {
  const logging = Object.keys(declared.LoggingConfig ?? {}) as ('LogFormat' | 'LogGroup')[];
  return {
    FunctionName: found.FunctionName ?? null,
    Code: { Sha256: found.CodeSha256 ?? null, Version: version ?? null },
    Runtime: found.Runtime ?? null,
    Handler: found.Handler ?? null,
    Role: found.Role ?? null,
    MemorySize: found.MemorySize ?? null,
    Timeout: found.Timeout ?? null,
    Environment: { Variables: { ...found.Environment?.Variables } },
    Layers: (found.Layers ?? []).map(({ Arn }) => Arn ?? ''),
    VpcConfig: {
      SubnetIds: [...(found.VpcConfig?.SubnetIds ?? [])].sort(),
      SecurityGroupIds: [...(found.VpcConfig?.SecurityGroupIds ?? [])].sort(),
    },
    Architectures: [...(found.Architectures ?? [])],
    ReservedConcurrentExecutions: concurrency ?? null,
    LoggingConfig: Object.fromEntries(logging.map((key) => [key, found.LoggingConfig?.[key] ?? null])),
    Description: found.Description ?? '',
    ...(recursion !== undefined && { RecursiveLoop: recursion }),
  };
}
