import { once } from 'node:events';
import { openSurvivalDoor } from '../operations/survival/serve.ts';
import { parseEndpoint } from './endpoint.ts';
import { usageError } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { heeding } from './interruption.ts';
import { commandOptions, withSession } from './session.ts';

export interface SurvivalServeFlags {
  readonly config: string;
  readonly endpoint?: string;
  readonly port: number;
}

/** Answers until it is ended; the first line of stdout is the base URL. */
export function runSurvivalServe(name: string, flags: SurvivalServeFlags): Promise<number> {
  if (parseEndpoint(flags.endpoint).kind !== 'embedded') {
    throw usageError('survival serve answers for the embedded account', '--endpoint embedded:FILE');
  }
  return heeding((interruption) =>
    withSession(flags, async (session) => {
      const door = await openSurvivalDoor(session.project, {
        ...commandOptions(flags, session),
        name,
        port: flags.port,
      });
      process.stdout.write(`${door.url}\n`);
      session.output.note(`${door.document} answers POST ${door.url}${door.path}; Ctrl-C ends it`);
      if (!interruption.stop.aborted) await once(interruption.stop, 'abort');
      await door.close();
      return EXIT.ok;
    }),
  );
}
