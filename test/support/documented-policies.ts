import { readFileSync } from 'node:fs';

/** The page of a kind, by its file's name. */
export function pageOf(kind: string): string {
  return readFileSync(new URL(`../../docs/kinds/${kind}.md`, import.meta.url), 'utf8');
}

const ZONE_MIRROR = pageOf('zone-mirror');

/** The first policy below a heading of a page; default: of the page on ZoneMirror. */
export function policyBelow(heading: string, page = ZONE_MIRROR): string {
  const [, rest = ''] = page.split(`### ${heading}\n`);
  return /^```json\n([\s\S]*?)^```$/m.exec(rest)?.[1] ?? '';
}
