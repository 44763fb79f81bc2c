/** What R makes of the names of columns (`check.names`), and spreadsheets of cells: other signs, an X before digits, blanks. */
function bare(id: string): string {
  return id
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '.')
    .replace(/^x(?=\d)/, '');
}

/** The first id that is there in another spelling, as a sentence, in quotes so that blanks are seen; else nothing. */
export function otherSpelling(ids: readonly string[], there: { keys(): Iterable<string> }): string {
  const known = new Map<string, string>();
  for (const id of there.keys()) known.set(bare(id), id);
  for (const id of ids) {
    const other = known.get(bare(id));
    if (other !== undefined) return `it has ${JSON.stringify(other)} and not ${JSON.stringify(id)}: `;
  }
  return '';
}
