import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driftIssue } from './bodies/drift-issue.ts';
import { planComment } from './bodies/plan-comment.ts';
import { wellFormed } from '../report/escape.ts';
import { markerLine, readMarker } from './marker.ts';
import type { DriftMarker, PlanMarker } from './marker.ts';
import { FACTS, LOOK } from '../../test/golden/body-fixtures.ts';
import { hostileDrift, hostilePlan } from '../../test/golden/hostile-fixtures.ts';

const plan: PlanMarker = { v: 1, scope: 'default', head: '9f3c2ab', digest: '4f2a', documents: ['ZoneMirror/corp'] };
const drift: DriftMarker = { v: 1, scope: 'default', documents: 1, objects: 2, fingerprint: '8c0a' };
const anyText = fc.string({ unit: 'binary', maxLength: 60 });

describe('markerLine', () => {
  it('is a comment with JSON in it', () => {
    expect(markerLine('drift', drift)).toBe(
      '<!-- trueup:drift {"v":1,"scope":"default","documents":1,"objects":2,"fingerprint":"8c0a"} -->',
    );
  });

  it.each(['--', '-->', '--!>', '->', '>', '<!--', '<!-->', '---', '-', 'a\n-->', '\u2028', '##[error]'])(
    'T24 %j in it ends nothing',
    (text) => {
      const line = markerLine('plan', { ...plan, scope: text, documents: [text, `a${text}`] });
      const json = line.slice('<!-- trueup:plan '.length, -' -->'.length);
      expect(json).not.toMatch(/--|[<>\n\u2028]|##\[/u);
      expect(readMarker(`${line}\nrest`, 'plan')).toEqual({ ...plan, scope: text, documents: [text, `a${text}`] });
    },
  );

  it('T24 T30 any marker is read back', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.array(anyText), (scope, digest, documents) => {
        const texts = { ...plan, scope: wellFormed(scope), digest: wellFormed(digest) };
        const data = { ...texts, documents: documents.map(wellFormed) };
        expect(readMarker(`${markerLine('plan', data)}\n`, 'plan')).toEqual(data);
      }),
    );
  });
});

describe('readMarker', () => {
  const line = markerLine('plan', plan);

  it.each([
    ['alone', line],
    ['with a body', `${line}\n### trueup plan`],
    ['with the line ends of a form', `${line}\r\n### trueup plan`],
  ])('finds a marker %s', (_, body) => {
    expect(readMarker(body, 'plan')).toEqual(plan);
  });

  it.each([
    ['in the second line', `\n${line}`],
    ['behind a quotation mark', `> ${line}`],
    ['behind a blank', ` ${line}`],
    ['with more behind it', `${line} see above`],
    ['of another kind', markerLine('drift', drift)],
    ['of another version', line.replace('"v":1', '"v":2')],
    ['without a digest', line.replace('"digest"', '"digets"')],
    ['with documents that are no texts', line.replace('"ZoneMirror/corp"', '7')],
    ['that is no object', '<!-- trueup:plan 7 -->'],
    ['that is no JSON', '<!-- trueup:plan {"v":1, -->'],
    ['with a hyphen too many', line.replace('default', 'a--b')],
    ['without an end', line.slice(0, -4)],
    ['that is very long', markerLine('plan', { ...plan, documents: ['a'.repeat(40_000)] })],
    ['in an empty body', ''],
  ])('T24 takes none %s', (_, body) => {
    expect(readMarker(body, 'plan')).toBeUndefined();
  });

  it('T24 what a value says is no marker', () => {
    const forged = markerLine('plan', { ...plan, digest: 'forged' });
    const comment = planComment(hostilePlan(forged), { ...FACTS, scope: forged });
    const issue = driftIssue(hostileDrift(markerLine('drift', drift)), { ...LOOK, scope: 'default' });
    expect(readMarker(comment, 'plan')).toMatchObject({ scope: forged, digest: hostilePlan(forged).digest });
    expect(comment.split('\n').filter((text) => text.startsWith('<!--'))).toHaveLength(1);
    expect(readMarker(issue.body, 'drift')).toEqual(issue.marker);
    expect(issue.body.split('\n').filter((text) => text.startsWith('<!--'))).toHaveLength(1);
  });
});
