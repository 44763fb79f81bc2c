import { appliedOf } from './applied.ts';
import { describe, expect, it } from 'vitest';
import type { Candidate, Undeclared } from './inventory.ts';
import { formerAddresses, planPruning } from './prune.ts';
import type { PruneRequest } from './prune.ts';
import type { Action, OnRemove, Present, ResourceType } from './types.ts';

const HERE = { account: '111122223333', region: 'eu-west-1' };
const OWNER = 'acme-network';

interface Shape {
  readonly stateful?: true;
  readonly cannot?: readonly ('remove' | 'release')[];
  readonly losses?: () => Promise<readonly never[]>;
  readonly removedAfter?: readonly string[];
}

function typeOf(name: string, { cannot = [], ...rest }: Shape = {}): ResourceType {
  const done = async () => ({ done: true }) as const;
  return {
    type: name,
    marker: 'tag',
    managed: [],
    describe: () => name,
    observe: async () => ({ state: 'absent' }),
    create: done,
    update: done,
    permissions: () => [],
    ...(!cannot.includes('remove') && { remove: done }),
    ...(!cannot.includes('release') && { release: done }),
    ...rest,
  };
}

function candidate(
  address: string,
  rest: Partial<Candidate> & { says?: OnRemove; isProtected?: boolean; applied?: string } = {},
): Candidate {
  const { says, isProtected = false, type = typeOf('Fake::Thing'), place = HERE } = rest;
  const seen: Present = {
    state: 'present',
    resource: `id of ${address}`,
    properties: {},
    attributes: {},
    marker: `${OWNER}/${address}`,
    witness: true,
    applied: rest.applied ?? appliedOf([], {}, { protect: isProtected, ...(says && { onRemove: says }) }),
    protected: isProtected,
    ...(says && { onRemove: says }),
  };
  const target = { address, owner: OWNER, place, properties: {}, token: '', applied: '', protect: false };
  const byTag = rest.byTag && { byTag: rest.byTag };
  return { address, document: address.slice(0, address.lastIndexOf('/')), place, type, target, seen, ...byTag };
}

function prune(candidates: readonly Candidate[], request: Partial<PruneRequest> = {}) {
  const undeclared: Undeclared = { candidates, strays: [], unseen: [], marked: new Map() };
  const open = {
    paused: new Set<string>(),
    former: new Set<string>(),
    heirs: new Map(),
    declared: new Set<string>(),
    actions: [],
  };
  return planPruning(undeclared, { ...open, complete: true, ...request });
}

const IT = 'Fake/gone/It';

describe('what becomes of an object that nothing declares', () => {
  it.each([
    { reason: 'nothing said, no contents', shape: {}, says: undefined, verb: 'delete' },
    { reason: 'nothing said, contents', shape: { stateful: true }, says: undefined, verb: 'release' },
    { reason: 'its tag says release', shape: {}, says: 'release', verb: 'release' },
    { reason: 'contents, its tag says delete', shape: { stateful: true }, says: 'delete', verb: 'delete' },
    { reason: 'contents, its tag says release', shape: { stateful: true }, says: 'release', verb: 'release' },
  ] as const)('$reason: $verb', async ({ shape, says, verb }) => {
    const one = candidate(IT, { type: typeOf('Fake::Thing', shape), ...(says && { says }) });
    const { removals, spared, findings } = await prune([one]);
    expect(removals.map(({ action }) => [action.id, action.action, action.reason])).toEqual([
      [IT, verb, 'not-declared'],
    ]);
    expect([spared, findings]).toEqual([[], []]);
  });

  it.each([
    {
      reason: 'its type cannot be deleted',
      one: candidate(IT, { type: typeOf('Fake::Fixed', { cannot: ['remove'] }) }),
      request: {},
      why: 'removes no objects of this type',
      codes: ['left-behind'],
    },
    {
      reason: 'it says release, and its type cannot be let go',
      one: candidate(IT, { type: typeOf('Fake::Fixed', { cannot: ['release'] }), says: 'release' }),
      request: {},
      why: 'removes no objects of this type',
      codes: ['left-behind'],
    },
    {
      reason: 'its document is paused',
      one: candidate(IT),
      request: { paused: new Set(['Fake/gone']) },
      why: 'paused',
      codes: [],
    },
    {
      reason: 'its document was renamed',
      one: candidate(IT),
      request: { former: new Set(['Fake/gone']) },
      why: 'metadata.formerly',
      codes: [],
    },
    {
      reason: 'not everything was seen',
      one: candidate(IT),
      request: { complete: false },
      why: 'not everything could be looked at',
      codes: ['prune-held-back'],
    },
    {
      reason: 'what would go with it cannot be told',
      one: candidate(IT, {
        type: typeOf('Fake::Thing', { losses: () => Promise.reject(new Error('AccessDenied')) }),
      }),
      request: {},
      why: 'not everything could be looked at',
      codes: ['prune-held-back'],
    },
  ])('$reason: it stays, and that is said', async ({ one, request, why, codes }) => {
    const pruned = await prune([one], request);
    expect(pruned.removals).toEqual([]);
    expect(pruned.spared).toEqual([{ candidate: one, why: expect.stringContaining(why) as string }]);
    expect(pruned.findings.map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    { reason: 'delete was written by hand', says: 'delete', was: {}, verb: 'release', isProtected: false },
    {
      reason: 'release was taken off by hand',
      says: undefined,
      was: { onRemove: 'release' },
      verb: 'release',
      isProtected: false,
    },
    {
      reason: 'protection was taken off by hand',
      says: undefined,
      was: { protect: true },
      verb: 'release',
      isProtected: true,
    },
    {
      reason: 'only a tag says that it is ours',
      says: 'delete',
      was: { onRemove: 'delete' },
      byTag: true,
      verb: 'release',
      isProtected: false,
    },
  ] as const)('T69 $reason: the milder holds', async ({ says, was, verb, isProtected, ...rest }) => {
    const applied = appliedOf([], {}, { protect: false, ...was });
    const type = typeOf('Fake::Thing', { stateful: true });
    const one = candidate(IT, { type, applied, ...(says && { says }), ...('byTag' in rest && { byTag: rest.byTag }) });
    const { removals } = await prune([one]);
    expect(removals.map((removal) => [removal.action.action, removal.isProtected])).toEqual([[verb, isProtected]]);
  });

  it('what cannot be told of one holds back all, and is unseen', async () => {
    const blind = typeOf('Fake::Thing', { losses: () => Promise.reject(new Error('AccessDenied')) });
    const pruned = await prune([candidate(IT, { type: blind }), candidate('Fake/other/It')]);
    expect(pruned.removals).toEqual([]);
    expect(pruned.spared).toHaveLength(2);
    expect(pruned.unseen).toMatchObject([{ what: `what is in ${IT}`, unknown: { detail: 'AccessDenied' } }]);
  });

  it('what is let go loses nothing, and is not asked', async () => {
    const blind = typeOf('Fake::Thing', { stateful: true, losses: () => Promise.reject(new Error('AccessDenied')) });
    const { removals } = await prune([candidate(IT, { type: blind })]);
    expect(removals.map(({ action }) => action.action)).toEqual(['release']);
  });

  it('others of other documents are not spared with it', async () => {
    const { removals } = await prune([candidate(IT), candidate('Fake/other/It')], { paused: new Set(['Fake/gone']) });
    expect(removals.map(({ action }) => action.id)).toEqual(['Fake/other/It']);
  });

  it('a paused one is not what is held back', async () => {
    const request = { paused: new Set(['Fake/gone']), complete: false };
    expect((await prune([candidate(IT)], request)).findings).toEqual([]);
  });

  it('carries its protection', async () => {
    const { removals } = await prune([candidate(IT, { isProtected: true })]);
    expect(removals.map(({ isProtected }) => isProtected)).toEqual([true]);
  });
});

describe('ids', () => {
  const there = { account: '111122223333', region: 'us-east-1' };

  it('an address that is still declared: the place tells the two apart, whatever is planned for the other', async () => {
    const { removals } = await prune([candidate(IT)], { declared: new Set([IT]) });
    expect(removals.map(({ action }) => action.id)).toEqual([`${IT}@111122223333/eu-west-1`]);
  });

  it('one address in two places, declared in neither', async () => {
    const { removals } = await prune([candidate(IT), candidate(IT, { place: there })]);
    expect(removals.map(({ action }) => action.id)).toEqual([
      `${IT}@111122223333/eu-west-1`,
      `${IT}@111122223333/us-east-1`,
    ]);
  });
});

describe('order', () => {
  const fn = candidate('Fake/gone/Function', { type: typeOf('Fake::Function') });
  const role = candidate('Fake/gone/Role', { type: typeOf('Fake::Role', { removedAfter: ['Fake::Function'] }) });

  it('what refers goes first, within its document', async () => {
    const other = candidate('Fake/other/Function', { type: typeOf('Fake::Function') });
    const { removals } = await prune([fn, role, other]);
    expect(removals.map(({ action }) => [action.id, action.dependsOn])).toEqual([
      ['Fake/gone/Function', []],
      ['Fake/gone/Role', ['Fake/gone/Function']],
      ['Fake/other/Function', []],
    ]);
  });

  it('after everything that is planned for what its document still declares', async () => {
    const planned = { id: 'Fake/gone/Api', document: 'Fake/gone' } as Action;
    const other = { id: 'Fake/other/Api', document: 'Fake/other' } as Action;
    const { removals } = await prune([role], { actions: [planned, other] });
    expect(removals.map(({ action }) => action.dependsOn)).toEqual([['Fake/gone/Api']]);
  });

  it('what stays is waited for by nobody', async () => {
    const stays = { ...fn, type: typeOf('Fake::Function', { cannot: ['remove'] }) };
    const { removals } = await prune([stays, role]);
    expect(removals.map(({ action }) => action.dependsOn)).toEqual([[]]);
  });
});

it('documents are known by their earlier names', () => {
  const document = { kind: 'Fake', name: 'new', formerly: ['old', 'older'] } as never;
  expect([...formerAddresses([document])]).toEqual(['Fake/old', 'Fake/older']);
});
