import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/operations/project.ts';
import { NOW } from '../support/estate.ts';
import { createSurvivalEstate, JWT } from '../support/survival-service.ts';

async function problemsOf(spec: readonly string[]): Promise<readonly string[]> {
  const estate = await createSurvivalEstate(spec);
  const { result } = await loadConfig(join(estate.directory, 'config'), { cwd: estate.directory, now: NOW });
  return [...result.errors, ...result.warnings].map(({ code, path, message }) => `${code} ${path}: ${message}`);
}

async function specOf(spec: readonly string[]): Promise<unknown> {
  const { documents } = await (await createSurvivalEstate(spec)).load();
  return documents[0]?.spec;
}

describe('validate', () => {
  it.each<[string, readonly string[]]>([
    ['a word of auth', ['auth: { iam: true }']],
    [
      'every field',
      [
        'account: prod',
        'region: eu-central-1',
        'function: { memory: 3538, timeout: 20s, logRetention: 90d, reservedConcurrency: 20 }',
        'auth: { jwt: { issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI", audience: genes } }',
        'throttle: { rate: 10, burst: 20 }',
        'minEvents: 10',
        'alarms: { sns: "arn:aws:sns:eu-central-1:111122223333:alarms" }',
      ],
    ],
    ['a list of audiences', [JWT]],
    [
      'an issuer with a port',
      ['auth: { jwt: { issuer: "https://login.example.com:8443/realms/a", audience: genes } }'],
    ],
  ])('takes %s', async (_what, spec) => {
    expect(await problemsOf(spec)).toEqual([]);
  });

  it('T116 nothing said of auth is auth by IAM, and the rest has its defaults', async () => {
    expect(await specOf(['minEvents: 5'])).toEqual({
      function: { memory: 1769, timeout: '30s', logRetention: '30d' },
      auth: { iam: true },
      throttle: { rate: 100, burst: 200 },
      minEvents: 5,
      alarms: {},
    });
  });

  it.each<[string, readonly string[], string]>([
    [
      'iam: false',
      ['auth: { iam: false }'],
      'TU1003 /spec/auth/iam: spec.auth.iam must be true or left out: a service without auth is called by IAM, and never open; tokens are asked for by jwt',
    ],
    [
      'an empty auth',
      ['auth: {}'],
      'TU1003 /spec/auth: spec.auth must have exactly one of iam (principals of the account) and jwt (tokens of an issuer)',
    ],
    [
      'both',
      ['auth: { iam: true, jwt: { issuer: "https://login.example.com/", audience: genes } }'],
      'TU1003 /spec/auth: spec.auth must have exactly one of iam (principals of the account) and jwt (tokens of an issuer)',
    ],
    ['auth by none', ['auth: { none: true }'], 'TU1004 /spec/auth/none: spec.auth.none is not a known field'],
    [
      'an issuer without TLS',
      ['auth: { jwt: { issuer: "http://login.example.com/", audience: genes } }'],
      'TU1003 /spec/auth/jwt/issuer: spec.auth.jwt.issuer must be an https URL without user, query and fragment, such as https://login.example.com/',
    ],
    [
      'an issuer with a query',
      ['auth: { jwt: { issuer: "https://login.example.com/?a=b", audience: genes } }'],
      'TU1003 /spec/auth/jwt/issuer: spec.auth.jwt.issuer must be an https URL without user, query and fragment, such as https://login.example.com/',
    ],
    [
      'an issuer with a user',
      ['auth: { jwt: { issuer: "https://me@login.example.com/", audience: genes } }'],
      'TU1003 /spec/auth/jwt/issuer: spec.auth.jwt.issuer must be an https URL without user, query and fragment, such as https://login.example.com/',
    ],
    [
      'tokens for anybody',
      ['auth: { jwt: { issuer: "https://login.example.com/", audience: [] } }'],
      'TU1003 /spec/auth/jwt/audience: spec.auth.jwt.audience must be an audience, or a list of 1 to 50 different ones: 1 to 256 characters of ASCII each, without blanks',
    ],
    [
      'an issuer without an audience',
      ['auth: { jwt: { issuer: "https://login.example.com/" } }'],
      'TU1005 /spec/auth/jwt: spec.auth.jwt.audience is missing',
    ],
    [
      'a run that API Gateway does not wait for',
      ['function: { timeout: 31s }'],
      'TU1003 /spec/function/timeout: spec.function.timeout must be at most 30s',
    ],
    [
      'memory that the largest request does not fit in',
      ['function: { memory: 256 }'],
      'TU1003 /spec/function/memory: spec.function.memory must be at least 512',
    ],
    [
      'a throttle that lets nothing through',
      ['throttle: { rate: 0 }'],
      'TU1003 /spec/throttle/rate: spec.throttle.rate must be at least 1',
    ],
  ])('refuses %s', async (_what, spec, problem) => {
    expect(await problemsOf(spec)).toEqual([problem]);
  });
});
