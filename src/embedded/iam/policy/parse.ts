import type { Condition, PolicyDocument, PrincipalSelection, Selection, Statement } from './document.ts';
import { isArnShaped, parseOperator } from './operators.ts';
import { remembered } from '../../remembered.ts';
import { hasReadableVariables } from './pattern.ts';

/** identity: what a role may do · resource: who may do what with a resource · trust: who may assume a role. */
export type DocumentKind = 'identity' | 'resource' | 'trust';

/** Why IAM does not take a document; `message` in IAM's words where they are known. */
export class PolicySyntaxError extends Error {
  override readonly name = 'PolicySyntaxError';
}

type Fields = Readonly<Record<string, unknown>>;

const SYNTAX = 'Syntax errors in policy.';
const DOCUMENT_FIELDS = ['Version', 'Id', 'Statement'];
const STATEMENT_FIELDS = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
];
const ACTION = /^(?:\*|([a-z0-9-]+):[\w*?]+)$/i;
/** Keys of an identity provider begin with its address. */
const CONDITION_KEY = /^[\w./-]+:.+$/;
const SID = /^[0-9A-Za-z]*$/;
const TRUST_ACTION = /^sts:/i;

/**
 * A policy document as IAM reads it, from JSON text or from the object that it is.
 *
 * @throws PolicySyntaxError
 */
export function parsePolicy(source: unknown, kind: DocumentKind): PolicyDocument {
  return typeof source === 'string' ? FROM_TEXT[kind](source) : read(source, kind);
}

/** Each call is judged by the same few documents. */
const MOST_DOCUMENTS = 200;
const FROM_TEXT: Readonly<Record<DocumentKind, (text: string) => PolicyDocument>> = {
  identity: remembered(MOST_DOCUMENTS, (text) => read(parseJson(text), 'identity')),
  resource: remembered(MOST_DOCUMENTS, (text) => read(parseJson(text), 'resource')),
  trust: remembered(MOST_DOCUMENTS, (text) => read(parseJson(text), 'trust')),
};

function read(document: unknown, kind: DocumentKind): PolicyDocument {
  if (!isFields(document) || !hasOnly(document, DOCUMENT_FIELDS)) throw new PolicySyntaxError(SYNTAX);
  const version = document['Version'] ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17') throw new PolicySyntaxError(SYNTAX);
  const list = [document['Statement'] ?? []].flat();
  if (list.length === 0) throw new PolicySyntaxError(SYNTAX);
  const statements = list.map((statement: unknown) => parseStatement(statement, kind, version === '2012-10-17'));
  const sids = statements.flatMap(({ sid }) => sid ?? []);
  if (new Set(sids).size !== sids.length) {
    throw new PolicySyntaxError('Statement IDs (SID) in a single policy must be unique.');
  }
  return { version, statements };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicySyntaxError('This policy contains invalid Json');
  }
}

function parseStatement(statement: unknown, kind: DocumentKind, hasVariables: boolean): Statement {
  if (!isFields(statement) || !hasOnly(statement, STATEMENT_FIELDS)) throw new PolicySyntaxError(SYNTAX);
  const { Sid: sid, Effect: effect } = statement;
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicySyntaxError(SYNTAX);
  if (sid !== undefined && typeof sid !== 'string') throw new PolicySyntaxError(SYNTAX);
  if (kind === 'identity' && !SID.test(sid ?? '')) {
    throw new PolicySyntaxError(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
  }
  const actions = parseActions(statement, kind);
  const resources = parseResources(statement, kind);
  const principals = parsePrincipals(statement, kind);
  const conditions = parseConditions(statement['Condition']);
  const texts = [...(resources?.patterns ?? []), ...conditions.flatMap(({ values }) => values)];
  if (hasVariables && !texts.every(hasReadableVariables)) {
    throw new PolicySyntaxError('The policy contains an invalid policy variable.');
  }
  return {
    effect,
    actions,
    conditions,
    ...(sid !== undefined && sid !== '' && { sid }),
    ...(resources && { resources }),
    ...(principals && { principals }),
  };
}

/** Exactly one of `Name` and `NotName`; undefined: neither. */
function selectionOf(statement: Fields, name: string, missing: string): Selection | undefined {
  const [included, excepted] = [statement[name], statement[`Not${name}`]];
  if (included !== undefined && excepted !== undefined) throw new PolicySyntaxError(SYNTAX);
  const value = included ?? excepted;
  if (value === undefined) return undefined;
  const patterns = stringsOf(value);
  if (patterns.length === 0) throw new PolicySyntaxError(missing);
  return { except: included === undefined, patterns };
}

function parseActions(statement: Fields, kind: DocumentKind): Selection {
  const missing = 'Policy statement must contain actions.';
  const actions = selectionOf(statement, 'Action', missing);
  if (actions === undefined) throw new PolicySyntaxError(missing);
  for (const action of actions.patterns) {
    if (!ACTION.test(action)) {
      const message = action.includes(':')
        ? `Vendor ${action.slice(0, action.indexOf(':'))} is not valid`
        : 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
      throw new PolicySyntaxError(message);
    }
    if (kind === 'trust' && !TRUST_ACTION.test(action)) {
      throw new PolicySyntaxError('AssumeRole policy may only specify STS AssumeRole actions.');
    }
  }
  return { except: actions.except, patterns: actions.patterns.map((action) => action.toLowerCase()) };
}

function parseResources(statement: Fields, kind: DocumentKind): Selection | undefined {
  const missing = 'Policy statement must contain resources.';
  const resources = selectionOf(statement, 'Resource', missing);
  if (kind === 'trust' && resources) throw new PolicySyntaxError('Has prohibited field Resource');
  if (kind === 'identity' && !resources) throw new PolicySyntaxError(missing);
  for (const resource of resources?.patterns ?? []) {
    if (resource === '*') continue;
    if (!resource.startsWith('arn:') || !isArnShaped(resource)) {
      throw new PolicySyntaxError(`Resource ${resource} must be in ARN format or "*".`);
    }
    // No wildcard stands for the service (IAM JSON policy elements, "Resource").
    if (/[*?]/.test(resource.split(':')[2] ?? '')) {
      throw new PolicySyntaxError('Resource vendor must be fully qualified and cannot contain regexes.');
    }
  }
  return resources;
}

const PRINCIPAL_KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'];
const AWS_PRINCIPAL = /^(?:\*|\d{12}|arn:aws:(?:iam|sts)::\d{12}:[^*?]+)$/;
const FEDERATED_PRINCIPAL = /^(?:arn:aws:iam::\d{12}:(?:oidc|saml)-provider\/[^*?]+|[a-z0-9.-]+)$/;
const SERVICE_PRINCIPAL = /^[a-z0-9.-]+\.amazonaws\.com$/;

function parsePrincipals(statement: Fields, kind: DocumentKind): PrincipalSelection | undefined {
  const { Principal: included, NotPrincipal: excepted } = statement;
  const value = included ?? excepted;
  if (kind === 'identity' && value !== undefined) {
    throw new PolicySyntaxError('Policy document should not specify a principal.');
  }
  if (kind === 'identity') return undefined;
  if (kind === 'trust' && excepted !== undefined) throw new PolicySyntaxError('Has prohibited field NotPrincipal');
  if (value === undefined) throw new PolicySyntaxError('Missing required field Principal');
  if (included !== undefined && excepted !== undefined) throw new PolicySyntaxError(SYNTAX);
  const except = included === undefined;
  if (value === '*') return { except, aws: ['*'], services: [], federated: [] };
  if (!isFields(value) || !hasOnly(value, PRINCIPAL_KINDS) || Object.keys(value).length === 0) {
    throw new PolicySyntaxError('Invalid principal in policy.');
  }
  const aws = stringsOf(value['AWS'] ?? []);
  const services = stringsOf(value['Service'] ?? []);
  const federated = stringsOf(value['Federated'] ?? []);
  refuseOthers('AWS', aws, AWS_PRINCIPAL);
  refuseOthers('SERVICE', services, SERVICE_PRINCIPAL);
  refuseOthers('FEDERATED', federated, FEDERATED_PRINCIPAL);
  return { except, aws, services, federated };
}

function refuseOthers(kind: string, names: readonly string[], pattern: RegExp): void {
  const wrong = names.find((name) => !pattern.test(name));
  if (wrong !== undefined) throw new PolicySyntaxError(`Invalid principal in policy: "${kind}":"${wrong}"`);
}

function parseConditions(block: unknown): readonly Condition[] {
  if (block === undefined) return [];
  if (!isFields(block)) throw new PolicySyntaxError(SYNTAX);
  return Object.entries(block).flatMap(([name, keys]) => {
    const operator = parseOperator(name);
    if (operator === undefined) throw new PolicySyntaxError(`Invalid Condition type : ${name}.`);
    if (!isFields(keys)) throw new PolicySyntaxError(SYNTAX);
    return Object.entries(keys).map(([key, values]): Condition => {
      if (!CONDITION_KEY.test(key)) {
        throw new PolicySyntaxError('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
      }
      return { operator, key, values: scalarsOf(values) };
    });
  });
}

function scalarsOf(value: unknown): readonly string[] {
  return [value].flat().map((item: unknown) => {
    if (typeof item === 'string') return item;
    if (typeof item === 'number' || typeof item === 'boolean') return String(item);
    throw new PolicySyntaxError(SYNTAX);
  });
}

function stringsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = [value].flat();
  if (!list.every((item) => typeof item === 'string')) throw new PolicySyntaxError(SYNTAX);
  return list;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasOnly(value: Fields, names: readonly string[]): boolean {
  return Object.keys(value).every((name) => names.includes(name));
}
