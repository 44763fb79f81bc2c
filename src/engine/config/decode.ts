import type { Problem } from './problem.ts';
import { sourceText, type SourceText } from './source-text.ts';

/** What YAML 1.2 §5.1 does not count as printable, and the byte order mark. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const UNCLEAN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufeff\ufffe\uffff]/;

export interface Decoded {
  readonly source: SourceText;
  readonly problem?: Problem;
}

/** Offset, in the decoded text, of the first byte that is not UTF-8. */
function firstInvalid(bytes: Uint8Array): number {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const again = Buffer.from(lenient, 'utf8');
  let index = 0;
  while (index < bytes.length && bytes[index] === again[index]) index += 1;
  return Math.max(0, new TextDecoder('utf-8').decode(bytes.subarray(0, index)).replace(/\ufffd$/, '').length);
}

function nameOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0xfeff) return 'a byte order mark inside the text';
  return `the control character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Bytes as strict UTF-8. A byte order mark at the very beginning is taken off. */
export function decode(file: string, bytes: Uint8Array): Decoded {
  const text = new TextDecoder('utf-8').decode(bytes);
  const source = sourceText(file, text);
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const start = firstInvalid(bytes);
    const problem: Problem = {
      code: 'TU1012',
      message: 'the file is not UTF-8',
      span: { start, end: start + 1 },
      path: '',
      hint: 'save it as UTF-8',
    };
    return { source, problem };
  }
  const unclean = UNCLEAN.exec(text);
  if (!unclean) return { source };
  const problem: Problem = {
    code: 'TU1012',
    message: `the file holds ${nameOf(unclean[0])}`,
    span: { start: unclean.index, end: unclean.index + 1 },
    path: '',
    hint: 'remove it; inside double quotes it can be written as an escape',
  };
  return { source, problem };
}
