import { createLocalJWKSet, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import type { StoredAuthorizer, StoredRoute } from '../apigatewayv2/model.ts';
import { FORBIDDEN, plainAnswer } from './request.ts';
import type { DoorAnswer, DoorRequest } from './request.ts';
import type { KeyRing } from './signing-keys.ts';

/** What a function is told of a token (payload format 2.0, `requestContext.authorizer.jwt`). */
export interface JwtIdentity {
  readonly claims: Readonly<Record<string, string>>;
  /** Those of the route that the token has; null: the route asks for none. */
  readonly scopes: readonly string[] | null;
}

/** "Currently, only RSA-based algorithms are supported." */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const SOURCE = /^\$request\.(header|querystring)\.([\w-]+)$/;

/**
 * Checks the token of a request as a JWT authorizer does (Developer guide, "Control access to HTTP APIs with JWT
 * authorizers"): algorithm and signature, `kid`, `iss`, `aud` or `client_id`, `exp`, `nbf`, `iat` by the account's
 * clock, and one of the route's scopes.
 */
export async function authorizeJwt(
  request: DoorRequest,
  { identitySource, jwt }: StoredAuthorizer,
  { scopes }: Pick<StoredRoute, 'scopes'>,
  { keys, now }: { readonly keys: KeyRing; readonly now: number },
): Promise<{ readonly identity: JwtIdentity } | { readonly refusal: DoorAnswer }> {
  const token = tokenOf(request, identitySource);
  if (token === undefined) return { refusal: unauthorized(scopes) };
  const issuer = jwt.Issuer ?? '';
  const keySet = await keys.keysOf(issuer);
  if (keySet === undefined) return invalid(scopes, 'OIDC discovery endpoint communication error');
  const claims = await verify(token, createLocalJWKSet(keySet), issuer, now);
  if (claims === undefined) return invalid(scopes, 'the token is not valid');
  if (!isForAudience(claims, jwt.Audience ?? [])) return invalid(scopes, 'the token does not have a valid audience');
  if (scopes.length === 0) return { identity: { claims: claimTexts(claims), scopes: null } };
  const held = scopesOf(claims).filter((scope) => scopes.includes(scope));
  if (held.length > 0) return { identity: { claims: claimTexts(claims), scopes: held } };
  const challenge = `${bearer(scopes)} error="insufficient_scope" error_description="the token does not have a required scope"`;
  return { refusal: { ...FORBIDDEN, headers: [...FORBIDDEN.headers, ['www-authenticate', challenge]] } };
}

async function verify(
  token: string,
  keySet: ReturnType<typeof createLocalJWKSet>,
  issuer: string,
  now: number,
): Promise<JWTPayload | undefined> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keySet, {
      algorithms: ALGORITHMS,
      issuer,
      currentDate: new Date(now),
      requiredClaims: ['exp'],
    });
    // A key that fits is not enough: the token must name it.
    if (typeof protectedHeader.kid !== 'string') return undefined;
    // Whatever was issued in the future was not issued.
    return payload.iat !== undefined && payload.iat * 1000 > now ? undefined : payload;
  } catch {
    return undefined;
  }
}

/** The token alone, or behind `Bearer`. */
function tokenOf({ headers, query }: DoorRequest, source: string): string | undefined {
  const [, where, name = ''] = SOURCE.exec(source) ?? [];
  const given = where === 'header' ? headers.get(name.toLowerCase()) : new URLSearchParams(query).get(name);
  const token = (given ?? '').replace(/^Bearer /i, '').trim();
  return token === '' ? undefined : token;
}

/** `client_id` counts only where there is no `aud`. */
function isForAudience({ aud, client_id: client }: JWTPayload, wanted: readonly string[]): boolean {
  const named = aud ?? (typeof client === 'string' ? client : []);
  return [named].flat().some((one) => wanted.includes(one));
}

function scopesOf({ scope, scp }: JWTPayload): readonly string[] {
  const given: unknown = scope ?? scp;
  if (typeof given === 'string') return given.split(' ');
  return Array.isArray(given) ? given.filter((one): one is string => typeof one === 'string') : [];
}

/** Claims are handed over as texts; a list as `[a b]`. */
function claimTexts(claims: JWTPayload): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, claimText(value)]));
}

function claimText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`;
  return JSON.stringify(value) ?? '';
}

function bearer(scopes: readonly string[]): string {
  return scopes.length === 0 ? 'Bearer' : `Bearer scope="${scopes.join(' ')}"`;
}

function unauthorized(scopes: readonly string[], detail = ''): DoorAnswer {
  return plainAnswer(401, 'Unauthorized', [['www-authenticate', `${bearer(scopes)}${detail}`]]);
}

/** Why is told without anything of the token. */
function invalid(scopes: readonly string[], why: string): { readonly refusal: DoorAnswer } {
  return { refusal: unauthorized(scopes, ` error="invalid_token" error_description="${why}"`) };
}
