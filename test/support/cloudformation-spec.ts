import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertyType, Resource, SpecDatabase } from '@aws-cdk/service-spec-types';
import type { Template, TemplateOutput } from '../../src/render/types.ts';

/** CloudFormation's own resource provider schemas, as AWS CDK publishes them. */
let database: SpecDatabase | undefined;

export function resourceSpec(type: string): Resource | undefined {
  database ??= loadAwsServiceSpecSync();
  const found = database.lookup('resource', 'cloudFormationType', 'equals', type);
  return found.length > 0 ? found.only() : undefined;
}

type Found = Readonly<Record<string, unknown>>;

/** What is wrong with a template: types and properties that do not exist, values of another type, dangling references. */
export function templateProblems(template: Template): readonly string[] {
  const targets = new Map(Object.entries(template.Resources).map(([id, { Type }]) => [id, resourceSpec(Type)]));
  const parameters = new Set(Object.keys(template.Parameters ?? {}));
  return [
    ...Object.keys(template.Resources)
      .filter((id) => !/^[A-Za-z0-9]{1,255}$/.test(id) || parameters.has(id))
      .map((id) => `${id}: no logical id of its own`),
    ...Object.entries(template.Resources).flatMap(([id, resource]) => [
      ...(resource.DependsOn ?? []).filter((other) => !targets.has(other)).map((other) => `${id}: waits for ${other}`),
      ...fieldProblems(id, resource.Properties, targets.get(id)?.properties),
    ]),
    ...Object.entries(template.Outputs ?? {}).flatMap(([id, output]) => outputProblems(id, output)),
  ];

  /** What is in ASCII arrives as it was written; an export would bind other stacks to this one. */
  function outputProblems(id: string, { Description, Value, ...rest }: TemplateOutput): readonly string[] {
    return [
      ...(/^[A-Za-z0-9]{1,255}$/.test(id) && !targets.has(id) && !parameters.has(id)
        ? []
        : [`${id}: no output id of its own`]),
      ...(/^[ -~]{1,1024}$/.test(Description) ? [] : [`${id}: no description`]),
      ...Object.keys(rest).map((name) => `${id}.${name}: is not expected`),
      ...(isIntrinsic(Value) ? intrinsicProblems(id, Value) : [`${id}: says nothing of a resource`]),
    ];
  }

  function fieldProblems(path: string, value: Found, fields: Resource['properties'] | undefined): readonly string[] {
    if (fields === undefined) return [`${path}: no such type`];
    const missing = Object.keys(fields).filter((name) => fields[name]?.required && value[name] === undefined);
    return [
      ...missing.map((name) => `${path}.${name}: missing`),
      ...Object.entries(value).flatMap(([name, item]) => {
        const field = fields[name];
        return field ? valueProblems(`${path}.${name}`, item, field.type) : [`${path}.${name}: no such property`];
      }),
    ];
  }

  function valueProblems(path: string, value: unknown, type: PropertyType): readonly string[] {
    if (isIntrinsic(value)) return intrinsicProblems(path, value);
    switch (type.type) {
      case 'string':
        return isOneOf(path, typeof value === 'string', value, type.allowedValues);
      case 'integer':
        return isOneOf(path, Number.isSafeInteger(value), value, type.allowedValues);
      case 'number':
        return isOneOf(path, typeof value === 'number', value);
      case 'boolean':
        return isOneOf(path, typeof value === 'boolean', value);
      case 'json':
        return isOneOf(
          path,
          typeof value === 'object' && value !== null,
          value,
          undefined,
          nestedProblems(path, value),
        );
      case 'tag':
        return isOneOf(path, isTag(value), value);
      case 'array':
        return Array.isArray(value)
          ? value.flatMap((item, index) => valueProblems(`${path}[${index}]`, item, type.element))
          : [`${path}: no list`];
      case 'map':
        return Object.entries(value as Found).flatMap(([key, item]) =>
          valueProblems(`${path}.${key}`, item, type.element),
        );
      case 'ref':
        return fieldProblems(path, value as Found, database?.get('typeDefinition', type.reference).properties);
      case 'union': {
        const tries = type.types.map((one) => valueProblems(path, value, one));
        return tries.find((problems) => problems.length === 0) ?? tries[0] ?? [];
      }
      case 'date-time':
      case 'null':
        return [`${path}: ${type.type} is not expected here`];
    }
  }

  /** Inside of a policy or another free document: functions of CloudFormation hold there too. */
  function nestedProblems(path: string, value: unknown): readonly string[] {
    if (isIntrinsic(value)) return intrinsicProblems(path, value);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, item]) => nestedProblems(`${path}.${key}`, item));
  }

  function intrinsicProblems(path: string, value: Found): readonly string[] {
    const [name = '', argument] = Object.entries(value)[0] ?? [];
    if (name === 'Ref') {
      const isThere = targets.has(String(argument)) || parameters.has(String(argument));
      return isThere ? [] : [`${path}: refers to ${String(argument)}`];
    }
    if (name === 'Fn::GetAtt') {
      const [id = '', attribute = ''] = argument as readonly string[];
      return targets.get(id)?.attributes[attribute] ? [] : [`${path}: ${id} has no ${attribute}`];
    }
    if (name === 'Fn::Join') {
      const [separator, parts] = argument as readonly [string, unknown];
      // A list of a resource is text only with something between its items.
      if (isIntrinsic(parts)) {
        return [...(separator === ',' ? [] : [`${path}: joined by ${separator}`]), ...intrinsicProblems(path, parts)];
      }
      return [...(separator === '' ? [] : [`${path}: joined by ${separator}`]), ...nestedProblems(path, parts)];
    }
    if (name === 'Fn::Select') return nestedProblems(path, argument);
    return [`${path}: ${name} is not expected`];
  }
}

function isIntrinsic(value: unknown): value is Found {
  return typeof value === 'object' && value !== null && Object.keys(value).some((key) => /^(?:Ref$|Fn::)/.test(key));
}

function isTag(value: unknown): boolean {
  const { Key, Value, ...rest } = value as Found;
  return typeof Key === 'string' && typeof Value === 'string' && Object.keys(rest).length === 0;
}

function isOneOf(
  path: string,
  isRight: boolean,
  value: unknown,
  allowed?: readonly unknown[],
  further: readonly string[] = [],
): readonly string[] {
  if (!isRight) return [`${path}: ${JSON.stringify(value)} is of another type`];
  return allowed && !allowed.includes(value) ? [`${path}: ${JSON.stringify(value)} is not allowed`] : further;
}
