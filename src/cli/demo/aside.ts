import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createStage } from './stage.ts';
import type { Stage, Voice } from './stage.ts';

/** A tour on a stage of its own: it runs while others do, and is told when its turn comes. */
export interface Aside {
  /** Says what it said. @throws what it threw */
  tell(): Promise<void>;
  /** Ends with it, however that ends. */
  ended(): Promise<void>;
}

/** @param name of the stage's folder below the other's. */
export function startAside(stage: Stage, name: string, tour: (aside: Stage) => Promise<void>): Aside {
  const directory = join(stage.directory, name);
  mkdirSync(directory);
  const said: ((voice: Voice) => void)[] = [];
  const running = tour(
    createStage(directory, {
      heading: (title) => said.push((voice) => voice.heading(title)),
      line: (words) => said.push((voice) => voice.line(words)),
    }),
  ).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  return {
    async tell() {
      const failure = await running;
      for (const say of said) say(stage.voice);
      if (failure) throw failure.error;
    },
    async ended() {
      await running;
    },
  };
}
