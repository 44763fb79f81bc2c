import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drifted, manyFaults, mixedPlan, oneChangePlan, refusedApply } from '../../test/golden/fixtures.ts';
import { renderJson, renderNdjson, toErrorJson, toPlanJson } from './json.ts';

const HARMFUL = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u;

function lines(text: string): readonly { readonly [key: string]: unknown }[] {
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('renderJson', () => {
  it('T30 any text comes back as well-formed Unicode', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = renderJson(toErrorJson({ code: 'TU2000', message: text, [`k${text}`]: [text] }));
        expect(json).not.toMatch(HARMFUL);
        expect(json).not.toContain('##[');
        const wellFormed = text.replaceAll(/\p{Cs}/gu, '\ufffd');
        const error = JSON.parse(json).error;
        expect(error.message).toBe(wellFormed);
        expect(error[`k${wellFormed}`]).toEqual([wellFormed]);
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([
    [2 ** 53 - 1, '9007199254740991'],
    [2 ** 53, '"9007199254740992"'],
    [-(2 ** 60), '"-1152921504606846976"'],
    [1.5, '1.5'],
    [Number.POSITIVE_INFINITY, '"Infinity"'],
  ])('T30 %d is written as %s', (value, text) => {
    expect(renderJson(toErrorJson({ code: 'TU2000', message: '', value }))).toContain(`"value": ${text}`);
  });

  it('T30 what looks like an escaped surrogate stays text', () => {
    const message = '\\ud800 \\\\ud800';
    expect(JSON.parse(renderJson(toErrorJson({ code: 'TU2000', message }))).error.message).toBe(message);
  });

  it('never shows the frames of diagnostics', () => {
    const { errors } = JSON.parse(renderJson(manyFaults));
    expect(errors).toHaveLength(manyFaults.errors.length);
    expect(errors[0]).not.toHaveProperty('frame');
  });

  it('writes the data of effects beside their code', () => {
    const [effect] = JSON.parse(renderJson(drifted)).effects;
    expect(effect).toMatchObject({ code: 'dns.records', zone: 'corp.example.com', add: 0, change: 1 });
    expect(effect).not.toHaveProperty('data');
  });
});

describe('toPlanJson', () => {
  it.each([
    [false, undefined],
    [true, 18],
  ])('records: %s → %s records', (records, length) => {
    const [effect] = JSON.parse(renderJson(toPlanJson(oneChangePlan, { records }))).documents[0].effects;
    expect(effect.records?.length).toBe(length);
    expect(effect).toMatchObject({ code: 'dns.records', serial: { from: 2026112201, to: 2026112304 }, add: 14 });
  });
});

describe('renderNdjson', () => {
  it('begins with the format, has an event for each item, ends with the summary', () => {
    const [head, ...events] = lines(renderNdjson(toPlanJson(mixedPlan, { records: false })));
    expect(head).toMatchObject({ format: 'trueup/plan@1', digest: mixedPlan.digest, complete: true });
    expect(Object.keys(head!)[0]).toBe('format');
    const names = events.map(({ event }) => event);
    expect(names.filter((name) => name === 'document')).toHaveLength(mixedPlan.documents.length);
    expect(names.filter((name) => name === 'action')).toHaveLength(mixedPlan.actions.length);
    expect(events.at(-1)).toMatchObject({ event: 'summary', ...mixedPlan.summary });
  });

  it('addresses become events with an id', () => {
    const events = lines(renderNdjson(refusedApply));
    expect(events).toContainEqual({ event: 'done', id: refusedApply.done[0] });
    expect(events.at(-1)).toMatchObject({ event: 'summary', done: 2, refused: 1, replan: null });
  });

  it('T30 an event is one line whatever its text holds', () => {
    const text = renderNdjson(toErrorJson({ code: 'TU2000', message: 'a\nb\r\u2028\u0085' }));
    expect(text.split(/[\n\r\u2028\u0085]/u)).toHaveLength(2);
  });
});
