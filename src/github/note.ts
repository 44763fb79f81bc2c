/** From here on a body says what could not be looked at since; what stands above it stays as it was written. */
const NOTE_LINE = '<!-- trueup:note -->';

/** The body with this note in place of whatever note it had. */
export function withNote(body: string, note: string): string {
  const at = body.indexOf(`\n${NOTE_LINE}\n`);
  const kept = (at < 0 ? body : body.slice(0, at)).trimEnd();
  return `${kept}\n\n${NOTE_LINE}\n\n${note.trimEnd()}\n`;
}

export function hasNote(body: string): boolean {
  return body.includes(`\n${NOTE_LINE}\n`);
}
