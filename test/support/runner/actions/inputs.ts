/**
 * The inputs of an action with their defaults; what is undefined there is required.
 * @throws Error for an input that is missing, or that the action does not have (GitHub only warns of it)
 */
export function inputsOf<Name extends string>(
  action: string,
  known: Readonly<Record<Name, string | undefined>>,
  given: Readonly<Record<string, string>>,
): Readonly<Record<Name, string>> {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) throw new Error(`${action} has no input ${unknown} in this runner`);
  const inputs = { ...known, ...given };
  const missing = Object.keys(inputs).find((name) => inputs[name as Name] === undefined);
  if (missing !== undefined) throw new Error(`Input required and not supplied: ${missing}`);
  return inputs;
}
