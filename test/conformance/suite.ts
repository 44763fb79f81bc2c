import { beforeAll, describe, expect, it } from 'vitest';
import type { Law } from './laws/law.ts';
import { SAMPLES } from './samples.ts';
import type { StartedSamples } from './samples.ts';
import { createStage } from './stage.ts';
import type { Stage } from './stage.ts';

/** Crash points in their hundreds take minutes. */
const TIMEOUT_MS = 600_000;

/** Every one of these laws over every kind, with the kind's own documents. */
export function testLaws(laws: Readonly<Record<string, Law>>): void {
  describe.each(Object.entries(SAMPLES))('%s keeps the law:', (kind, source) => {
    let started: { readonly samples: StartedSamples; readonly end: () => Promise<void> } | undefined;

    beforeAll(async () => {
      started = await source.start();
      return () => started?.end();
    });

    it.each(Object.keys(laws))('%s', { timeout: TIMEOUT_MS }, async (name) => {
      expect.hasAssertions();
      const { samples } = started!;
      const stages: Stage[] = [];
      try {
        const figure = await laws[name]!.check({
          kind,
          samples,
          stage() {
            const stage = createStage(samples);
            stages.push(stage);
            return stage;
          },
        });
        if (figure !== undefined) process.stdout.write(`${kind}: ${name}: ${figure}\n`);
      } finally {
        for (const stage of stages) stage.close();
      }
    });
  });
}
