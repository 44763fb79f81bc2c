import { serviceError } from './errors.ts';

/** A part of a service that this account does not have: said, never left out in silence. */
export function notEmbedded(what: string): Error {
  return serviceError(
    'NotEmbedded',
    `The embedded account has no ${what}. Use an emulator (--endpoint URL) or AWS for it.`,
  );
}
