import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemoPrimary } from './demo/primary.ts';
import { createStage, createVoice, StepFailed } from './demo/stage.ts';
import { runTour } from './demo/tour.ts';
import { EXIT } from './exit-codes.ts';

export interface DemoFlags {
  readonly keep?: boolean;
}

/** The guided tour: every step is a real command; it ends with 1 as soon as one is not as claimed. */
export async function runDemo(flags: DemoFlags): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'trueup-demo-'));
  const stage = createStage(directory, createVoice());
  const primary = await startDemoPrimary(directory);
  try {
    await runTour(stage, primary);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    process.stderr.write(`\nThe demo stops: ${error.message}\n${error.output}\n`);
    return EXIT.error;
  } finally {
    await primary.close();
    if (flags.keep) process.stdout.write(`\nKept: ${directory}\n`);
    else rmSync(directory, { recursive: true, force: true });
  }
}
