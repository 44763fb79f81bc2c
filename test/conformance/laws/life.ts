import { expect } from 'vitest';
import { KINDS } from '../../../src/reconcilers/registry.ts';
import { OTHERS } from '../others.ts';
import {
  MAIN,
  OTHER,
  applied,
  blocking,
  expectApplied,
  expectEmpty,
  idsOf,
  listedEntries,
  markedObjects,
  verbs,
} from './law.ts';
import type { Plan } from '../../../src/engine/types.ts';
import type { Bench, FoundObject, Law } from './law.ts';

/** create, no-op, update, delete: what an object's life is made of. */
export const LIFE: Readonly<Record<string, Law>> = {
  create: {
    says: 'from nothing everything is created, each object once; the plan after it is empty',
    async check({ samples, stage }) {
      const stand = stage();
      stand.write(`${MAIN}.yaml`, samples.document(MAIN));
      const plan = await stand.process().plan();
      expect(verbs(plan)).toEqual(['create']);
      expect(plan.actions.every(({ reason }) => reason === 'missing')).toBe(true);
      const process = stand.process();
      const before = process.account.events().length;
      const result = await process.apply();
      expectApplied(result);
      expect([...result.done].sort()).toEqual(plan.actions.map(({ id }) => id).sort());
      const made = process.account.events().slice(before);
      const creates = made.filter(({ eventName, errorCode }) => isCreate(eventName) && !errorCode);
      const marked = await markedObjects(stand);
      expect(creates.length).toBe(marked.length - puts(marked));
      await expectEmpty(stand);
      return `${plan.actions.length} actions`;
    },
  },
  'no-op': {
    says: 'applied again nothing is written',
    async check(bench) {
      const stand = await applied(bench);
      const process = stand.process();
      expect((await process.apply()).outcome).toBe('nothing');
      expect(process.writes()).toBe(0);
    },
  },
  repeat: {
    says: 'a plan repeated at one reading of the clock is the same byte for byte',
    async check(bench) {
      const stand = bench.stage();
      for (const name of [MAIN, OTHER]) stand.write(`${name}.yaml`, bench.samples.document(name));
      const first = JSON.stringify(await stand.process().plan());
      for (const concurrency of [1, 50]) {
        expect(JSON.stringify(await stand.process().plan({ concurrency }))).toBe(first);
      }
    },
  },
  update: {
    says: 'every managed property is moved in place, there and back, and nothing else moves',
    check: (bench) => checkUpdates(bench),
  },
  'edits of the document': {
    says: 'each edit of the document plans updates of what it names, deletes or creates what it takes or gives back, and is then done',
    async check(bench) {
      const stand = await applied(bench);
      const yaml = bench.samples.document(MAIN);
      for (const [name, { edit, moves, takes = [] }] of Object.entries(bench.samples.edits)) {
        for (const [edited, what, verb, why] of [
          [edit(yaml), 'there', 'delete', 'not-declared'],
          [yaml, 'back', 'create', 'missing'],
        ] as const) {
          stand.write(`${MAIN}.yaml`, edited);
          const plan = await stand.process().plan();
          const others = plan.actions.filter(({ action }) => action !== 'update');
          expect([name, what, ...others.map(({ action, reason, type }) => `${action} ${reason} ${type}`)]).toEqual([
            name,
            what,
            ...takes.map((type) => `${verb} ${why} ${type}`),
          ]);
          const updates = plan.actions.filter(({ action }) => action === 'update');
          expect(updates.length).toBeGreaterThan(0);
          expect(
            updates.map(({ id, reason }) => `${reason} ${id}`).filter((text) => !text.startsWith('declared')),
          ).toEqual([]);
          const moved = plan.actions.flatMap(({ type, changes }) => changes.map(({ path }) => `${type}.${path}`));
          expect(moved).toEqual(expect.arrayContaining([...moves]));
          expectApplied(await stand.process().apply());
        }
      }
    },
  },
  delete: {
    says: 'without its document everything goes in the declared order, stateful objects are let go, nothing of ours is left',
    check: (bench) => checkDeletes(bench),
  },
  protect: {
    says: 'a protected object does not go with its document: protection stands on the object',
    async check(bench) {
      const stand = bench.stage();
      stand.write(`${MAIN}.yaml`, withMetadata(bench.samples.document(MAIN), 'protect: true'));
      stand.write(`${OTHER}.yaml`, bench.samples.document(OTHER));
      expectApplied(await stand.process().apply());
      const marked = await markedObjects(stand);
      stand.remove(`${MAIN}.yaml`);
      const plan = await stand.process().plan();
      const guarded = plan.guards.filter(({ code }) => code === 'protected');
      expect(new Set(guarded.map(({ about }) => about))).toEqual(new Set(marked.map(({ id }) => id)));
      const process = stand.process();
      const result = await process.apply();
      expect(result.outcome).toBe('refused');
      expect(process.writes()).toBe(0);
      return `${guarded.length} objects`;
    },
  },
  rename: {
    says: 'a renamed document keeps its objects: they are marked anew and nothing else',
    async check(bench) {
      const stand = await applied(bench);
      const before = await markedObjects(stand);
      const renamed = bench.samples.document(MAIN).replace(`name: ${MAIN}`, `name: renamed, formerly: [${MAIN}]`);
      stand.remove(`${MAIN}.yaml`);
      stand.write('renamed.yaml', renamed);
      const plan = await stand.process().plan();
      expect(plan.actions.filter(({ action }) => !['mark', 'update'].includes(action))).toEqual([]);
      expect(plan.guards).toEqual([]);
      for (let tries = 0; tries < 3 && (await stand.process().apply()).outcome !== 'nothing'; tries += 1);
      await expectEmpty(stand);
      const after = await markedObjects(stand, 'renamed');
      expect(after.map(({ seen }) => seen.resource)).toEqual(before.map(({ seen }) => seen.resource));
    },
  },
  pause: {
    says: 'of a paused document nothing is looked at, changed or removed',
    async check(bench) {
      const stand = await applied(bench);
      const yaml = bench.samples.document(MAIN);
      const [edit] = Object.values(bench.samples.edits);
      const pause = 'pause: { until: 2026-12-24, reason: migration }';
      stand.write(`${MAIN}.yaml`, withMetadata(edit!.edit(yaml), pause));
      const plan = await stand.process().plan();
      expect(idsOf(plan.actions)).toEqual([]);
      const process = stand.process();
      expect((await process.apply()).outcome).toBe('nothing');
      expect(process.writes()).toBe(0);
    },
  },
};

export function withMetadata(yaml: string, field: string): string {
  return yaml.replace(/metadata: \{ name: ([^ }]+)/, `metadata: { name: $1, ${field}`);
}

function movesOf({ actions }: Plan): readonly string[] {
  return actions
    .map(({ action, id, changes }) => [action, id.split('/')[2], ...changes.map(({ path }) => path)].join(' '))
    .sort();
}

function isCreate(eventName: string): boolean {
  // A tag is no object.
  return /^Create(?!Bucket|Tags)/.test(eventName);
}

/** Objects that a service makes by an upsert, which is no Create in the trail. */
function puts(marked: readonly { readonly type: { readonly type: string } }[]): number {
  return marked.filter(({ type }) => ['AWS::Events::Rule', 'AWS::CloudWatch::Alarm'].includes(type.type)).length;
}

/** In each round another property of every resource moves, and all of them move back. */
async function checkUpdates(bench: Bench): Promise<string> {
  const stand = await applied(bench);
  const movable = (await allDeclared(bench)).map(({ id, desired, type }) => ({
    id,
    type: type.type,
    paths: Object.keys(desired.properties).filter((path) => type.managed.includes(path) && isMovable(type.type, path)),
  }));
  const rounds = Math.max(...movable.map(({ paths }) => paths.length));
  for (let round = 0; round < 2 * rounds; round += 1) {
    const moves = movable.flatMap(({ id, type, paths }) => {
      // What a function may do is needed while the function moves: rights move by themselves, at the end.
      const path = paths[type.startsWith('AWS::IAM::') ? round - rounds : round];
      return path === undefined ? [] : [{ id, path, text: `update ${id} ${path}` }];
    });
    if (moves.length === 0) continue;
    const bent = stand.process().bent((one) => {
      const move = moves.find(({ id }) => id === one.id);
      const other = move && OTHERS[one.type]?.[move.path];
      if (!move || typeof other !== 'function') return one;
      return { ...one, properties: { ...one.properties, [move.path]: other(one.properties[move.path] ?? null) } };
    });
    const wanted = moves.map(({ text }) => text).sort();
    expect(movesOf(await bent.plan())).toEqual(wanted);
    const there = await bent.apply();
    expect([there.outcome, ...there.failed]).toEqual(['applied']);
    expect(movesOf(await stand.process().plan())).toEqual(wanted);
    expectApplied(await stand.process().apply());
  }
  expect((await stand.types()).size).toBe(Object.keys(OTHERS).length);
  return `${movable.reduce((sum, { paths }) => sum + paths.length, 0)} properties`;
}

/** @throws Error for a property that has neither another value nor a reason (others.ts) */
function isMovable(type: string, path: string): boolean {
  const other = OTHERS[type]?.[path];
  if (other === undefined) throw new Error(`${type}.${path} has neither another value nor a reason (others.ts)`);
  return typeof other === 'function';
}

/** What the document asks for, whether it carries a mark of its own or not. */
async function allDeclared(bench: Bench) {
  const stand = bench.stage();
  stand.write(`${MAIN}.yaml`, bench.samples.document(MAIN));
  const { documents, estate } = await stand.load();
  const types = await stand.types();
  const kind = KINDS.find((one) => one.kind.kind === bench.kind)!.kind;
  return kind.compile(documents[0]!, estate).map((desired) => ({
    id: desired.id,
    desired,
    type: types.get(desired.type)!,
  }));
}

async function checkDeletes(bench: Bench): Promise<string> {
  const stand = await applied(bench, MAIN, OTHER);
  const marked = await markedObjects(stand);
  const others = await markedObjects(stand, OTHER);
  const entries = await listedEntries(stand);
  stand.remove(`${MAIN}.yaml`);
  const plan = await stand.process().plan();
  const expected = [...marked, ...entries]
    .map(({ id, type }) => `${type.stateful ? 'release' : 'delete'} ${id}`)
    .sort();
  expect(idsOf(plan.actions)).toEqual(expected);
  const result = await stand.process().apply();
  expectApplied(result);
  for (const { id, type } of marked) {
    for (const first of marked.filter((other) => type.removedAfter?.includes(other.type.type))) {
      const order = result.done.filter((one) => one === id || one === first.id);
      expect(order).toEqual([first.id, id]);
    }
  }
  await expectEmpty(stand);
  const fresh = await stand.types();
  for (const { type, target } of [...marked, ...entries]) {
    const left = await fresh.get(type.type)!.observe(target);
    if (type.stateful) expect(left).toMatchObject({ state: 'present', marker: undefined, applied: undefined });
    else expect(left.state).toBe('absent');
  }
  expect((await markedObjects(stand, OTHER)).map(look)).toEqual(others.map(look));
  expect(blocking(await stand.process().plan())).toEqual([]);
  return `${expected.length} objects`;
}

function look({ id, seen: { resource, properties, marker, applied: stamp } }: FoundObject): object {
  return { id, resource, properties, marker, stamp };
}
