import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KINDS } from '../../src/reconcilers/registry.ts';
import { LAWS } from './laws.ts';
import { checkMatrix } from './matrix.ts';
import { SAMPLES } from './samples.ts';
import type { StartedSamples } from './samples.ts';
import { createStage } from './stage.ts';
import type { Stage } from './stage.ts';

/** Every law over every kind, with the kind's own documents: what makes a kind safe to leave alone at night. */
describe.each(Object.entries(SAMPLES))('%s keeps the law:', (kind, source) => {
  let started: { readonly samples: StartedSamples; readonly end: () => Promise<void> } | undefined;

  beforeAll(async () => {
    started = await source.start();
    return () => started?.end();
  });

  it.each(Object.keys(LAWS))('%s', { timeout: 600_000 }, async (name) => {
    expect.hasAssertions();
    const { samples } = started!;
    const stages: Stage[] = [];
    try {
      const figure = await LAWS[name]!.check({
        kind,
        samples,
        stage() {
          const stage = createStage();
          stages.push(stage);
          samples.prepare(stage.process().account);
          return stage;
        },
      });
      if (figure !== undefined) process.stdout.write(`${kind}: ${name}: ${figure}\n`);
    } finally {
      for (const stage of stages) stage.close();
    }
  });
});

it('every registered kind has samples', () => {
  expect(Object.keys(SAMPLES).sort()).toEqual(KINDS.map(({ kind }) => kind.kind).sort());
});

afterAll(() => checkMatrix());
