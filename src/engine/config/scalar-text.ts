import { isScalar, Scalar, type ParsedNode } from 'yaml';

/** Text that YAML's core schema reads as text and nothing else, in a block and in a flow. */
const PLAIN = /^(?:[A-Za-z][A-Za-z0-9_./()*?+-]*(?: [A-Za-z0-9_./()*?+-]+)*|[1-9][0-9]*[smhd])$/;
/** Words that mean something else, in YAML 1.2 or to readers of 1.1. */
const WORDS = /^(?:true|false|null|yes|no|on|off|y|n)$/i;
/** What single quotes cannot hold. */
const UNPRINTABLE = /[^\t\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * A plain value as YAML, quoted as what stood there was; undefined for what is no text, number or boolean, and where text
 * in lines of its own stood.
 */
export function scalarText(value: unknown, before?: ParsedNode | null): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return undefined;
  const type = isScalar(before) ? before.type : undefined;
  if (type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED) return undefined;
  if (type === Scalar.QUOTE_DOUBLE || UNPRINTABLE.test(value)) return JSON.stringify(value);
  if (type !== Scalar.QUOTE_SINGLE && PLAIN.test(value) && !WORDS.test(value)) return value;
  return `'${value.replaceAll("'", "''")}'`;
}

/** A value on one line: lists and mappings as flows. */
export function flowText(value: unknown): string | undefined {
  if (Array.isArray(value)) return joined('[', value.map(flowText), ']');
  if (typeof value !== 'object' || value === null) return scalarText(value);
  const fields = Object.entries(value).map(([key, field]) => {
    const [name, text] = [scalarText(key), flowText(field)];
    return name === undefined || text === undefined ? undefined : `${name}: ${text}`;
  });
  return joined('{ ', fields, ' }');
}

function joined(open: string, parts: readonly (string | undefined)[], close: string): string | undefined {
  if (parts.includes(undefined)) return undefined;
  return parts.length === 0 ? open.trim() + close.trim() : open + parts.join(', ') + close;
}
