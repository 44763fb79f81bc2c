/** Values of condition keys, by operator and key. */
export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One statement of a policy as it is printed. */
export interface PolicyStatement {
  /** Letters and digits, once in a policy. */
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  /** Policies of a role's trust only. */
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Condition;
}

/** A policy document of IAM. */
export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

export function policyOf(statements: readonly PolicyStatement[]): Policy {
  return { Version: '2012-10-17', Statement: statements };
}

/** Sorted, each once. */
export function distinct(texts: Iterable<string>): readonly string[] {
  return [...new Set(texts)].sort();
}

/** Ids are once in a policy: the second statement of a name has a 2. */
export function numbered(statements: readonly PolicyStatement[]): readonly PolicyStatement[] {
  const seen = new Map<string, number>();
  return statements.map((statement) => {
    const { Sid = 'Statement' } = statement;
    const count = (seen.get(Sid) ?? 0) + 1;
    seen.set(Sid, count);
    return count === 1 ? statement : { ...statement, Sid: `${Sid}${count}` };
  });
}
