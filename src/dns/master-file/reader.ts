import { DnsSyntaxError } from '../errors.ts';
import { foldName, formatName, isAbsolute, isAtOrBelow, parseName } from '../name.ts';
import type { Word } from '../presentation.ts';
import { parseRdataWords, readSoa } from '../rdata.ts';
import { isDuration, parseDuration } from '../rdata/numbers.ts';
import { RR, typeCode, typeName } from '../rr-types.ts';
import type { WireName, WireRecord, ZoneFinding } from '../types.ts';
import { scanEntries } from './entries.ts';
import type { Entry } from './entries.ts';

/** RFC 2181 §8. */
const MAX_TTL = 0x7fff_ffff;

const CLASS = /^(?:IN|CH|HS|CS|CLASS\d{1,5})$/i;
const INTERNET = /^(?:IN|CLASS1)$/i;

/** What stands after the owner. */
interface RecordHead {
  readonly ttl: Word | undefined;
  readonly type: number;
  readonly rdata: readonly Word[];
}

/** Reads the entries of one master file; what one line says holds for those after it. */
export class MasterFileReader {
  /** What reading found and accepted. */
  readonly findings: ZoneFinding[] = [];
  #origin: WireName | undefined;
  #apex: WireName | undefined;
  #owner: WireName | undefined;
  #defaultTtl: number | undefined;
  #lastTtl: number | undefined;

  constructor(origin: WireName | undefined) {
    this.#origin = origin;
    this.#apex = origin === undefined ? undefined : foldName(origin);
  }

  /** The zone's name: the given origin, else the owner of the first record. */
  get apex(): WireName | undefined {
    return this.#apex;
  }

  *records(text: string): Generator<WireRecord> {
    for (const entry of scanEntries(text)) {
      const [first] = entry.words;
      if (!entry.indented && !first.quoted && first.text.startsWith('$')) this.#obey(entry);
      else yield this.#readRecord(entry);
    }
  }

  #obey({ words: [directive, argument, ...more] }: Entry): void {
    const keyword = directive.text.toUpperCase();
    if (keyword === '$INCLUDE' || keyword === '$GENERATE') throw notFlat(directive);
    if (keyword !== '$ORIGIN' && keyword !== '$TTL') {
      throw new DnsSyntaxError(`${directive.text} is no directive.`, {
        code: 'unknown-directive',
        hint: String.raw`Write an owner that begins with a dollar sign as \$.`,
        ...placeOf(directive),
      });
    }
    if (argument === undefined || more.length > 0) {
      throw new DnsSyntaxError(`${keyword} takes one value.`, { code: 'bad-directive', ...placeOf(directive) });
    }
    if (keyword === '$ORIGIN') this.#origin = this.#readName(argument);
    else this.#defaultTtl = located(argument, () => parseDuration(argument.text));
  }

  #readRecord(entry: Entry): WireRecord {
    const name = this.#readOwner(entry);
    const [first] = entry.words;
    const head = readHead(entry);
    this.#checkPlace(name, head.type, first);
    const origin = this.#origin ?? name;
    const rdata = parseRdataWords(head.type, head.rdata, { style: 'decimal', origin, place: placeOf(first) });
    const ttl = this.#ttlOf(head, () => (head.type === RR.SOA ? readSoa(rdata).minimum : undefined), first);
    if (ttl <= MAX_TTL) return { name, type: head.type, ttl, rdata };
    const detail = `The TTL ${ttl} is above ${MAX_TTL} and counts as 0 (RFC 2181 §8).`;
    this.findings.push({ code: 'ttl-out-of-range', name, type: head.type, detail });
    return { name, type: head.type, ttl: 0, rdata };
  }

  #readOwner({ indented, words: [first] }: Entry): WireName {
    if (!indented) this.#owner = foldName(this.#readName(first));
    if (this.#owner !== undefined) return this.#owner;
    throw new DnsSyntaxError('The first record has no owner.', { code: 'no-owner', ...placeOf(first) });
  }

  #readName(word: Word): WireName {
    if (this.#origin === undefined && !isAbsolute(word.text)) {
      throw new DnsSyntaxError(`${word.text} is relative, and no origin is known.`, {
        code: 'no-origin',
        hint: 'Give the origin, or open the file with $ORIGIN and a name that ends in a dot.',
        ...placeOf(word),
      });
    }
    return located(word, () => parseName(word.text, 'decimal', this.#origin));
  }

  #checkPlace(name: WireName, type: number, first: Word): void {
    this.#apex ??= name;
    this.#origin ??= name;
    const fault = placeFault(name, type, this.#apex);
    if (fault !== undefined) throw new DnsSyntaxError(fault, { code: 'wrong-place', ...placeOf(first) });
  }

  /** Stated, else of $TTL (RFC 2308 §4), else the last stated (RFC 1035 §5.1), else of the SOA's minimum, as BIND has it. */
  #ttlOf({ ttl }: RecordHead, minimum: () => number | undefined, first: Word): number {
    const stated = ttl && located(ttl, () => parseDuration(ttl.text));
    const value = stated ?? this.#defaultTtl ?? this.#lastTtl ?? minimum();
    if (value === undefined) {
      throw new DnsSyntaxError('The record has no TTL, and none is stated before it.', {
        code: 'no-ttl',
        hint: 'Open the file with a line such as $TTL 3600.',
        ...placeOf(first),
      });
    }
    this.#lastTtl = stated ?? this.#lastTtl ?? value;
    return value;
  }
}

/** TTL and class in either order, both optional, then the type (RFC 1035 §5.1). */
function readHead({ indented, words }: Entry): RecordHead {
  let ttl: Word | undefined;
  let hasClass = false;
  for (const [index, word] of words.entries()) {
    if (index === 0 && !indented) continue;
    if (ttl === undefined && isDuration(word.text)) ttl = word;
    else if (!hasClass && CLASS.test(word.text)) hasClass = isInternet(word);
    else return { ttl, type: readType(word), rdata: words.slice(index + 1) };
  }
  throw new DnsSyntaxError('The record has no type.', { code: 'no-type', ...placeOf(words[0]) });
}

function isInternet(word: Word): true {
  if (INTERNET.test(word.text)) return true;
  throw new DnsSyntaxError(`The class is ${word.text}: only IN is read.`, { code: 'wrong-class', ...placeOf(word) });
}

function readType(word: Word): number {
  const type = word.quoted ? undefined : typeCode(word.text);
  if (type === undefined) {
    throw new DnsSyntaxError(`${word.text} is no type.`, {
      code: 'unknown-type',
      hint: 'Write a type without a name as TYPE and its number (RFC 3597 §5).',
      ...placeOf(word),
    });
  }
  if (!isMeta(type)) return type;
  throw new DnsSyntaxError(`${typeName(type)} is no type of records in a zone.`, {
    code: 'meta-type',
    ...placeOf(word),
  });
}

/** OPT, and the range of queries and meta types (RFC 6895 §3.1). */
function isMeta(type: number): boolean {
  return type === 0 || type === RR.OPT || (type >= 128 && type <= 255);
}

function placeFault(name: WireName, type: number, apex: WireName): string | undefined {
  const isInside = isAtOrBelow(name, apex);
  if (isInside && (type !== RR.SOA || name === apex)) return undefined;
  const owner = formatName(name, 'decimal');
  const zone = formatName(apex, 'decimal');
  return isInside
    ? `A SOA record stands at ${owner} and not at the apex ${zone}`
    : `${owner} is outside the zone ${zone}`;
}

function notFlat(directive: Word): DnsSyntaxError {
  return new DnsSyntaxError(`${directive.text} is not read: a zone is one file without templates.`, {
    code: directive.text.toUpperCase() === '$INCLUDE' ? 'include-refused' : 'generate-refused',
    hint: 'Flatten it first: named-compilezone -F text -o FLAT ORIGIN FILE.',
    ...placeOf(directive),
  });
}

function placeOf({ line, column }: Word): { line: number; column: number } {
  return { line, column };
}

/** Runs a parser whose errors do not know their place. */
function located<T>(word: Word, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw error instanceof DnsSyntaxError ? error.at(word) : error;
  }
}
