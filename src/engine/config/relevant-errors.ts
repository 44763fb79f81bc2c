import type { ErrorObject } from 'ajv';

/** Keywords whose errors speak of a field of the value, not of the value as a whole. */
const ABOUT_FIELDS: ReadonlySet<string> = new Set(['additionalProperties', 'required', 'propertyNames']);

/** Keywords whose failure says that a value has not the shape of an alternative at all. */
const ABOUT_SHAPE: ReadonlySet<string> = new Set(['type', 'const', 'enum']);

function branchOf(error: ErrorObject, choice: ErrorObject): string | undefined {
  const prefix = `${choice.schemaPath}/`;
  return error.schemaPath.startsWith(prefix) ? error.schemaPath.slice(prefix.length).split('/', 1)[0] : undefined;
}

/** Errors of a failed choice that say nothing: of all alternatives but the one whose shape the value has. */
function noiseOf(choice: ErrorObject, errors: readonly ErrorObject[]): ErrorObject[] {
  const inside = errors.filter(
    (error) => branchOf(error, choice) !== undefined && error.instancePath.startsWith(choice.instancePath),
  );
  const alternatives = Array.isArray(choice.schema) ? choice.schema.map((_, index) => String(index)) : [];
  const shapeless = new Set(
    inside
      .filter((error) => error.instancePath === choice.instancePath && ABOUT_SHAPE.has(error.keyword))
      .map((error) => branchOf(error, choice)),
  );
  const [meant, ...others] = alternatives.filter((branch) => !shapeless.has(branch));
  if (meant === undefined || others.length > 0) return inside;
  return [choice, ...inside.filter((error) => branchOf(error, choice) !== meant)];
}

/** The validator's errors without those that repeat another: at most one about each value, and one about each field. */
export function relevantErrors(errors: readonly ErrorObject[]): ErrorObject[] {
  const noise = new Set<ErrorObject>(errors.filter(({ keyword }) => keyword === 'if'));
  for (const choice of errors.filter(({ keyword }) => keyword === 'oneOf')) {
    for (const error of noiseOf(choice, errors)) noise.add(error);
  }
  const badKeys = new Set(
    errors
      .filter(({ keyword }) => keyword === 'propertyNames')
      .map(({ instancePath, params }) => `${instancePath}\n${String(params['propertyName'])}`),
  );
  const said = new Set<string>();
  return errors.filter((error) => {
    if (noise.has(error)) return false;
    if (ABOUT_FIELDS.has(error.keyword)) return true;
    if (typeof error.data === 'string' && badKeys.has(`${error.instancePath}\n${error.data}`)) return false;
    const isFirst = !said.has(error.instancePath);
    said.add(error.instancePath);
    return isFirst;
  });
}
