import { describe, expect, it } from 'vitest';
import type { Aws } from '../../aws/clients.ts';
import { createTrailReader } from './reader.ts';
import type { Search } from './reader.ts';
import { searchFindings } from './search-findings.ts';

const PLACE = { account: '111122223333', region: 'eu-west-1' };

function searched(id: string, search: Search) {
  return { id: `BucketFanOut/landing/${id}`, place: PLACE, search };
}

const DENIED: Search = { state: 'refused', reason: 'denied', detail: 'AccessDeniedException: no' };

describe('what nobody could say of who changed an object', () => {
  it('is one finding for each place, however many objects', () => {
    expect(searchFindings([searched('a', DENIED), searched('b', DENIED), searched('c', { state: 'spent' })])).toEqual([
      {
        document: '',
        code: 'who-not-asked',
        severity: 'warning',
        message:
          'who changed 2 objects is not known: CloudTrail in eu-west-1 of 111122223333 could not be asked (denied: AccessDeniedException: no)',
        hint: 'allow cloudtrail:LookupEvents on * to whoever runs this; what differs was found without it',
      },
      {
        document: '',
        code: 'who-not-asked',
        severity: 'warning',
        message:
          'who changed BucketFanOut/landing/c was not looked up: 40 lookups in eu-west-1 of 111122223333 are as many as one run makes',
        hint: 'trueup drift --only GLOB looks at a part of the estate',
      },
    ]);
  });

  it.each<[Search, readonly string[]]>([
    [{ state: 'nothing' }, []],
    [{ state: 'told', who: { actor: null, event: null, at: null, confidence: 'not visible yet' } }, []],
    [{ state: 'cut' }, ['who-not-told']],
    [{ state: 'never', why: 'no name' }, ['who-never-visible']],
    [{ state: 'never', why: 'no events' }, ['who-never-visible']],
  ])('%j', (search, codes) => {
    expect(searchFindings([searched('a', search)]).map(({ code }) => code)).toEqual(codes);
  });

  it('an object of a bucket leaves no event, and nobody is asked', async () => {
    const aws: Aws = { client: () => Promise.reject(new Error('somebody was asked')), calls: () => ({}) };
    const reader = createTrailReader(aws, { ours: () => ({ applyRole: undefined, functionRoles: new Set() }) });
    const subject = { type: 'AWS::S3::Object', resource: 'a', place: PLACE, properties: {}, missing: true };

    const search = await reader.search({ id: 'x/y/a', ...subject, changes: [], effects: [] });

    expect(search).toEqual({ state: 'never', why: 'no events' });
    expect(searchFindings([{ id: 'x/y/a', place: undefined, search }])[0]?.message).toContain('data events');
  });
});
