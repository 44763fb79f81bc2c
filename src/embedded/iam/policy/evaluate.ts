import type { ConditionKeys } from '../../service.ts';
import { RequestKeys, holdsAll } from './conditions.ts';
import type { PolicyDocument, Selection, Statement } from './document.ts';
import { compileArn, compileGlob, matches } from './pattern.ts';
import type { Pattern, VariableLookup } from './pattern.ts';
import { parsePolicy } from './parse.ts';
import type { DocumentKind } from './parse.ts';
import { namingOf, stronger } from './principals.ts';
import type { Naming, Requester } from './principals.ts';

/** JSON text, the object that it is, or a document that was parsed before. */
export type PolicySource = string | object;

/** One action on one resource. */
export interface AccessRequest {
  /** `route53:ChangeResourceRecordSets`; compared without case. */
  readonly action: string;
  /** An ARN, or `*` for actions that know no resources. */
  readonly resource: string;
  readonly conditions?: ConditionKeys;
  /** Who asks; needed where `resource` or `trust` policies are asked. */
  readonly requester?: Requester;
}

/** The policies that speak of a request. */
export interface PolicySet {
  /** Of the caller's role. None: nothing is allowed by them. */
  readonly identity?: readonly PolicySource[];
  /** Undefined: no boundary. */
  readonly boundary?: PolicySource | undefined;
  /** Of the resource. */
  readonly resource?: PolicySource | undefined;
  /** Of the role that is assumed: it must allow, whatever else does. */
  readonly trust?: PolicySource | undefined;
  /** The account of the resource, where it is not the requester's: both sides must allow. */
  readonly resourceAccount?: string;
  /** Nobody gets in whom the resource's policy does not name, not even of its own account (KMS: "Key policies"). */
  readonly resourceGates?: true;
}

export type PolicyKind = 'identity' | 'boundary' | 'resource' | 'trust';

export type Decision = {
  readonly effect: 'allowed' | 'implicit-deny' | 'explicit-deny';
  /** The kind of policy that decided: that allowed, that did not allow, that denied. */
  readonly by: PolicyKind;
};

/**
 * Decides a request as IAM does ("Policy evaluation logic", IAM User Guide): an explicit deny anywhere ends it; then
 * identity ∩ boundary, or a policy of the resource that names the requester itself.
 *
 * @throws PolicySyntaxError for a document that IAM would not take.
 */
export function evaluate(request: AccessRequest, policies: PolicySet): Decision {
  const keys = new RequestKeys(request.conditions ?? {});
  const identity = (policies.identity ?? []).map((source) => look(source, 'identity', request, keys));
  const boundary = policies.boundary && look(policies.boundary, 'identity', request, keys);
  const resource = policies.resource && look(policies.resource, 'resource', request, keys);
  const trust = policies.trust && look(policies.trust, 'trust', request, keys);

  const looks = [
    ...identity.map((one) => ({ by: 'identity', ...one }) as const),
    ...(boundary ? [{ by: 'boundary', ...boundary } as const] : []),
    ...(resource ? [{ by: 'resource', ...resource } as const] : []),
    ...(trust ? [{ by: 'trust', ...trust } as const] : []),
  ];
  const denying = looks.find(({ denies }) => denies);
  if (denying) return { effect: 'explicit-deny', by: denying.by };
  if (trust && trust.allows === 'none') return { effect: 'implicit-deny', by: 'trust' };

  const gate = trust ? 'trust' : 'resource';
  const naming = stronger(resource ? resource.allows : 'none', trust ? trust.allows : 'none');
  const { requester } = request;
  if (requester && !('account' in requester)) {
    return { effect: naming === 'none' ? 'implicit-deny' : 'allowed', by: gate };
  }
  const isAbroad = policies.resourceAccount !== undefined && policies.resourceAccount !== requester?.account;
  const isGranted = identity.some(({ allows }) => allows !== 'none');
  const isWithin = !boundary || boundary.allows !== 'none';
  if (policies.resourceGates && naming === 'none') return { effect: 'implicit-deny', by: 'resource' };
  // Named itself, a session needs neither its own policies nor its boundary; by its role, it stays within the boundary.
  if (!isAbroad && naming === 'itself') return { effect: 'allowed', by: gate };
  if (!isAbroad && naming === 'role') {
    return isWithin ? { effect: 'allowed', by: gate } : { effect: 'implicit-deny', by: 'boundary' };
  }
  if (!isGranted) return { effect: 'implicit-deny', by: 'identity' };
  if (!isWithin) return { effect: 'implicit-deny', by: 'boundary' };
  if (isAbroad && naming === 'none') return { effect: 'implicit-deny', by: 'resource' };
  return { effect: 'allowed', by: 'identity' };
}

/** What one document says: does a statement deny, and how is the requester named by those that allow. */
interface Look {
  readonly denies: boolean;
  readonly allows: Naming;
}

function look(source: PolicySource, kind: DocumentKind, request: AccessRequest, keys: RequestKeys): Look {
  const { requester } = request;
  const { version, statements } = isParsed(source) ? source : parsePolicy(source, kind);
  const lookup = version === '2012-10-17' ? keys.single : undefined;
  let denies = false;
  let allows: Naming = 'none';
  for (const statement of statements) {
    const naming = kind === 'identity' ? 'itself' : requester ? namingOf(statement, requester) : 'none';
    if (naming === 'none' || !applies(statement, request, keys, lookup)) continue;
    if (statement.effect === 'Deny') denies = true;
    else allows = stronger(allows, naming);
  }
  return { denies, allows };
}

function isParsed(source: PolicySource): source is PolicyDocument {
  return typeof source === 'object' && 'statements' in source;
}

function applies(
  { actions, resources, conditions }: Statement,
  request: AccessRequest,
  keys: RequestKeys,
  lookup: VariableLookup | undefined,
): boolean {
  const isAction = selects(actions, request.action.toLowerCase(), (text) => compileGlob(text));
  if (!isAction) return false;
  if (resources && !selects(resources, request.resource, (text) => compileArn(text, lookup))) return false;
  return holdsAll(conditions, keys, lookup);
}

function selects(
  { except, patterns }: Selection,
  text: string,
  compile: (text: string) => Pattern | undefined,
): boolean {
  const isNamed = patterns.some((one) => {
    const pattern = compile(one);
    return pattern !== undefined && matches(pattern, text);
  });
  return isNamed !== except;
}
