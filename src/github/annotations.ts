import type { Diagnostic, Plan, ValidateResult } from '../engine/types.ts';
import { escapeText } from '../report/escape.ts';
import { fold } from '../report/fold.ts';
import { createStyle } from '../report/style.ts';

/**
 * GitHub shows ten errors and ten warnings of a step, and fifty of a job; further ones stand in the log and nowhere else
 * (GitHub, "Workflow commands", *Limitations*).
 */
const SHOWN_OF_EACH = 10;
/** Columns of a message; whole ones stand in the report. */
const MESSAGE_ROOM = 500;
const STYLE = createStyle({ color: false, width: 120, unicode: true });

interface Annotation {
  readonly level: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  readonly column?: number;
}

/** Workflow commands that show what is wrong with a configuration at its place, errors first. */
export function validateAnnotations({ errors, warnings }: ValidateResult): string {
  return commands([
    ...errors.map((error) => diagnosticAnnotation('error', error)),
    ...warnings.map((warning) => diagnosticAnnotation('warning', warning)),
  ]);
}

/** Workflow commands that show what blocks a plan, or stands in its way, at the documents in question. */
export function planAnnotations(plan: Plan): string {
  const places = new Map(plan.documents.map(({ kind, name, file, line }) => [`${kind}/${name}`, { file, line }]));
  const findings = [...plan.findings, ...plan.documents.flatMap((document) => document.findings)];
  return commands([
    ...findings
      .filter(({ severity }) => severity === 'blocks')
      .map(({ code, document, message }) => blockingAnnotation(document, code, message)),
    ...plan.guards
      .filter(({ allowed }) => !allowed)
      .map(({ code, document = '', message }) => blockingAnnotation(document, `guard ${code}`, message)),
  ]);

  function blockingAnnotation(document: string, title: string, message: string): Annotation {
    return { ...places.get(document), level: 'error', title, message };
  }
}

function diagnosticAnnotation(
  of: Annotation['level'],
  { code, message, hint, file, line, column }: Diagnostic,
): Annotation {
  return {
    level: of,
    title: code,
    message: hint === undefined ? message : `${message}: ${hint}`,
    ...(file !== null && { file }),
    ...(line > 0 && { line }),
    ...(column > 0 && { column }),
  };
}

function commands(annotations: readonly Annotation[]): string {
  const shown = (['error', 'warning'] as const).flatMap((one) =>
    annotations.filter((annotation) => annotation.level === one).slice(0, SHOWN_OF_EACH),
  );
  return shown.map(command).join('');
}

/** `::error file=a.yaml,line=3,col=5,title=TU1003::message` */
function command({ level: name, title, message, file, line, column }: Annotation): string {
  const properties = [
    ...(file === undefined ? [] : [`file=${escapeProperty(fileText(file))}`]),
    ...(line === undefined ? [] : [`line=${line}`]),
    ...(column === undefined ? [] : [`col=${column}`]),
    `title=${escapeProperty(escapeText(title))}`,
  ];
  return `::${name} ${properties.join(',')}::${escapeData(fold(message, MESSAGE_ROOM, STYLE))}\n`;
}

/** The exact name where it can be printed: the runner decodes line ends, nobody decodes other controls. */
function fileText(file: string): string {
  return file.replace(/[^\r\n]+/gu, (part) => escapeText(part));
}

/** The runner decodes these in the data of a command. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** And these in its properties. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
