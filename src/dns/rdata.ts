import { DnsSyntaxError, MalformedRdataError } from './errors.ts';
import { ROOT } from './name.ts';
import { splitWords } from './presentation.ts';
import type { Word } from './presentation.ts';
import { formatGeneric, GENERIC_MARK, parseGeneric } from './rdata/generic.ts';
import { LAYOUTS } from './rdata/layouts.ts';
import { OctetReader } from './rdata/octet-reader.ts';
import { WordReader } from './rdata/word-reader.ts';
import { typeName } from './rr-types.ts';
import type { EscapeStyle, Rdata, WireName } from './types.ts';

export { foldRdata } from './rdata/fold.ts';
export { readSoa, writeSoa } from './rdata/soa.ts';

/** RDLENGTH is 16 bits (RFC 1035 §3.2.1). */
const MAX_RDATA = 0xffff;

interface TextContext {
  readonly style: EscapeStyle;
  /** Taken by relative names. */
  readonly origin: WireName;
  /** Of the record, for what is missing at its end. */
  readonly place: { readonly line: number; readonly column: number };
}

/**
 * RDATA from one value in presentation format, or in the form of RFC 3597 whatever the type; names without a trailing
 * dot take the origin (default: the root).
 * @throws DnsSyntaxError with line 1 and the column in `text`.
 */
export function parseRdata(type: number, text: string, style: EscapeStyle, origin: WireName = ROOT): Rdata {
  return parseRdataWords(type, splitWords(text), { style, origin, place: { line: 1, column: text.length + 1 } });
}

/** {@link parseRdata} over the words of a master file, whose places errors carry. */
export function parseRdataWords(type: number, list: readonly Word[], context: TextContext): Rdata {
  const words = new WordReader(list, context);
  try {
    const rdata = parseFields(type, words);
    words.end();
    if (rdata.length <= MAX_RDATA) return rdata;
    throw new DnsSyntaxError(`RDATA has at most ${MAX_RDATA} octets, this has ${rdata.length}.`, {
      code: 'rdata-too-long',
    });
  } catch (error) {
    throw error instanceof DnsSyntaxError ? error.at(words.place) : error;
  }
}

/**
 * RDATA as text that {@link parseRdata} takes back to the same octets. Types without a text of their own and RDATA that
 * breaks its type's layout are written as RFC 3597 has it.
 */
export function formatRdata(type: number, rdata: Rdata, style: EscapeStyle): string {
  const layout = LAYOUTS.get(type);
  if (layout === undefined) return formatGeneric(rdata);
  const octets = new OctetReader(rdata);
  try {
    const texts = layout.map((field) => field.format(octets, style));
    octets.end();
    return texts.filter((text) => text !== '').join(' ') || formatGeneric(rdata);
  } catch (error) {
    if (error instanceof MalformedRdataError) return formatGeneric(rdata);
    throw error;
  }
}

function parseFields(type: number, words: WordReader): Rdata {
  const first = words.peek();
  if (first?.text === GENERIC_MARK && !first.quoted) {
    words.next('mark');
    return parseGeneric(words);
  }
  const layout = LAYOUTS.get(type);
  if (layout !== undefined) return layout.map((field) => field.parse(words)).join('');
  throw new DnsSyntaxError(`${typeName(type)} has no text of its own here.`, {
    code: 'generic-only',
    hint: String.raw`Write \# LENGTH HEX (RFC 3597 §5); "dig +unknownformat" prints it.`,
  });
}
