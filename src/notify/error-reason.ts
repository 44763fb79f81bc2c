/** What AWS calls it, or the action that it does not allow. All else that an error says may quote what was sent. */
const ERROR_NAME = /^((?:[A-Z][a-z]{1,20}){2,6})(?=:)/;
const NOT_ALLOWED = /is not authorized to perform: ([a-z0-9-]{2,40}:[A-Za-z]{2,80})(?![\w-])/;

/** ` (InvalidChangeBatch)`, ` (not allowed: lambda:CreateFunction)`, or nothing. */
export function reasonOf(error: string): string {
  const [, action] = NOT_ALLOWED.exec(error) ?? [];
  if (action !== undefined) return ` (not allowed: ${action})`;
  const [, name] = ERROR_NAME.exec(error) ?? [];
  return name === undefined ? '' : ` (${name})`;
}
