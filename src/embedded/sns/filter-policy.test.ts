import { describe, expect, it } from 'vitest';
import { fits, fitsBody } from './filter-match.ts';
import { FilterPolicyError, parseFilterPolicy } from './filter-policy.ts';

function fitsAs(policy: object, message: object): boolean {
  return fitsBody(parseFilterPolicy(JSON.stringify(policy), true), JSON.stringify(message));
}

/** Developer guide, "Amazon SNS subscription filter policies" and its pages on strings, numbers and keys. */
describe('a filter policy', () => {
  it.each<[string, object, readonly object[], readonly object[]]>([
    ['a value', { a: ['x', 'y'] }, [{ a: 'x' }, { a: ['z', 'y'] }], [{ a: 'z' }, {}, { a: 'X' }, { a: { x: 1 } }]],
    ['true, false and null', { a: [true, null] }, [{ a: true }, { a: null }], [{ a: false }, {}, { a: 'true' }]],
    ['a number', { a: [5] }, [{ a: 5 }], [{ a: '5' }, { a: 6 }]],
    ['any case', { a: [{ 'equals-ignore-case': 'Tennis' }] }, [{ a: 'TENNIS' }], [{ a: 'tennis ' }, { a: 1 }]],
    ['a prefix', { a: [{ prefix: 'bas' }] }, [{ a: 'baseball' }], [{ a: 'rugby' }, { a: 'BASE' }]],
    ['a suffix', { a: [{ suffix: 'ball' }] }, [{ a: 'baseball' }], [{ a: 'ball game' }]],
    [
      'anything but',
      { a: [{ 'anything-but': ['x', 1] }] },
      [{ a: 'y' }, { a: ['x', 'y'] }],
      [{ a: 'x' }, { a: 1 }, {}],
    ],
    ['anything but a prefix', { a: [{ 'anything-but': { prefix: 'x-' } }] }, [{ a: 'y' }, { a: 1 }], [{ a: 'x-1' }]],
    ['anything but a suffix', { a: [{ 'anything-but': { suffix: '-x' } }] }, [{ a: 'y' }], [{ a: '1-x' }]],
    ['presence', { a: [{ exists: true }] }, [{ a: 'x' }, { a: null }], [{}, { a: { b: 1 } }]],
    ['absence', { a: [{ exists: false }] }, [{}, { b: 1 }], [{ a: 'x' }]],
    ['anything but, or absence', { a: [{ 'anything-but': ['x'] }, { exists: false }] }, [{}, { a: 'y' }], [{ a: 'x' }]],
    ['an exact number', { a: [{ numeric: ['=', 301.5] }] }, [{ a: 301.5 }, { a: 3015e-1 }], [{ a: 301.50001 }]],
    ['a number below', { a: [{ numeric: ['<', 0] }] }, [{ a: -1 }], [{ a: 0 }, { a: '-1' }]],
    ['a range', { a: [{ numeric: ['>', 0, '<=', 150] }] }, [{ a: 150 }, { a: 0.1 }], [{ a: 0 }, { a: 151 }]],
    [
      'from a number on',
      { a: [{ numeric: ['>=', 5] }] },
      [{ a: 5 }, { a: 1e9 }],
      [{ a: 4 }, { a: 1e9 + 1 }, { a: 6e9 }],
    ],
    [
      'a network',
      { a: [{ cidr: '10.0.0.0/24' }] },
      [{ a: '10.0.0.255' }],
      [{ a: '10.1.1.0' }, { a: 'x' }, { a: '::1' }],
    ],
    ['a network of IPv6', { a: [{ cidr: '2001:db8::/32' }] }, [{ a: '2001:db8::1' }], [{ a: '2001:db9::1' }]],
    ['all keys', { a: ['x'], b: ['y'] }, [{ a: 'x', b: 'y' }], [{ a: 'x' }, { a: 'x', b: 'z' }]],
    [
      'one of the alternatives',
      { c: [1], $or: [{ a: ['x'] }, { b: ['y'] }] },
      [{ c: 1, b: 'y' }],
      [{ b: 'y' }, { c: 1 }],
    ],
    [
      'what is nested',
      { a: { b: { c: ['x'] } } },
      [{ a: { b: { c: 'x' } } }, { a: [{ b: { c: 'x' } }] }],
      [{ a: 1 }, {}],
    ],
    [
      'one member as a whole',
      { a: { b: ['x'], c: ['y'] } },
      [
        {
          a: [
            { b: 'z', c: 'y' },
            { b: 'x', c: 'y' },
          ],
        },
      ],
      [{ a: [{ b: 'x' }, { c: 'y' }] }],
    ],
    ['nothing inherited', { constructor: [{ exists: false }], toString: [{ exists: false }] }, [{}], [{ toString: 1 }]],
    ['a key that is a prototype elsewhere', JSON.parse('{ "__proto__": ["x"] }') as object, [], [{}, { a: 'x' }]],
  ])('takes %s', (_what, policy, accepted, refused) => {
    expect(accepted.filter((message) => !fitsAs(policy, message))).toEqual([]);
    expect(refused.filter((message) => fitsAs(policy, message))).toEqual([]);
  });

  it('selects what S3 sends by key and size', () => {
    const policy = { Records: { s3: { object: { key: [{ prefix: 'in/' }], size: [{ numeric: ['<=', 10] }] } } } };
    const sent = (key: string, size: number) => ({ Records: [{ eventName: 'x', s3: { object: { key, size } } }] });

    expect(fitsAs(policy, sent('in/a', 10))).toBe(true);
    expect(fitsAs(policy, sent('in/a', 11))).toBe(false);
    expect(fitsAs(policy, sent('out/a', 1))).toBe(false);
    expect(fitsAs(policy, { Event: 's3:TestEvent' })).toBe(false);
  });

  it.each(['no JSON', '1', '[]', 'null'])('does not fit the body %s', (body) => {
    expect(fitsBody(parseFilterPolicy('{"a":[{"exists":false}]}', true), body)).toBe(false);
  });

  it('looks at attributes, and then into nothing', () => {
    expect(fits(parseFilterPolicy('{"a":["x"]}', false), { a: 'x' })).toBe(true);
    expect(() => parseFilterPolicy('{"a":{"b":["x"]}}', false)).toThrow(/does not support nested/);
  });

  it.each<[string, unknown, RegExp]>([
    ['that is no object', [], /must be an object/],
    ['with six keys', { a: [1], b: [1], c: [1], d: [1], e: [1], f: [1] }, /more than 5 keys/],
    ['with 151 values', { a: Array.from({ length: 151 }, String) }, /too complex/],
    [
      'with 216 combinations',
      { a: { b: { c: ['1', '2', '3', '4'] } }, d: { e: ['1', '2', '3'] }, f: ['1', '2', '3'] },
      /too complex/,
    ],
    ['with a bare value', { a: 'x' }, /"a" must be an object or an array/],
    ['without values', { a: [] }, /Empty arrays/],
    ['with a list in a list', { a: [['x']] }, /Match value must be/],
    ['with two operators in one', { a: [{ prefix: 'x', suffix: 'y' }] }, /Only one key/],
    ['with no operator', { a: [{}] }, /Only one key/],
    ['with an operator that is none', { a: [{ regex: 'x' }] }, /Unrecognized match type regex/],
    ['with a prefix that is no text', { a: [{ prefix: 1 }] }, /prefix match pattern must be a string/],
    ['with exists and no word', { a: [{ exists: null }] }, /either true or false/],
    ['with half a bound', { a: [{ numeric: ['<'] }] }, /one or two bounds/],
    ['with another comparison', { a: [{ numeric: ['!=', 1] }] }, /range operator: !=/],
    ['with a bound that is no number', { a: [{ numeric: ['<', '1'] }] }, /Value of < must be numeric/],
    ['with a number beyond', { a: [1e10] }, /between/],
    ['with anything but nothing', { a: [{ 'anything-but': [] }] }, /Empty arrays/],
    ['with anything but a range', { a: [{ 'anything-but': { numeric: ['<', 1] } }] }, /anything-but pattern: numeric/],
    ['with a network that is none', { a: [{ cidr: '10.0.0.0/33' }] }, /Malformed CIDR/],
    ['with one alternative', { $or: [{ a: ['x'] }] }, /\$or/],
    ['with alternatives that are none', { $or: 'x' }, /\$or/],
  ])('%s is refused', (_what, policy, message) => {
    const parse = () => parseFilterPolicy(JSON.stringify(policy), true);

    expect(parse).toThrow(FilterPolicyError);
    expect(parse).toThrow(message);
  });

  it('that is no JSON, or too long, is refused', () => {
    expect(() => parseFilterPolicy('{', true)).toThrow(/failed to parse JSON/);
    expect(() => parseFilterPolicy(JSON.stringify({ a: ['x'.repeat(256 * 1024)] }), true)).toThrow(/too long/);
  });
});
