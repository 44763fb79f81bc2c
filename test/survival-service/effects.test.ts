import { describe, expect, it } from 'vitest';
import type { Action, Change, Effect, Value } from '../../src/engine/types.ts';
import { effects } from '../../src/reconcilers/survival-service/effects.ts';
import type { SurvivalService } from '../../src/reconcilers/survival-service/places.ts';
import { createSurvivalEstate, JWT } from '../support/survival-service.ts';

const OTHERS: Effect = { document: 'SurvivalService/gene-survival', code: 'iam.permissions', data: { role: 'a' } };
const PRINCIPALS = 'principals of 111122223333 that IAM lets do execute-api:Invoke';

function action(id: string, verb: Action['action'], found: Readonly<Record<string, Value>> = {}): Action {
  const changes = Object.entries(found).map(([path, before]): Change => ({ path, before, after: 'x', cause: 'git' }));
  const address = `SurvivalService/gene-survival/${id}`;
  return { id: address, action: verb, changes } as unknown as Action;
}

/** Who gains and who loses by these actions. */
async function moved(spec: readonly string[], actions: readonly Action[]) {
  const { documents, estate } = await (await createSurvivalEstate(spec)).load();
  const found = effects([OTHERS], { document: documents[0] as SurvivalService, estate, actions });
  expect(found.at(-1)).toBe(OTHERS);
  return found.slice(0, -1).map(({ code, data }) => [code, data]);
}

function callers(gains: readonly string[], losses: readonly string[] = []) {
  return [['api.callers', { route: 'POST /survival', gains, losses }]];
}

describe('T63 who may call is said', () => {
  it('of a service that comes', async () => {
    expect(await moved(['minEvents: 5'], [action('Route', 'create')])).toEqual(callers([PRINCIPALS]));
    expect(await moved([JWT], [action('Route', 'create'), action('Authorizer', 'create')])).toEqual(
      callers(['tokens of https://login.example.com/ for genes', 'tokens of https://login.example.com/ for notebooks']),
    );
  });

  it('when tokens take the place of IAM, and the other way', async () => {
    const toTokens = [
      action('Authorizer', 'create'),
      action('Route', 'update', { AuthorizationType: 'AWS_IAM', AuthorizerId: null }),
    ];
    expect(await moved([JWT], toTokens)).toEqual(
      callers(
        ['tokens of https://login.example.com/ for genes', 'tokens of https://login.example.com/ for notebooks'],
        [PRINCIPALS],
      ),
    );
    expect(await moved(['minEvents: 5'], [action('Route', 'update', { AuthorizationType: 'JWT' })])).toEqual(
      callers([PRINCIPALS], ['tokens that another authorizer takes']),
    );
  });

  it('of another audience, and of another issuer', async () => {
    const audience = { Issuer: 'https://login.example.com/', Audience: ['genes', 'phones'] };
    expect(await moved([JWT], [action('Authorizer', 'update', { JwtConfiguration: audience })])).toEqual(
      callers(
        ['tokens of https://login.example.com/ for notebooks'],
        ['tokens of https://login.example.com/ for phones'],
      ),
    );
    const issuer = { Issuer: 'https://old.example.com/', Audience: ['genes', 'notebooks'] };
    expect(await moved([JWT], [action('Authorizer', 'update', { JwtConfiguration: issuer })])).toEqual(
      callers(
        ['tokens of https://login.example.com/ for genes', 'tokens of https://login.example.com/ for notebooks'],
        ['tokens of https://old.example.com/ for genes', 'tokens of https://old.example.com/ for notebooks'],
      ),
    );
  });

  it('of a route that somebody opened to everybody', async () => {
    expect(await moved(['minEvents: 5'], [action('Route', 'update', { AuthorizationType: 'NONE' })])).toEqual(
      callers([PRINCIPALS], ['everybody, without credentials']),
    );
  });

  it('of tokens of an authorizer that is not ours', async () => {
    expect(await moved([JWT], [action('Route', 'update', { AuthorizerId: 'aaaaaa' })])).toEqual(
      callers(
        ['tokens of https://login.example.com/ for genes', 'tokens of https://login.example.com/ for notebooks'],
        ['tokens that another authorizer takes'],
      ),
    );
  });

  it('and not said where it stays', async () => {
    expect(await moved([JWT], [])).toEqual([]);
    expect(await moved(['minEvents: 7'], [action('Service', 'update'), action('Stage', 'create')])).toEqual([]);
  });
});
