import { describe, expect, it } from 'vitest';
import { floorIn } from '../../src/operations/loop/floor.ts';
import type { Floor } from '../../src/operations/loop/floor.ts';
import { openMemory } from '../../src/operations/loop/memory.ts';
import type { LoopState } from '../../src/operations/loop/state.ts';
import { memoryCell } from '../../src/operations/file-cell.ts';
import type { Cell } from '../../src/resources/cell/types.ts';

const COMMIT = 'c'.repeat(40);
const SEEN = { 'InstanceSchedule/office': 'a'.repeat(24) };

interface Place {
  readonly cell: Cell;
  readonly floor: Floor;
  readonly tag: () => string | undefined;
}

function createPlace(): Place {
  let value: string | undefined;
  const tag = { read: async () => value, write: async (next: string) => void (value = next) };
  return { cell: memoryCell(), floor: floorIn(tag), tag: () => value };
}

const written = (over: Partial<LoopState> = {}): LoopState => ({
  format: 'trueup/loop@1',
  generation: 7,
  commit: COMMIT,
  inLine: SEEN,
  ...over,
});

async function remembered({ cell, floor }: Place) {
  const { state, forgot } = await openMemory(cell, floor);
  return { ...state, forgot };
}

async function putBeside({ cell }: Place, state: LoopState): Promise<void> {
  const stored = await cell.read();
  await (stored ? cell.replace(JSON.stringify(state), stored.version) : cell.create(JSON.stringify(state)));
}

describe('T72 what a loop remembers', () => {
  it('is what it wrote, and fits a tag', async () => {
    const place = createPlace();
    const memory = await openMemory(place.cell, place.floor);
    await memory.write(written());
    await memory.write(written({ generation: 8, commit: 'd'.repeat(64) }));
    expect(await remembered(place)).toEqual({ ...written({ generation: 8, commit: 'd'.repeat(64) }), forgot: false });
    expect(place.tag()).toMatch(/^8 d{64} [\w-]{22} [\w-]{22}$/);
    expect(place.tag()!.length).toBeLessThanOrEqual(256);
  });

  it.each<[string, Partial<LoopState>]>([
    ['a document that nobody saw', { inLine: { ...SEEN, 'InstanceSchedule/other': 'b'.repeat(24) } }],
    ['a lease at which all was calm', { calm: 'x' }],
    ['an approval that was spent', { spent: ['x'] }],
    ['an older generation', { generation: 1 }],
  ])('is not what somebody else wrote: %s', async (_, forged) => {
    const place = createPlace();
    await (await openMemory(place.cell, place.floor)).write(written());
    await putBeside(place, written(forged));
    expect(await remembered(place)).toEqual({
      format: 'trueup/loop@1',
      inLine: {},
      generation: 7,
      commit: COMMIT,
      forgot: true,
    });
    // It is its own again once it has written.
    const memory = await openMemory(place.cell, place.floor);
    await memory.write(written());
    expect(await remembered(place)).toMatchObject({ inLine: SEEN, forgot: false });
  });

  it('is not an older state of its own that was put back, nor one that was taken away', async () => {
    const place = createPlace();
    const memory = await openMemory(place.cell, place.floor);
    const older = written({ inLine: { 'InstanceSchedule/gone': 'a'.repeat(24) } });
    await memory.write(older);
    await memory.write(written());
    await memory.write(written({ generation: 9 }));
    await putBeside(place, older);
    expect(await remembered(place)).toMatchObject({ generation: 9, inLine: {}, forgot: true });
    // That somebody took it away is the same as knowing nothing.
    const gone = { ...place, cell: memoryCell() };
    expect(await remembered(gone)).toMatchObject({ generation: 9, inLine: {}, forgot: false });
  });

  it('is that of the faster of two runs: the slower one takes neither it nor the generation back', async () => {
    const place = createPlace();
    await (await openMemory(place.cell, place.floor)).write(written({ spent: ['x'] }));
    const slow = await openMemory(place.cell, place.floor);
    const fast = await openMemory(place.cell, place.floor);
    await fast.write({ ...fast.state, generation: 8, commit: 'd'.repeat(40) });
    await expect(slow.write({ ...slow.state, inLine: {} })).rejects.toThrow('another run');
    const won = { generation: 8, commit: 'd'.repeat(40), inLine: SEEN, spent: ['x'], forgot: false };
    expect(await remembered(place)).toMatchObject(won);
    await fast.write({ ...fast.state, inLine: {} });
    expect(await remembered(place)).toMatchObject({ ...won, inLine: {} });
    expect(place.tag()!.length).toBeLessThanOrEqual(256);
  });

  it('is what it wrote between the two looks, too', async () => {
    const place = createPlace();
    await (await openMemory(place.cell, place.floor)).write(written());
    const writer = await openMemory(place.cell, place.floor);
    const between: Floor = {
      ...place.floor,
      async read() {
        await writer.write(written({ generation: 8 }));
        return place.floor.read();
      },
    };
    expect((await openMemory(place.cell, between)).forgot).toBe(false);
  });

  it('takes no generation from a state that it did not write, though that claims nothing else', async () => {
    const place = createPlace();
    await (await openMemory(place.cell, place.floor)).write(written());
    await putBeside(place, written({ generation: 1e9, commit: 'e'.repeat(40), inLine: {} }));
    expect(await remembered(place)).toMatchObject({ generation: 7, commit: COMMIT, inLine: {} });
  });

  it('is known where a run was broken off between the tag and the state', async () => {
    const place = createPlace();
    await (await openMemory(place.cell, place.floor)).write(written());
    const broken: Cell = { ...place.cell, replace: () => Promise.reject(new Error('killed')) };
    await expect((await openMemory(broken, place.floor)).write(written({ generation: 8 }))).rejects.toThrow('killed');
    expect(await remembered(place)).toMatchObject({ generation: 8, inLine: SEEN, forgot: false });
  });

  it('asks for no tag where only what was told changes', async () => {
    const place = createPlace();
    await (await openMemory(place.cell, place.floor)).write(written());
    const before = place.tag();
    const memory = await openMemory(place.cell, { ...place.floor, write: () => Promise.reject(new Error('no')) });
    await memory.write({ ...memory.state, failure: 'unsigned', drift: true, keptOutSince: 1 });
    expect(place.tag()).toBe(before);
    expect(await remembered(place)).toMatchObject({ failure: 'unsigned', inLine: SEEN, forgot: false });
  });
});
