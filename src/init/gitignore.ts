export const GITIGNORE = '.gitignore';

const FOLDER = '.trueup';
/** Lines that leave it out already. */
const KNOWN: ReadonlySet<string> = new Set(
  ['', '/', '**/'].flatMap((front) => [`${front}${FOLDER}`, `${front}${FOLDER}/`]),
);

/** The text of a `.gitignore` that leaves out what trueup keeps in the directory; all else as it was. */
export function withIgnored(text: string): string {
  if (text.split(/\r?\n/).some((line) => KNOWN.has(line.trim()))) return text;
  const ending = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : ending;
  return `${text}${gap}${FOLDER}/${ending}`;
}
