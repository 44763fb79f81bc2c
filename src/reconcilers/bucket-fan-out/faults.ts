import { documentAddress } from '../../engine/address.ts';
import { didYouMean } from '../../engine/config/suggest.ts';
import { parseDuration } from '../../engine/duration.ts';
import { encodeFunctionDocument, MAX_DOCUMENT_CHARACTERS } from '../../engine/function-document.ts';
import type { DocumentFault, Estate } from '../../engine/types.ts';
import { PatternError } from '../../fan-out/pattern.ts';
import { compileReplacement } from '../../fan-out/replacement.ts';
import type { Replacement } from '../../fan-out/types.ts';
import { circleFrom, GOINGS, hopsOf } from './hops.ts';
import type { Going, Hop } from './hops.ts';
import { fanOutDocument } from './function-document.ts';
import { filterOf } from './object-rules.ts';
import { destinationName, homeOf, KIND, tableName, targetsOf, topicArn } from './places.ts';
import type { BucketFanOut, Target } from './places.ts';

const SECONDS_A_DAY = 86_400;

/** What cannot be, whatever the world is like: rules that cannot be read, circles, and what two would have. */
export function faults(document: BucketFanOut, estate: Estate): readonly DocumentFault[] {
  const targets = targetsOf(document, estate);
  return [
    ...unreadable(document),
    ...contradictions(document),
    ...keys(targets, estate),
    ...overlaps(targets),
    ...claims(document, estate),
    ...circles(document, estate),
    ...tooLarge(document, estate, targets),
  ];
}

function unreadable({ spec }: BucketFanOut): readonly DocumentFault[] {
  return spec.key.replace.flatMap((rule, index): readonly DocumentFault[] => {
    const problem = problemOf(rule);
    if (problem === undefined) return [];
    const message = `spec.key.replace[${index}].pattern ${problem}`;
    const hint = patternHint(problem);
    return [{ code: 'TU1035', path: `/spec/key/replace/${index}/pattern`, message, hint }];
  });
}

const SYNTAX = 'https://github.com/google/re2/wiki/Syntax';

/** What mends just that. */
function patternHint(problem: string): string {
  if (problem.startsWith('uses ')) return `write it without look-around and back-references: ${SYNTAX}`;
  if (problem.includes(' single $')) return 'write $$ in with for a dollar sign';
  if (problem.startsWith('has no group ')) {
    return 'in with, $1 to $9 and $<name> stand for groups that the pattern has, $& for all of the match, and $$ for a dollar sign';
  }
  if (/^(?:has|repeats) /.test(problem)) return 'write a shorter one, that repeats less';
  if (/missing closing|unexpected \)|missing argument/.test(problem)) {
    return `a character that stands for itself is written with \\ before it, such as \\[ or \\(: ${SYNTAX}`;
  }
  return `write it as RE2 has it: ${SYNTAX}`;
}

function problemOf(rule: Replacement): string | undefined {
  try {
    compileReplacement(rule);
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

function contradictions({ spec }: BucketFanOut): readonly DocumentFault[] {
  const found: DocumentFault[] = [];
  const say = (path: string, message: string, hint: string): void => {
    found.push({ code: 'TU1030', path, message, hint });
  };
  const { prefix = '', minSize = 0, maxSize = Number.POSITIVE_INFINITY } = filterOf(spec);
  const { strip } = spec.key;
  if (minSize > maxSize) {
    const message = `spec.filter: minSize ${spec.filter.minSize} is more than maxSize ${spec.filter.maxSize}: no object is copied`;
    say('/spec/filter', message, 'swap the two, or leave one out');
  }
  if (strip !== undefined && !strip.startsWith(prefix) && !prefix.startsWith(strip)) {
    const message = `spec.key.strip: no key that begins with ${prefix} (spec.filter.prefix) begins with ${strip}, so that it is never taken off`;
    say('/spec/key/strip', message, `strip: ${prefix}`);
  }
  const seconds = parseDuration(spec.ledger.ttl) ?? 0;
  if (seconds % SECONDS_A_DAY !== 0) {
    const message = `spec.ledger.ttl is ${spec.ledger.ttl}, and rows are kept for whole days`;
    say('/spec/ledger/ttl', message, `ttl: ${Math.ceil(seconds / SECONDS_A_DAY)}d`);
  }
  return found;
}

/** S3 takes a key of the bucket's region only; one of an account that Settings do not declare may be anybody's (threats T93). */
function keys(targets: readonly Target[], estate: Estate): readonly DocumentFault[] {
  return targets.flatMap(({ index, destination }): readonly DocumentFault[] => {
    if (destination.kmsKey === undefined) return [];
    const [, , , region = '', account = ''] = destination.kmsKey.split(':');
    const path = `/spec/destinations/${index}/kmsKey`;
    const field = `spec.destinations[${index}].kmsKey`;
    if (!estate.accounts.some(({ id }) => id === account)) {
      const message = `${field} is a key of account ${account}, which Settings do not declare`;
      const ids = estate.accounts.map(({ id }) => id);
      const hint = didYouMean(account, ids) ?? `declare the account under spec.accounts of Settings`;
      return [{ code: 'TU1020', path, message, hint }];
    }
    if (region === destination.region) return [];
    const message = `${field} is a key of ${region}, and the bucket is in ${destination.region}: S3 encrypts with keys of the bucket's region only`;
    return [{ code: 'TU1030', path, message, hint: `name a key of ${destination.region}` }];
  });
}

/** Below one prefix lies the other: two keys of the source could become one. */
function overlaps(targets: readonly Target[]): readonly DocumentFault[] {
  return targets.flatMap(({ index, destination }): readonly DocumentFault[] => {
    const { bucket, prefix } = destination;
    const other = targets
      .slice(0, index)
      .find(
        ({ destination: one }) =>
          one.bucket === bucket && (one.prefix.startsWith(prefix) || prefix.startsWith(one.prefix)),
      );
    if (!other) return [];
    const message = `spec.destinations[${index}] is ${destinationName(destination)}, and spec.destinations[${other.index}] is ${destinationName(other.destination)}: copies of the one would lie among copies of the other`;
    return [
      { code: 'TU1030', path: `/spec/destinations/${index}`, message, hint: 'give them prefixes that do not overlap' },
    ];
  });
}

/** The first of two documents has it, by the order of their names; the other one is refused. */
function claims(document: BucketFanOut, estate: Estate): readonly DocumentFault[] {
  const own = documentAddress(document);
  const before = (estate.documents(KIND) as readonly BucketFanOut[]).filter((one) => documentAddress(one) < own);
  const isSamePlace = (other: BucketFanOut): boolean => {
    const [here, there] = [homeOf(document, estate), homeOf(other, estate)];
    return here.account === there.account && here.region === there.region;
  };
  const claimed = (other: BucketFanOut): string =>
    `${documentAddress(other)} (${other.source.file}:${other.source.line})`;
  const fault = (path: string, message: string, hint: string): DocumentFault => ({
    code: 'TU1036',
    path,
    message,
    hint,
  });
  const { bucket: name } = document.spec.source;
  const bucket = before.find(({ spec }) => spec.source.bucket === name);
  if (bucket) {
    // Topic and table of one bucket's documents are the same by default: said once is enough.
    const message = `spec.source.bucket: ${claimed(bucket)} copies the objects of ${name} already, and S3 tells of each object once`;
    return [
      fault('/spec/source/bucket', message, `put the destinations of this document into ${documentAddress(bucket)}`),
    ];
  }
  const found: DocumentFault[] = [];
  const topic = topicArn(document, estate);
  const withTopic = before.find((other) => topicArn(other, estate) === topic);
  if (withTopic) {
    const path = document.spec.topic === undefined ? '/spec/source/bucket' : '/spec/topic';
    found.push(fault(path, `spec.topic: ${claimed(withTopic)} has the topic ${topic} already`, 'topic: another name'));
  }
  const table = tableName(document, estate);
  const withTable = before.find((other) => isSamePlace(other) && tableName(other, estate) === table);
  if (withTable) {
    const message = `spec.ledger.table: ${claimed(withTable)} keeps its ledger in the table ${table} already`;
    const hint = 'leave spec.ledger.table out: then each document has a table of its own';
    found.push(fault('/spec/ledger/table', message, hint));
  }
  return found;
}

/** Copies, or deletions, that come back to where they came from: said of each document on the way. */
function circles(document: BucketFanOut, estate: Estate): readonly DocumentFault[] {
  const own = documentAddress(document);
  const hops = hopsOf(estate);
  return hops
    .filter((hop) => hop.document === own)
    .flatMap((hop) => GOINGS.flatMap((what) => circleOf(hop, hops, what, estate)).slice(0, 1));
}

/** Of one way it is said once, copies first. */
function circleOf(hop: Hop, hops: readonly Hop[], what: Going, estate: Estate): readonly DocumentFault[] {
  const circle = circleFrom(hop, hops, what);
  if (!circle) return [];
  const path = `/spec/destinations/${hop.index}`;
  const message = `spec.destinations[${hop.index}]: ${what} would come back to where they came from: ${inWords(circle)}`;
  return [{ code: 'TU1037', path, message, hint: wayOut(circle, what, estate) }];
}

function inWords(circle: readonly Hop[]): string {
  const [first] = circle;
  const steps = circle.map(({ to, writes, document }) => {
    const below = writes.beginning === '' ? '' : `/${writes.beginning}…`;
    return `${to}${below} (${document})`;
  });
  return [first?.from ?? '', ...steps].join(' → ');
}

function wayOut(circle: readonly Hop[], what: Going, estate: Estate): string {
  const rewrites = circle.some(({ document }) => {
    const { spec } = estate.document(document) as BucketFanOut;
    return spec.key.replace.length > 0;
  });
  const apart = 'copy to a prefix, and let spec.filter.prefix of what reads there take another one';
  const way = what === 'copies' ? apart : `leave spec.replicateDeletes out of one of them; or ${apart}`;
  return rewrites ? `${way}; a rule of spec.key.replace counts as if it could give any key` : way;
}

function tooLarge(document: BucketFanOut, estate: Estate, targets: readonly Target[]): readonly DocumentFault[] {
  return targets.flatMap((target): readonly DocumentFault[] => {
    const characters = encodeFunctionDocument(fanOutDocument(document, estate, target)).length;
    if (characters <= MAX_DOCUMENT_CHARACTERS) return [];
    const path = `/spec/destinations/${target.index}`;
    const message = `what the function of spec.destinations[${target.index}] is told takes ${characters} characters, compressed; there is room for ${MAX_DOCUMENT_CHARACTERS}`;
    return [{ code: 'TU1028', path, message, hint: 'shorten the prefixes and the rules of spec.key.replace' }];
  });
}
