import type { Plugin } from 'vitest/config';
import breaks from './breaks.json' with { type: 'json' };

/** A change of the engine that a law must notice. */
interface Break {
  /** What is broken, for docs/conformance.md. */
  readonly what: string;
  /** Relative to the repository. */
  readonly file: string;
  /** Stands in it once. */
  readonly find: string;
  readonly replace: string;
}

/** For each law one break that makes it fail: `npm run breaks` tries them all. */
export const BREAKS: Readonly<Record<string, Break>> = breaks;

/** Breaks one file while it is loaded; nothing on the disk is touched. Used by vitest.config.ts. */
export function breaking(law: string | undefined): Plugin[] {
  if (law === undefined) return [];
  const broken = BREAKS[law];
  if (!broken) throw new Error(`there is no break for the law ${law}`);
  return [
    {
      name: 'trueup-break',
      enforce: 'pre',
      transform(code: string, id: string): string | undefined {
        return id.split('?')[0]?.endsWith(broken.file) ? code.replace(broken.find, broken.replace) : undefined;
      },
    },
  ];
}
