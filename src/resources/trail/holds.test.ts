import { describe, expect, it } from 'vitest';
import { contains, fitOf } from './holds.ts';
import { HIDDEN } from './types.ts';

describe('a request holds what is found', () => {
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['a:B', 'a:C'], Resource: '*' }] };

  it.each<[unknown, unknown, boolean]>([
    [512, 512, true],
    [512, 256, false],
    ['512', 512, false],
    [false, false, true],
    // What is empty may be left out.
    [undefined, null, true],
    ['', null, true],
    [[], null, true],
    [undefined, { SubnetIds: [], SecurityGroupIds: [] }, true],
    [512, null, false],
    // CloudTrail's spelling, more than is managed, lists in another order.
    [{ subnetIds: ['b', 'a'], ipv6: true }, { SubnetIds: ['a', 'b'] }, true],
    [{ subnetIds: ['a'] }, { SubnetIds: ['a', 'b'] }, false],
    [[{ id: 'x', arn: 'y' }], [{ Arn: 'y', Id: 'x' }], true],
    // Policies are text.
    [JSON.stringify(policy), policy, true],
    [encodeURIComponent(JSON.stringify(policy)), policy, true],
    [JSON.stringify({ ...policy, Statement: [] }), policy, false],
    ['%E0%A4%A', policy, false],
    ['cut off {', policy, false],
  ])('%j and %j: %s', (written, observed, holds) => {
    expect(contains(written, observed)).toBe(holds);
  });

  const tags = (value: string) => [{ Key: 'team', Value: value }];

  it.each([
    ['the value', { fields: { MemorySize: 512 } }, { path: 'MemorySize', before: 512, after: 256 }, 'holds'],
    ['another value', { fields: { MemorySize: 1024 } }, { path: 'MemorySize', before: 512, after: 256 }, 'wrote'],
    ['a hidden value', { fields: { Code: HIDDEN } }, { path: 'Code', before: null, after: 'x' }, 'wrote'],
    ['another field', { fields: { Timeout: 3 } }, { path: 'MemorySize', before: 512, after: 256 }, 'neither'],
    ['the tag', { fields: {}, tags: { team: 'b' } }, { path: 'Tags', before: tags('b'), after: tags('a') }, 'holds'],
    ['a tag that went', { fields: {}, tags: { team: null } }, { path: 'Tags', before: [], after: tags('a') }, 'holds'],
    [
      'another value of the tag',
      { fields: {}, tags: { team: 'c' } },
      { path: 'Tags', before: tags('b'), after: tags('a') },
      'wrote',
    ],
    [
      'another tag',
      { fields: {}, tags: { stage: 'b' } },
      { path: 'Tags', before: tags('b'), after: tags('a') },
      'neither',
    ],
    [
      'a tag that is as it should be',
      { fields: {}, tags: { team: 'a' } },
      { path: 'Tags', before: tags('a'), after: tags('a') },
      'neither',
    ],
    [
      'a mark of ours',
      { fields: {}, tags: { 'trueup:protect': null } },
      { path: 'trueup:protect', before: null, after: 'true' },
      'holds',
    ],
  ] as const)('of %s: %#', (_what, written, change, fit) => {
    expect(fitOf(written, change)).toBe(fit);
  });
});
