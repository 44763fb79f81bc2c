/** From here on a body says what has happened since; what stands above it stays as it was written. */
const STATUS_LINE = '<!-- trueup:status -->';

/** The body with this status in place of whatever status it had. */
export function withStatus(body: string, status: string): string {
  const at = body.lastIndexOf(`\n${STATUS_LINE}\n`);
  const kept = (at < 0 ? body : body.slice(0, at)).trimEnd();
  return `${kept}\n\n${STATUS_LINE}\n${status.trimEnd()}\n`;
}
