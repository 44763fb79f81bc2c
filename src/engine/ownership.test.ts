import { describe, expect, it } from 'vitest';
import { ownershipOf } from './ownership.ts';
import type { Claim } from './ownership.ts';
import type { Present } from './types.ts';

const claim: Claim = {
  owner: 'acme',
  formerOwners: ['acme-old'],
  address: 'ZoneMirror/corp/Zone',
  formerAddresses: ['ZoneMirror/office/Zone'],
  adopt: false,
  stamped: true,
  declared: (address) => address === 'ZoneMirror/lab/Zone',
};

const found: Present = {
  state: 'present',
  resource: 'Z1',
  properties: {},
  attributes: {},
  marker: 'acme/ZoneMirror/corp/Zone',
  witness: true,
  applied: 'abcdef',
  protected: false,
};

describe('whose is it', () => {
  it.each([
    { reason: 'nothing there', observation: { state: 'absent' } as const, verdict: { verdict: 'absent' } },
    { reason: 'our marker and the stamp of an apply', observation: found, verdict: { verdict: 'ours' } },
    {
      reason: 'our marker, no stamp',
      observation: { ...found, applied: undefined },
      verdict: { verdict: 'unfinished' },
    },
    { reason: 'no marker', observation: { ...found, marker: undefined }, verdict: { verdict: 'foreign' } },
    {
      reason: 'no marker, and the document adopts',
      observation: { ...found, marker: undefined },
      given: { adopt: true },
      verdict: { verdict: 'adoptable' },
    },
    {
      reason: 'the marker of another document',
      observation: { ...found, marker: 'acme/ZoneMirror/lab/Zone' },
      verdict: { verdict: 'taken', by: 'ZoneMirror/lab/Zone' },
    },
    {
      reason: 'the marker of a name that the document had',
      observation: { ...found, marker: 'acme/ZoneMirror/office/Zone' },
      verdict: { verdict: 'renamed', from: 'ZoneMirror/office/Zone' },
    },
    {
      reason: 'a former name that is declared again',
      observation: { ...found, marker: 'acme/ZoneMirror/office/Zone' },
      given: { declared: () => true },
      verdict: { verdict: 'taken', by: 'ZoneMirror/office/Zone' },
    },
    { reason: 'our marker on another object', observation: { ...found, witness: false }, verdict: { verdict: 'copy' } },
    {
      reason: 'another owner',
      observation: { ...found, marker: 'stranger/ZoneMirror/corp/Zone' },
      verdict: { verdict: 'theirs', by: 'stranger' },
    },
    {
      reason: 'an owner that this estate had',
      observation: { ...found, marker: 'acme-old/ZoneMirror/corp/Zone' },
      verdict: { verdict: 'inherited', from: 'acme-old' },
    },
    {
      reason: 'an owner that this estate had, and a name that the document had',
      observation: { ...found, marker: 'acme-old/ZoneMirror/office/Zone' },
      verdict: { verdict: 'inherited', from: 'acme-old' },
    },
    {
      reason: 'an owner that this estate had, on an object that does not prove it',
      observation: { ...found, marker: 'acme-old/ZoneMirror/corp/Zone', witness: false },
      verdict: { verdict: 'adoptable' },
    },
    {
      reason: 'an owner that this estate had, and another document',
      observation: { ...found, marker: 'acme-old/ZoneMirror/lab/Zone' },
      verdict: { verdict: 'adoptable' },
    },
    {
      reason: 'a type that carries no stamp is never half made',
      observation: { ...found, applied: undefined },
      given: { stamped: false },
      verdict: { verdict: 'ours' },
    },
  ])('$reason → $verdict.verdict', ({ observation, given, verdict }) => {
    expect(ownershipOf(observation, { ...claim, ...given })).toEqual(verdict);
  });
});
