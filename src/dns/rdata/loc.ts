import { DnsSyntaxError, MalformedRdataError } from '../errors.ts';
import type { Field } from './fields.ts';
import { packUnsigned, parseUnsigned } from './numbers.ts';
import type { OctetReader } from './octet-reader.ts';
import type { WordReader } from './word-reader.ts';

interface Axis {
  readonly positive: string;
  readonly negative: string;
  readonly degrees: number;
}

const LATITUDE: Axis = { positive: 'N', negative: 'S', degrees: 90 };
const LONGITUDE: Axis = { positive: 'E', negative: 'W', degrees: 180 };
/** Thousandths of a second of arc. */
const DEGREE = 3_600_000;
const MINUTE = 60_000;
/** What the equator and the prime meridian are on the wire. */
const ANGLE_ZERO = 2 ** 31;
/** Centimetres below the reference ellipsoid from which altitudes count. */
const ALTITUDE_ZERO = 10_000_000;
const MAX_UINT32 = 0xffff_ffff;
/** Size and precisions where none are written, in centimetres. */
const DEFAULTS = [100, 1_000_000, 1000];
/** 9 × 10⁹ centimetres. */
const MAX_PRECISION = 9e9;

/** All of a LOC record (RFC 1876). */
export const location: Field = {
  parse(words) {
    const latitude = parseAngle(words, LATITUDE);
    const longitude = parseAngle(words, LONGITUDE);
    const altitude = parseMetres(words.plain('altitude')) + ALTITUDE_ZERO;
    if (altitude < 0 || altitude > MAX_UINT32) {
      throw new DnsSyntaxError('The altitude is out of range.', { code: 'bad-location' });
    }
    const precisions = DEFAULTS.map((usual) => (words.done ? usual : parseMetres(words.plain('precision'))));
    const packed = precisions.map(packPrecision).join('');
    return `\0${packed}${[latitude, longitude, altitude].map((value) => packUnsigned(value, 4)).join('')}`;
  },
  format(octets) {
    if (octets.number(1) !== 0) throw new MalformedRdataError('Only version 0 of LOC has a text.');
    const precisions = DEFAULTS.map(() => formatPrecision(octets.number(1)));
    const angles = [formatAngle(octets, LATITUDE), formatAngle(octets, LONGITUDE)];
    return [...angles, formatMetres(octets.number(4) - ALTITUDE_ZERO), ...precisions].join(' ');
  },
};

function parseAngle(words: WordReader, axis: Axis): number {
  const parts: string[] = [];
  let word = words.plain('degrees');
  while (parts.length < 3 && /^[\d.]+$/.test(word)) {
    parts.push(word);
    word = words.plain('direction');
  }
  const [degrees = '', minutes = '0', seconds = '0'] = parts;
  const [whole = '', fraction = ''] = seconds.split('.', 2);
  const sign = { [axis.positive]: 1, [axis.negative]: -1 }[word.toUpperCase()];
  const angle =
    parseUnsigned(degrees, 1, 'number of degrees') * DEGREE +
    parseUnsigned(minutes, 1, 'number of minutes') * MINUTE +
    parseUnsigned(whole, 1, 'number of seconds') * 1000 +
    parseUnsigned(fraction.padEnd(3, '0').slice(0, 3), 2, 'fraction of a second');
  if (sign === undefined || Number(minutes) >= 60 || Number(whole) >= 60 || angle > axis.degrees * DEGREE) {
    throw new DnsSyntaxError(
      `This is no angle such as 60 9 0.000 ${axis.positive}, up to ${axis.degrees} degrees ${axis.positive} or ${axis.negative}.`,
      { code: 'bad-location' },
    );
  }
  return ANGLE_ZERO + sign * angle;
}

function formatAngle(octets: OctetReader, axis: Axis): string {
  const angle = octets.number(4) - ANGLE_ZERO;
  const size = Math.abs(angle);
  if (size > axis.degrees * DEGREE) throw new MalformedRdataError('The angle is out of range.');
  const minutes = Math.floor((size % DEGREE) / MINUTE);
  const seconds = ((size % MINUTE) / 1000).toFixed(3);
  return `${Math.floor(size / DEGREE)} ${minutes} ${seconds} ${angle < 0 ? axis.negative : axis.positive}`;
}

/** Centimetres of `-24.05m`; the unit may be missing. */
function parseMetres(text: string): number {
  const [, sign, whole, fraction = ''] = /^(-?)(\d{1,8})(?:\.(\d{1,2}))?m?$/i.exec(text) ?? [];
  if (whole === undefined) {
    throw new DnsSyntaxError(`${text} is no length in metres.`, { code: 'bad-location' });
  }
  return (sign === '-' ? -1 : 1) * (Number(whole) * 100 + Number(fraction.padEnd(2, '0')));
}

function formatMetres(centimetres: number): string {
  return `${(centimetres / 100).toFixed(2)}m`;
}

/** A digit and a power of ten of centimetres; further digits are cut. */
function packPrecision(centimetres: number): string {
  if (centimetres < 0 || centimetres > MAX_PRECISION) {
    throw new DnsSyntaxError('The size or precision is out of range.', { code: 'bad-location' });
  }
  const digits = String(centimetres);
  return packUnsigned(Number(digits.charAt(0)) * 0x10 + digits.length - 1, 1);
}

function formatPrecision(octet: number): string {
  const digit = octet >> 4;
  const power = octet & 0xf;
  const isCanonical = digit <= 9 && power <= 9 && (digit > 0 || power === 0);
  if (!isCanonical) throw new MalformedRdataError('A precision is out of range.');
  const centimetres = digit * 10 ** power;
  return power < 2 ? formatMetres(centimetres) : `${centimetres / 100}m`;
}
