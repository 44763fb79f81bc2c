import { beforeAll, describe, expect, it } from 'vitest';
import type { Bench, Law } from './laws/law.ts';
import { SCENES } from './laws/scenes.ts';
import type { SceneLaw } from './laws/scenes.ts';
import { SAMPLES } from './samples.ts';
import type { StartedSamples } from './samples.ts';
import { createStage } from './stage.ts';
import type { Stage } from './stage.ts';

/** Crash points in their hundreds take minutes. */
const TIMEOUT_MS = 600_000;

/** Every one of these laws over every kind, with the kind's own documents. */
export function testLaws(laws: Readonly<Record<string, Law>>): void {
  testChecks(Object.entries(laws).map(([name, { check }]) => [name, check]));
}

/** The same for laws of every scene, each a test of its own. */
export function testSceneLaws(laws: Readonly<Record<string, SceneLaw>>): void {
  testChecks(
    Object.entries(laws).flatMap(([name, { check }]) =>
      Object.entries(SCENES).map(([scene, start]): [string, Law['check']] => [
        `${name}: ${scene}`,
        async (bench) => check(await start(bench)),
      ]),
    ),
  );
}

function testChecks(checks: readonly (readonly [string, Law['check']])[]): void {
  describe.each(Object.entries(SAMPLES))('%s keeps the law:', (kind, source) => {
    let started: { readonly samples: StartedSamples; readonly end: () => Promise<void> } | undefined;

    beforeAll(async () => {
      started = await source.start();
      return () => started?.end();
    });

    it.each(checks)('%s', { timeout: TIMEOUT_MS }, async (name, check) => {
      expect.hasAssertions();
      const { samples } = started!;
      const stages: Stage[] = [];
      const bench: Bench = {
        kind,
        samples,
        stage() {
          const stage = createStage(samples);
          stages.push(stage);
          return stage;
        },
      };
      try {
        const figure = await check(bench);
        if (figure !== undefined) process.stdout.write(`${kind}: ${name}: ${figure}\n`);
      } finally {
        for (const stage of stages) stage.close();
      }
    });
  });
}
