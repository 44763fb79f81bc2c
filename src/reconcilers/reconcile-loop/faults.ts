import { didYouMean } from '../../engine/config/suggest.ts';
import { parseDuration } from '../../engine/duration.ts';
import { encodeFunctionDocument, MAX_DOCUMENT_CHARACTERS } from '../../engine/function-document.ts';
import type { DocumentFault, Estate } from '../../engine/types.ts';
import { KIND, loopDocument } from './loop-document.ts';
import type { ObjectPlace, ReconcileLoop } from './loop-document.ts';
import { homeAccountOf, roleOfMode } from './roles.ts';
import type { ReconcileLoopSpec } from './spec.gen.ts';

/** Less time than this, and an invocation is over before much of an estate was looked at. */
const SHORT_SECONDS = 120;

/** Fields that do not go together, kinds that nobody knows, and roles that Settings do not name. */
export function faultsAmong(
  kinds: readonly string[],
): (document: ReconcileLoop, estate: Estate) => readonly DocumentFault[] {
  return (document, estate) => {
    const { spec } = document;
    const own = [
      ...unsigned(spec),
      ...unapproved(spec),
      ...unknownKinds(spec, kinds),
      ...withoutRoles(spec, estate),
      ...otherKeys(document, estate),
      ...short(spec),
    ];
    return [...own, ...tooLarge(document, estate)];
  };
}

function unsigned({ source, mode, signingKey }: ReconcileLoopSpec): readonly DocumentFault[] {
  if (signingKey !== undefined || (!source.s3 && mode !== 'apply')) return [];
  const why = source.s3 ? 'a bundle in S3 is taken only with its signature' : 'mode apply takes only signed approvals';
  return [
    {
      code: 'TU1030',
      path: '/spec',
      message: `spec.signingKey is missing: ${why}`,
      hint: 'signingKey: the ARN of an asymmetric KMS key (ECC_NIST_P256), of which only the publishing workflow may sign',
    },
  ];
}

function unapproved({ source, mode, approvals }: ReconcileLoopSpec): readonly DocumentFault[] {
  if (source.github && mode === 'apply' && !approvals) {
    const message =
      'spec.approvals is missing: with source.github there is no bundle beside which an approval could lie';
    return [
      { code: 'TU1030', path: '/spec', message, hint: 'approvals: { bucket: acme-trueup, key: estate.approval.json }' },
    ];
  }
  if (!source.s3 || !approvals || !isSame(source.s3, approvals)) return [];
  const message = 'spec.approvals is the object of spec.source.s3: an approval would replace the bundle';
  return [
    {
      code: 'TU1030',
      path: '/spec/approvals',
      message,
      hint: 'leave it out: it is the key of the bundle with .approval.json behind it',
    },
  ];
}

function unknownKinds({ onlyKinds }: ReconcileLoopSpec, kinds: readonly string[]): readonly DocumentFault[] {
  return onlyKinds.flatMap((kind, index): readonly DocumentFault[] => {
    if (kinds.includes(kind)) return [];
    const hint = didYouMean(kind, kinds) ?? `kinds: ${kinds.join(', ')}`;
    const message = `spec.onlyKinds.${index}: there is no kind ${kind}`;
    return [{ code: 'TU1006', path: `/spec/onlyKinds/${index}`, message, hint }];
  });
}

/** As what it would look and write: without roles it would take its own rights, which are none. */
function withoutRoles({ mode }: ReconcileLoopSpec, estate: Estate): readonly DocumentFault[] {
  const home = homeAccountOf(estate);
  const role = roleOfMode(mode);
  if (home?.[role] !== undefined) return [];
  const message = `spec.mode ${mode} takes ${role} of the default account, which Settings do not name`;
  const hint = `add ${role} under spec.accounts.${home?.alias ?? 'ALIAS'} of Settings; trueup iam prints what it may do`;
  return [{ code: 'TU1032', path: '/spec/mode', message, hint }];
}

/** Of two loops that read one bundle by two keys, one refuses every bundle. */
function otherKeys(document: ReconcileLoop, estate: Estate): readonly DocumentFault[] {
  const { source, signingKey } = document.spec;
  const { s3 } = source;
  if (!s3) return [];
  return estate.documents(KIND).flatMap((one): readonly DocumentFault[] => {
    const other = one as ReconcileLoop;
    const bundle = other.spec.source.s3;
    if (other.name === document.name || !bundle || !isSame(bundle, s3)) return [];
    if (other.spec.signingKey === signingKey) return [];
    const message = `spec.source.s3 is the bundle of ${KIND}/${other.name} too (${other.source.file}:${other.source.line}), and the two name different keys: one of them would refuse every bundle`;
    return [
      {
        code: 'TU1030',
        path: '/spec/source/s3',
        message,
        hint: 'give both the same signingKey, or each a bundle of its own',
      },
    ];
  });
}

function short({ function: { timeout } }: ReconcileLoopSpec): readonly DocumentFault[] {
  if ((parseDuration(timeout) ?? 0) >= SHORT_SECONDS) return [];
  const message = `spec.function.timeout: in ${timeout} little of an estate is looked at, and most runs go on in another invocation`;
  return [{ code: 'TU1033', path: '/spec/function/timeout', message, hint: 'timeout: 15m', warning: true }];
}

function tooLarge(document: ReconcileLoop, estate: Estate): readonly DocumentFault[] {
  const characters = encodeFunctionDocument(loopDocument(document, estate)).length;
  if (characters <= MAX_DOCUMENT_CHARACTERS) return [];
  const message = `the document takes ${characters} characters in its function's environment, compressed; there is room for ${MAX_DOCUMENT_CHARACTERS}`;
  return [{ code: 'TU1028', path: '/spec', message, hint: 'shorten the keys of objects and the names of secrets' }];
}

function isSame(a: ObjectPlace, b: ObjectPlace): boolean {
  return a.bucket === b.bucket && a.key === b.key;
}
