import { EXIT } from './exit-codes.ts';

/** What a person at the keyboard, or a runner, wants ended. */
export interface Interruption {
  readonly stop: AbortSignal;
  signal(): NodeJS.Signals | undefined;
  end(): void;
}

/** From the first moment on: whatever is opened or written by then is closed and told. */
export async function heeding(work: (interruption: Interruption) => Promise<number>): Promise<number> {
  const interruption = listenForSignals();
  try {
    return await work(interruption);
  } finally {
    interruption.end();
  }
}

/** The first signal lets calls in flight end; the second ends the process at once. */
function listenForSignals(): Interruption {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (received) process.exit(signal === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted);
    received = signal;
    process.stderr.write(`\n${signal}: calls in flight end, nothing new starts\n`);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    stop: controller.signal,
    signal: () => received,
    end() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
