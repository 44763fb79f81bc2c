import { valueAt, type Candidate } from './candidate.ts';
import { checkDocument } from './check-document.ts';
import { decode } from './decode.ts';
import type { Problem } from './problem.ts';
import type { SchemaSet } from './schema-set.ts';
import { findSecrets, secretWarnings } from './secrets.ts';
import type { SourceText, Span } from './source-text.ts';
import { parseYaml } from './yaml.ts';

/** One file, read and held against the schemas. */
export interface ExaminedFile {
  readonly source: SourceText;
  readonly candidates: readonly Candidate[];
  readonly problems: readonly Problem[];
  /** Problems beyond those. */
  readonly omitted: number;
  /** Where secrets stand, sorted. */
  readonly secrets: readonly Span[];
  /** Whether every document of the file could be read and is of a known kind. */
  readonly isWhole: boolean;
}

export function examineFile(file: string, bytes: Uint8Array, set: SchemaSet): ExaminedFile {
  const { source, problem } = decode(file, bytes);
  const found = findSecrets(source);
  if (problem) {
    const secrets = found.map(({ span }) => span);
    return { source, candidates: [], problems: [problem], omitted: 0, secrets, isWhole: false };
  }
  const parsed = parseYaml(source);
  const problems: Problem[] = [...parsed.problems];
  const candidates: Candidate[] = [];
  let omitted = 0;
  for (const yaml of parsed.documents) {
    const checked = checkDocument(yaml, set);
    problems.push(...checked.problems);
    omitted += checked.omitted;
    if (checked.kind === undefined) continue;
    const name = valueAt(yaml.value, 'metadata', 'name');
    const isValid = checked.problems.length === 0;
    candidates.push({ source, yaml, kind: checked.kind, name: typeof name === 'string' ? name : undefined, isValid });
  }
  const refused = problems.flatMap(({ code, span }) => (code === 'TU1015' && span ? [span] : []));
  const isWhole = parsed.problems.length === 0 && candidates.length === parsed.documents.length;
  return {
    source,
    candidates,
    problems: [...problems, ...secretWarnings(found, refused)],
    omitted,
    secrets: [...found.map(({ span }) => span), ...refused].sort((a, b) => a.start - b.start),
    isWhole,
  };
}
