import type { Policy, PolicyStatement } from '../iam/policy.ts';
import { policyIn } from '../iam/files.ts';
import type { IamResult, PrintedPolicy } from '../iam/result.ts';
import { closingLines, exitText } from './count-text.ts';
import { findingLines } from './finding-text.ts';
import { count, plural } from './format.ts';
import { indent, paragraph } from './layout.ts';
import type { RenderOptions } from './options.ts';
import type { Line, Style } from './style.ts';

const EMPTY: Line = [];

/** Every statement of every policy: who may do what on what. Policies as AWS takes them are in the JSON. */
export function iamLines(result: IamResult, { exitCode }: RenderOptions, style: Style): readonly Line[] {
  const { policies, publish, findings, runtime, trust, scp } = result;
  return [
    ...policies.flatMap((printed) => [
      ...titleLines(printed, style),
      ...statementLines(policyIn(result[printed.role], printed.alias), style),
      EMPTY,
    ]),
    ...(publish
      ? [heading('publish', 'of the workflow that publishes', style), ...statementLines(publish, style), EMPTY]
      : []),
    ...Object.entries(runtime).flatMap(([role, policy]) => [
      heading('runtime', role, style),
      ...statementLines(policy, style),
      EMPTY,
    ]),
    ...Object.entries(trust).flatMap(([role, policy]) => [
      heading('trust of', role, style),
      ...statementLines(policy, style),
      EMPTY,
    ]),
    heading('service control policy', 'of the organization', style),
    ...statementLines(scp, style),
    EMPTY,
    ...findings.flatMap((finding) => findingLines(finding, 0, style, finding.document)),
    ...(findings.length > 0 ? [EMPTY] : []),
    ...closingLines(style, countText(result), exitText(exitCode)),
  ];
}

function titleLines({ role, alias, arn, characters, parts }: PrintedPolicy, style: Style): readonly Line[] {
  const size = `${count(characters)} characters${parts.length > 1 ? ` in ${parts.length} policies` : ''}`;
  return [heading(`${role} in ${alias}`, arn, style), ...said(size, 2, style)];
}

function heading(what: string, name: string, style: Style): Line {
  return [style.say(`${what} `, 'strong'), { text: style.text(name) }];
}

function statementLines({ Statement }: Policy, style: Style): readonly Line[] {
  return Statement.flatMap((statement) => [
    ...said(`${[statement.Effect, statement.Sid].join(' ').trim()}: ${statement.Action.join(', ')}`, 2, style),
    // Names are copied: they stay whole, however long they are.
    ...objectsOf(statement).map((text): Line => [indent(6), { text: style.text(text) }]),
  ]);
}

function objectsOf({ Principal, Resource, NotResource, Condition }: PolicyStatement): readonly string[] {
  return [
    ...Object.entries(Principal ?? {}).map(([kind, name]) => `to ${kind} ${name}`),
    ...(Resource ?? []).map((resource) => `on ${resource}`),
    ...(NotResource ?? []).map((resource) => `but on ${resource}`),
    ...Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => `if ${operator} ${key}: ${[values].flat().join(', ')}`),
    ),
  ];
}

function said(text: string, column: number, style: Style): readonly Line[] {
  return paragraph(style, { lead: [indent(column)], hang: column + 2, text: style.text(text) });
}

function countText({ policies, runtime, owner }: IamResult): string {
  const roles = plural(Object.keys(runtime).length, 'runtime role');
  return `IAM of ${owner}: ${plural(policies.length, 'policy', 'policies')}, ${roles}. Policies for AWS: --format json.`;
}
