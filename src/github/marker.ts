import { renderLine } from '../report/json.ts';

/** What the first line of the comment on a pull request says of the plan below it. */
export interface PlanMarker {
  readonly v: 1;
  readonly scope: string;
  /** SHA of the pull request's head. */
  readonly head: string;
  /** Of the plan; empty where none could be made. */
  readonly digest: string;
  /** Addresses of the documents that it covers; left out where they are too many for a comment. */
  readonly documents?: readonly string[];
}

/** What the first line of the drift issue says of the drift below it. */
export interface DriftMarker {
  readonly v: 1;
  readonly scope: string;
  /** Documents that drifted, and objects of theirs. */
  readonly documents: number;
  readonly objects: number;
  /** The same as long as the same things differ in the same way. */
  readonly fingerprint: string;
  /** It was closed and taken up again since. */
  readonly reopened?: boolean;
}

interface Markers {
  readonly plan: PlanMarker;
  readonly drift: DriftMarker;
}

/** Longer than any that is written: what is longer is not parsed. */
const MAX_LENGTH = 32_768;

/**
 * The first line of a body, without its newline: `<!-- trueup:plan {json} -->`. Two hyphens in a row, `<` and `>` stand
 * in it as escapes, so that nothing in it ends the comment (CommonMark §4.6; threats T24).
 */
export function markerLine<Kind extends keyof Markers>(kind: Kind, data: Markers[Kind]): string {
  return `${opening(kind)}${hideDelimiters(renderLine(data).trimEnd())}${CLOSING}`;
}

/**
 * The marker of a body, if its first line is one. It finds the place of a comment and grants nothing: whoever can write a
 * comment can write a marker.
 */
export function readMarker<Kind extends keyof Markers>(body: string, kind: Kind): Markers[Kind] | undefined {
  const end = body.indexOf('\n');
  const line = (end < 0 ? body.slice(0, MAX_LENGTH + 1) : body.slice(0, end)).replace(/\r$/u, '');
  const start = opening(kind);
  if (line.length > MAX_LENGTH || !line.startsWith(start) || !line.endsWith(CLOSING)) return undefined;
  const json = line.slice(start.length, -CLOSING.length);
  if (json !== hideDelimiters(json)) return undefined;
  const data = parse(json);
  return data !== undefined && SHAPES[kind](data) ? data : undefined;
}

const CLOSING = ' -->';

function opening(kind: keyof Markers): string {
  return `<!-- trueup:${kind} `;
}

/** Within JSON these characters stand in strings only, where an escape means the same. */
function hideDelimiters(json: string): string {
  return json
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replace(/-(?=-)|(?<=-)-/gu, '\\u002d');
}

function parse(json: string): object | undefined {
  try {
    const data: unknown = JSON.parse(json);
    return typeof data === 'object' && data !== null ? data : undefined;
  } catch {
    return undefined;
  }
}

const SHAPES: { readonly [Kind in keyof Markers]: (data: object) => data is Markers[Kind] } = {
  plan: isPlanMarker,
  drift: isDriftMarker,
};

function isPlanMarker(data: object): data is PlanMarker {
  const { documents, ...fields } = data as Record<string, unknown>;
  const isListed = documents === undefined || (Array.isArray(documents) && documents.every(isText));
  return fields['v'] === 1 && isListed && [fields['scope'], fields['head'], fields['digest']].every(isText);
}

function isDriftMarker(data: object): data is DriftMarker {
  const fields = data as Record<string, unknown>;
  const isCounted = [fields['documents'], fields['objects']].every(Number.isSafeInteger);
  return fields['v'] === 1 && isCounted && [fields['scope'], fields['fingerprint']].every(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
