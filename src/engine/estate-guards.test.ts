import { describe, expect, it } from 'vitest';
import { estateTrips, stricterLimits } from './estate-guards.ts';
import type { DeleteLimits, GuardedPlan } from './estate-guards.ts';
import type { Action, Document, Verb } from './types.ts';

const ACCOUNT = '111122223333';

function action(id: string, verb: Verb, rest: Partial<Action> = {}): Action {
  return {
    id,
    document: id.slice(0, id.lastIndexOf('/')),
    type: 'Fake::Thing',
    resource: id.replaceAll('/', '-'),
    account: ACCOUNT,
    region: 'eu-west-1',
    action: verb,
    reason: 'not-declared',
    changes: [],
    dependsOn: [],
    basis: '',
    bound: {},
    ...rest,
  };
}

function several(count: number, verb: Verb, kind = 'Fake'): Action[] {
  return Array.from({ length: count }, (_, index) => action(`${kind}/doc${index}/It`, verb));
}

function document(kind: string, name: string, rest: Partial<Document> = {}): Document {
  const source = { file: `config/${name}.yaml`, line: 1 };
  return { kind, name, formerly: [], protect: false, adopt: false, spec: {}, source, ...rest };
}

const LIMITS = { deletes: { percent: 20, count: 10, from: 5 }, requireProtectedOverride: true };

function guarded(rest: Partial<GuardedPlan>): GuardedPlan {
  return {
    actions: [],
    documents: [document('Fake', 'kept')],
    population: new Map(),
    limits: LIMITS,
    protected: new Set(),
    recreated: [],
    loosened: [],
    ...rest,
  };
}

function codes(rest: Partial<GuardedPlan>): readonly string[] {
  return estateTrips(guarded(rest)).map(({ code }) => code);
}

const deletes = (limits: Partial<DeleteLimits>) => ({ ...LIMITS, deletes: { ...LIMITS.deletes, ...limits } });

describe('deletes', () => {
  it.each([
    { reason: 'exactly the percentage', gone: 2, of: 10, trips: false },
    { reason: 'one object more than the percentage', gone: 3, of: 10, trips: true },
    { reason: 'a fraction over the percentage', gone: 201, of: 1_000, limits: { count: 1_000 }, trips: true },
    { reason: 'exactly 20.0 % of many', gone: 200, of: 1_000, limits: { count: 1_000 }, trips: false },
    { reason: 'exactly the count', gone: 10, of: 1_000, trips: false },
    { reason: 'one more than the count', gone: 11, of: 1_000, trips: true },
    { reason: 'all, where fewer than from exist', gone: 4, of: 4, trips: false },
    { reason: 'many, where just from exist', gone: 2, of: 5, trips: true },
    { reason: 'the percentage counts from from on', gone: 1, of: 5, trips: false },
    { reason: 'more than the count, where fewer than from exist', gone: 3, of: 3, limits: { count: 2 }, trips: true },
    { reason: 'nothing may go', gone: 1, of: 100, limits: { count: 0, percent: 0 }, trips: true },
    { reason: 'nothing goes', gone: 0, of: 100, limits: { count: 0, percent: 0 }, trips: false },
    { reason: 'everything may go', gone: 50, of: 50, limits: { count: 50, percent: 100 }, trips: false },
    { reason: 'a population that was not seen is at least what goes', gone: 6, of: 0, trips: true },
  ])('$reason: $gone of $of', ({ gone, of, limits = {}, trips }) => {
    const plan = { actions: several(gone, 'delete'), population: new Map([['Fake', of]]), limits: deletes(limits) };
    expect(codes(plan)).toEqual(trips ? ['deletes'] : []);
  });

  it.each([
    { verb: 'delete', trips: true },
    { verb: 'replace', trips: true },
    { verb: 'release', trips: false },
    { verb: 'create', trips: false },
    { verb: 'update', trips: false },
    { verb: 'mark', trips: false },
  ] as const)('counts $verb: $trips', ({ verb, trips }) => {
    expect(codes({ actions: several(11, verb), population: new Map([['Fake', 1_000]]) })).toEqual(
      trips ? ['deletes'] : [],
    );
  });

  it('adds deletes and replaces, and says the figures', () => {
    const actions = [...several(2, 'delete'), action('Fake/other/It', 'replace'), action('Fake/more/It', 'release')];
    expect(estateTrips(guarded({ actions, population: new Map([['Fake', 12]]) }))).toEqual([
      {
        code: 'deletes',
        about: 'Fake',
        message: 'Fake would lose 3 of 12 objects (25.0 %, limit 20 %)',
        sealed: true,
      },
    ]);
  });

  it('judges each kind by itself', () => {
    const actions = [...several(9, 'delete'), ...several(2, 'delete', 'Other'), ...several(5, 'delete', 'Third')];
    const documents = ['Fake', 'Other', 'Third'].map((kind) => document(kind, 'kept'));
    const population = new Map([
      ['Fake', 100],
      ['Other', 6],
      ['Third', 7],
    ]);
    expect(estateTrips(guarded({ actions, documents, population })).map(({ about }) => about)).toEqual([
      'Other',
      'Third',
    ]);
  });
});

describe('the stricter of two Settings', () => {
  const LOOSE = { deletes: { percent: 100, count: 1_000, from: 1_000 }, requireProtectedOverride: false };

  it.each([
    { reason: 'loosened now', limits: LOOSE, base: LIMITS, says: true },
    { reason: 'tightened now', limits: LIMITS, base: LOOSE, says: false },
    { reason: 'the same', limits: LIMITS, base: LIMITS, says: false },
    { reason: 'no base', limits: LIMITS, base: undefined, says: false },
  ])('T13 $reason: 50 removals are refused', ({ limits, base, says }) => {
    const plan = guarded({
      actions: several(50, 'delete'),
      population: new Map([['Fake', 60]]),
      limits,
      ...(base && { base }),
    });
    const trips = estateTrips(plan);
    expect(trips.map(({ code }) => code)).toEqual(['deletes']);
    expect(trips[0]!.message.includes('a loosening counts from its own merge on')).toBe(says);
  });

  it('T13 loosened in both: allowed', () => {
    const actions = several(50, 'delete');
    expect(codes({ actions, population: new Map([['Fake', 60]]), limits: LOOSE, base: LOOSE })).toEqual([]);
  });

  it('takes each limit by itself', () => {
    const a = { deletes: { percent: 10, count: 100, from: 5 }, requireProtectedOverride: false };
    const b = { deletes: { percent: 50, count: 3, from: 50 }, requireProtectedOverride: true };
    const both = { deletes: { percent: 10, count: 3, from: 5 }, requireProtectedOverride: true };
    expect(stricterLimits(a, b)).toEqual(both);
    expect(stricterLimits(b, a)).toEqual(both);
  });
});

describe('empty-config and vanished-kind', () => {
  it.each([
    { reason: 'a deletion', actions: several(1, 'delete'), documents: [], expected: ['empty-config'] },
    { reason: 'a release counts too', actions: several(1, 'release'), documents: [], expected: ['empty-config'] },
    { reason: 'nothing of ours is there', actions: [], documents: [], expected: [] },
    {
      reason: 'one document of another kind is left',
      actions: several(1, 'delete'),
      documents: [document('Other', 'kept')],
      expected: ['vanished-kind'],
    },
    {
      reason: 'a release of a kind that is gone',
      actions: several(1, 'release'),
      documents: [document('Other', 'kept')],
      expected: ['vanished-kind'],
    },
    {
      reason: 'one document of the kind is left',
      actions: several(1, 'delete'),
      documents: [document('Fake', 'kept')],
      expected: [],
    },
    {
      reason: 'two kinds are gone',
      actions: [...several(1, 'delete'), ...several(1, 'delete', 'Third')],
      documents: [document('Other', 'kept')],
      expected: ['vanished-kind', 'vanished-kind'],
    },
    {
      reason: 'a kind that is gone and has nothing there',
      actions: several(1, 'create', 'Other'),
      documents: [document('Other', 'kept')],
      expected: [],
    },
  ])('$reason', ({ actions, documents, expected }) => {
    expect(codes({ actions, documents })).toEqual(expected);
  });
});

describe('protected', () => {
  const id = 'Fake/doc/It';

  it.each([
    { verb: 'delete', trips: true },
    { verb: 'release', trips: true },
    { verb: 'replace', trips: true },
    { verb: 'update', trips: false },
    { verb: 'mark', trips: false },
  ] as const)('$verb of a protected object: $trips', ({ verb, trips }) => {
    const plan = { actions: [action(id, verb)], protected: new Set([id]) };
    expect(codes(plan)).toEqual(trips ? ['protected'] : []);
  });

  it('is nothing about others', () => {
    expect(codes({ actions: [action(id, 'delete')], protected: new Set(['Fake/other/It']) })).toEqual([]);
  });

  it.each([
    { now: false, before: undefined, trips: false },
    { now: false, before: false, trips: false },
    { now: false, before: true, trips: true },
    { now: true, before: false, trips: true },
  ])('requireProtectedOverride $now, before the change $before: $trips', ({ now, before, trips }) => {
    const plan = {
      actions: [action(id, 'delete')],
      protected: new Set([id]),
      limits: { ...LIMITS, requireProtectedOverride: now },
      ...(before !== undefined && { base: { ...LIMITS, requireProtectedOverride: before } }),
    };
    expect(codes(plan)).toEqual(trips ? ['protected'] : []);
  });
});

describe('re-creation', () => {
  const made = action('Fake/doc/Store', 'create');

  it('trips on what is planned, with what tells so', () => {
    const plan = guarded({ actions: [made], recreated: [{ action: made, evidence: 'Fake/doc/Function' }] });
    expect(estateTrips(plan)).toMatchObject([
      {
        code: 're-creation',
        document: 'Fake/doc',
        about: made.id,
        message: expect.stringContaining('Fake/doc/Function'),
      },
    ]);
  });

  it('is nothing about actions that are not run', () => {
    expect(codes({ actions: [], recreated: [{ action: made, evidence: 'Fake/doc/Function' }] })).toEqual([]);
  });
});

describe('adopt', () => {
  it.each([
    { adopt: true, allowedBy: 'metadata.adopt', says: 'which trueup did not make' },
    { adopt: false, allowedBy: 'spec.formerly of Settings', says: 'which carries the marker of an earlier owner' },
  ])('T14 a takeover stands among the guards, allowed by $allowedBy', ({ adopt, allowedBy, says }) => {
    const plan = { actions: [action('Fake/doc/It', 'adopt')], documents: [document('Fake', 'doc', { adopt })] };
    expect(estateTrips(guarded(plan))).toMatchObject([
      { code: 'adopt', allowedBy, message: expect.stringContaining(says), sealed: true },
    ]);
  });
});

describe('unreadable-base', () => {
  it.each<{ verb: Verb; unreadableBase: boolean; trips: boolean }>([
    { verb: 'delete', unreadableBase: true, trips: true },
    { verb: 'release', unreadableBase: true, trips: true },
    { verb: 'create', unreadableBase: true, trips: false },
    { verb: 'delete', unreadableBase: false, trips: false },
  ])('T13 $verb, unreadable: $unreadableBase', ({ verb, unreadableBase, trips }) => {
    const found = codes({ actions: [action('Fake/doc/It', verb)], unreadableBase });
    expect(found.includes('unreadable-base')).toBe(trips);
  });
});

describe('loosened-settings', () => {
  const lease = [{ always: true as const, what: 'where the lease lies' }];
  const loosened = [{ account: ACCOUNT, what: 'planRole of account prod' }];
  const owners = [{ what: 'owner or formerly (acme-old)' }];
  const documents = [document('Fake', 'doc')];

  it.each([
    { reason: 'used by an action there', actions: [action('Fake/doc/It', 'create')], loosened, expected: 1 },
    {
      reason: 'used elsewhere only',
      actions: [action('Fake/doc/It', 'create', { account: '444455556666' })],
      loosened,
      expected: 0,
    },
    { reason: 'not used', actions: [], loosened, expected: 0 },
    { reason: 'the lease moves', actions: [action('Fake/doc/It', 'create')], loosened: lease, expected: 1 },
    { reason: 'the lease moves alone', actions: [], loosened: lease, expected: 0 },
    { reason: 'an heir takes over', actions: [action('Fake/doc/It', 'adopt')], loosened: owners, expected: 1 },
    { reason: 'an heir makes its own', actions: [action('Fake/doc/It', 'create')], loosened: owners, expected: 0 },
  ])('T13 $reason: $expected', ({ actions, loosened: changed, expected }) => {
    const trips = estateTrips(guarded({ actions, documents, loosened: changed }));
    const standing = trips.filter(({ code }) => code === 'loosened-settings');
    expect(standing).toHaveLength(expected);
    for (const trip of standing) expect(trip).not.toHaveProperty('allowedBy');
  });
});
