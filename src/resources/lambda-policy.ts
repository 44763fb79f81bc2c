/** A statement of a function's resource-based policy, as GetPolicy gives it. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Statements of a policy's text; none where it cannot be read, which Lambda never writes. */
export function statementsOf(policy: string | undefined): readonly Statement[] {
  const { Statement = [] } = JSON.parse(policy ?? '{}') as { Statement?: Statement | readonly Statement[] };
  return [Statement].flat();
}

/** Lets anybody invoke the function. */
export function isOpen({ Effect, Principal, Condition = {} }: Statement): boolean {
  const principals = typeof Principal === 'string' ? [Principal] : Object.values(Principal ?? {}).flat();
  return Effect === 'Allow' && principals.includes('*') && Object.keys(Condition).length === 0;
}

/** Properties of AWS::Lambda::Permission that a statement can hold. */
export type StatementProperties = Readonly<Record<string, string>>;

const CONDITION_PROPERTIES: Readonly<Record<string, string>> = {
  'arnlike aws:sourcearn': 'SourceArn',
  'stringequals aws:sourceaccount': 'SourceAccount',
  'stringequals aws:principalorgid': 'PrincipalOrgID',
  'stringequals lambda:eventsourcetoken': 'EventSourceToken',
  'stringequals lambda:functionurlauthtype': 'FunctionUrlAuthType',
};

/** A statement in the properties' form; a condition that no property stands for keeps its own name. */
export function statementProperties({ Principal, Action, Condition = {} }: Statement): StatementProperties {
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]): [string, string] => {
      const name = `${operator} ${key}`;
      return [CONDITION_PROPERTIES[name.toLowerCase()] ?? name, [value].flat().join(', ')];
    }),
  );
  return {
    Action: [Action ?? ''].flat().join(', '),
    Principal: principalText(Principal),
    ...Object.fromEntries(conditions),
  };
}

/** Lambda writes the principal `111122223333` as the root of that account. */
function principalText(principal: Statement['Principal']): string {
  const names = typeof principal === 'string' ? [principal] : Object.values(principal ?? {}).flat();
  return names.map((name) => /^arn:aws:iam::(\d{12}):root$/.exec(name)?.[1] ?? name).join(', ');
}
