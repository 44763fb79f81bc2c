import { constants, closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { openWholeFile } from './whole-file.ts';

/** A file of configuration that is to be edited. */
export interface OpenConfigFile {
  /** Without the byte order mark, as positions in it are counted. */
  readonly text: string;
  /** Its octets with another text. */
  octets(text: string): Buffer;
  /**
   * Puts another text in its place, whole, with its mode.
   * @throws Error where it is not as it was read.
   */
  replace(text: string): void;
}

const BYTE_ORDER_MARK = '\ufeff';

/** @throws Error where it cannot be read. Configuration is no link: what took its place since is not followed. */
export function openConfigFile(path: string): OpenConfigFile {
  const { octets: before, mode } = read(path);
  const whole = before.toString('utf8');
  const mark = whole.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const octets = (text: string): Buffer => Buffer.from(mark + text);
  return {
    text: whole.slice(mark.length),
    octets,
    replace(text) {
      if (!read(path).octets.equals(before)) throw new Error('it was changed meanwhile');
      const replacement = openWholeFile(path);
      try {
        replacement.finish(octets(text), mode);
      } finally {
        replacement.discard();
      }
    },
  };
}

function read(path: string): { readonly octets: Buffer; readonly mode: number } {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return { octets: readFileSync(descriptor), mode: fstatSync(descriptor).mode };
  } finally {
    closeSync(descriptor);
  }
}
