import { describe, expect, it } from 'vitest';
import { nameOf } from '../../src/reconcilers/function/names.ts';
import { KNOWN_HAZARD, KNOWN_P, KNOWN_PROBLEM, isNear } from '../../src/reconcilers/survival-service/known-problem.ts';
import type { SurvivalService } from '../../src/reconcilers/survival-service/places.ts';
import { verify } from '../../src/reconcilers/survival-service/verify.ts';
import { fitCox } from '../../src/survival/index.ts';
import { createSurvivalEstate } from '../support/survival-service.ts';

const RIGHT = [
  { hazard: Math.SQRT1_2, pval: 0.72190799, status: 'few_events' },
  { hazard: null, pval: null, status: 'constant' },
];

interface Asked {
  readonly body: string;
  readonly [field: string]: unknown;
}

/** The checks of a service whose function answers so; undefined: there is none. */
async function checked(answers: ((event: Asked) => unknown) | undefined, spec?: readonly string[]) {
  const { documents, estate } = await (await createSurvivalEstate(spec)).load();
  const document = documents[0] as SurvivalService;
  const asked: Asked[] = [];
  const checks = await verify(document, estate, {
    async invoke(place, name, event) {
      expect([place, name]).toEqual([
        { account: '111122223333', region: 'eu-west-1' },
        nameOf(document, estate, 'Service'),
      ]);
      asked.push(event as Asked);
      return answers?.(event as Asked);
    },
  });
  return { checks, asked };
}

function answering(list: readonly unknown[]) {
  return ({ body }: Asked): unknown =>
    body === '{}' ? { statusCode: 400 } : { statusCode: 200, body: JSON.stringify({ statistics_list: list }) };
}

describe('verify', () => {
  it('holds figures that are the estimator’s too', () => {
    const [varies, constant] = fitCox({
      times: KNOWN_PROBLEM.times,
      events: KNOWN_PROBLEM.events,
      values: KNOWN_PROBLEM.values_by_record,
    });
    expect(isNear(varies?.hazard, KNOWN_HAZARD)).toBe(true);
    expect(isNear(varies?.pval, KNOWN_P)).toBe(true);
    // The score's root and the information there, by hand.
    expect(varies?.se).toBeCloseTo(1.435_499_972_755, 7);
    expect([varies?.status, constant?.status]).toEqual(['few_events', 'constant']);
  });

  it('asks as API Gateway would, and finds that the figures are right', async () => {
    const { checks, asked } = await checked(answering(RIGHT));
    expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['function', true],
      ['figures', true],
      ['refusal', true],
    ]);
    expect(asked[0]).toMatchObject({
      version: '2.0',
      routeKey: 'POST /survival',
      rawPath: '/survival',
      headers: { 'content-type': 'application/json' },
      requestContext: { http: { method: 'POST', path: '/survival' } },
      isBase64Encoded: false,
    });
    expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
      times: [1, 2, 3],
      events: [1, 1, 1],
      values_by_record: [
        [1, 0, 1],
        [1, 1, 1],
      ],
    });
  });

  it('knows the status by the fewest events that the document wants', async () => {
    const enough = [{ ...RIGHT[0], status: 'ok' }, RIGHT[1]];
    const figures = async (list: readonly unknown[]) =>
      (await checked(answering(list), ['minEvents: 3'])).checks.find(({ name }) => name === 'figures');
    expect(await figures(enough)).toMatchObject({ ok: true });
    expect(await figures(RIGHT)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('status few_events in place of ok') as string,
    });
  });

  it.each<[string, (event: Asked) => unknown, string]>([
    [
      'another hazard',
      answering([{ ...RIGHT[0], hazard: 0.7072 }, RIGHT[1]]),
      'hazard 0.7072 in place of 0.7071067811865476',
    ],
    ['no p', answering([{ ...RIGHT[0], pval: null }, RIGHT[1]]), 'pval null in place of 0.72190799'],
    ['one row', answering([RIGHT[0]]), 'rows: 1 in place of 2'],
    ['an error', () => ({ statusCode: 500, body: 'no' }), 'status 500 in place of 200'],
    ['nothing that is an answer', () => 'no', 'status undefined in place of 200'],
  ])('says what is wrong with %s', async (_what, answers, wrong) => {
    const { checks } = await checked(answers);
    expect(checks.find(({ name }) => name === 'figures')).toMatchObject({
      ok: false,
      detail: expect.stringContaining(wrong) as string,
    });
  });

  it('a function that takes anything for a request is not right', async () => {
    const { checks } = await checked(() => ({ statusCode: 200, body: JSON.stringify({ statistics_list: RIGHT }) }));
    expect(checks.map(({ ok }) => ok)).toEqual([true, true, false]);
  });

  it('says that there is none yet', async () => {
    const { checks } = await checked(undefined);
    expect(checks.map(({ ok, detail }) => [ok, detail.includes('trueup apply makes it')])).toEqual([[false, true]]);
  });
});
