import { audiencesOf } from './places.ts';
import type { SurvivalServiceAuth, SurvivalServiceJwt } from './spec.gen.ts';

/** Principals that IAM lets in: an HTTP API has no policy of its own, so that they are of its account. */
function signers(account: string): string {
  return `principals of ${account} that IAM lets do execute-api:Invoke`;
}

function bearers(issuer: string, audience: string): string {
  return `tokens of ${issuer} for ${audience}`;
}

/**
 * Who may call, one line each, for people.
 *
 * @param account twelve digits, or words for them.
 */
export function callersOf({ jwt }: SurvivalServiceAuth, account: string): readonly string[] {
  return jwt ? bearersOf(jwt) : [signers(account)];
}

function bearersOf({ issuer, audience }: SurvivalServiceJwt): readonly string[] {
  return audiencesOf(audience).map((one) => bearers(issuer, one));
}

/**
 * Who may call by what a route says, as API Gateway has it (AuthorizationType).
 *
 * @param tokens what its authorizer takes; undefined: it is not known.
 */
export function callersBy(type: unknown, account: string, tokens: SurvivalServiceJwt | undefined): readonly string[] {
  switch (type) {
    case null:
    case undefined:
      return [];
    case 'AWS_IAM':
      return [signers(account)];
    case 'JWT':
      return tokens ? bearersOf(tokens) : ['tokens that another authorizer takes'];
    case 'NONE':
      return ['everybody, without credentials'];
    default:
      return ['whom a function decides to let in'];
  }
}
