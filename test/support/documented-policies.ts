import { readFileSync } from 'node:fs';

const PAGE = readFileSync(new URL('../../docs/kinds/zone-mirror.md', import.meta.url), 'utf8');

/** The first policy below a heading of the page on ZoneMirror. */
export function policyBelow(heading: string): string {
  const [, rest = ''] = PAGE.split(`### ${heading}\n`);
  return /^```json\n([\s\S]*?)^```$/m.exec(rest)?.[1] ?? '';
}
