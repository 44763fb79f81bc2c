import type { PrincipalSelection, Statement } from './document.ts';

/** Who asks, for policies that name principals. */
export type Requester =
  | {
      readonly account: string;
      /** Of the user, or of the session (`arn:aws:sts::…:assumed-role/…`). */
      readonly arn: string;
      /** The role behind a session. */
      readonly roleArn?: string;
    }
  | { readonly service: string }
  /** Somebody with a token of an identity provider, which is named by its ARN. */
  | { readonly federated: string };

/**
 * How a statement names the requester: not at all · by account, which leaves the decision to the account's own
 * policies · by its role, which a permissions boundary still limits · itself.
 */
export type Naming = 'none' | 'account' | 'role' | 'itself';

const ORDER: readonly Naming[] = ['none', 'account', 'role', 'itself'];

/** The stronger of two. */
export function stronger(left: Naming, right: Naming): Naming {
  return ORDER.indexOf(left) >= ORDER.indexOf(right) ? left : right;
}

/** How the statement's Principal names who asks; NotPrincipal names everybody else. */
export function namingOf({ principals, effect }: Statement, requester: Requester): Naming {
  if (principals === undefined) return 'none';
  if (!principals.except) return named(principals, requester);
  const isExcepted = isExceptedBy(principals, requester);
  // NotPrincipal belongs with Deny; with Allow it would name anonymous users too.
  return isExcepted || effect === 'Allow' ? 'none' : 'itself';
}

/** A session is excepted by its own name, its role's and its account's together ("NotPrincipal"). */
function isExceptedBy(principals: PrincipalSelection, requester: Requester): boolean {
  if (!('account' in requester)) return named(principals, requester) !== 'none';
  const { account, arn, roleArn = arn } = requester;
  const isListed = (name: string): boolean => principals.aws.includes(name);
  const hasAccount = isListed(account) || isListed(`arn:aws:iam::${account}:root`);
  return isListed('*') || (hasAccount && isListed(arn) && isListed(roleArn));
}

function named({ aws, services, federated }: PrincipalSelection, requester: Requester): Naming {
  // Tokens are trusted only by name.
  if ('federated' in requester) return federated.includes(requester.federated) ? 'itself' : 'none';
  // `*` takes in services: so do the queue and topic policies in AWS's guides for S3 notifications.
  if (aws.includes('*')) return 'itself';
  if ('service' in requester) return services.includes(requester.service) ? 'itself' : 'none';
  const { account, arn, roleArn } = requester;
  if (aws.includes(arn)) return 'itself';
  if (roleArn !== undefined && aws.includes(roleArn)) return 'role';
  return aws.includes(account) || aws.includes(`arn:aws:iam::${account}:root`) ? 'account' : 'none';
}
