import type { DeclaredEndpoint } from '../declared-endpoints.ts';
import { guardMethod } from './methods.ts';

/** Knows where a function may connect to. */
export interface Gate {
  /** Why not; undefined: it may. */
  refusal(host: string, port: number): Error | undefined;
}

export function createGate(endpoints: readonly DeclaredEndpoint[]): Gate {
  const open = new Set(endpoints.map(({ host, port }) => `${host} ${port}`));
  return {
    refusal(host, port) {
      if (open.has(`${host.toLowerCase()} ${port}`)) return undefined;
      return refused(`a connection to ${host} port ${port}: the function's document declares no such loopback address`);
    },
  };
}

export function refused(what: string): Error {
  const error = new Error(`The embedded account refuses ${what}.`);
  return Object.assign(error, { name: 'EmbeddedRefusal', code: 'EACCES' });
}

/** Puts functions that throw in the place of an object's own. */
export function refuse(owner: object, names: readonly string[], what: string): void {
  for (const name of names) {
    guardMethod(
      owner,
      name,
      () =>
        // No arrow: some are called with `new`.
        function refusing(): never {
          throw refused(`${what} (${name})`);
        },
    );
  }
}
