export type AnyMethod = (this: unknown, ...values: unknown[]) => unknown;

/** Puts a guard in the place of a method; it is handed the method that was there. */
export function guardMethod(owner: object, name: string, guard: (original: AnyMethod) => AnyMethod): void {
  const original = (owner as Readonly<Record<string, AnyMethod>>)[name];
  if (original === undefined) return;
  Object.defineProperty(owner, name, { value: guard(original), configurable: true, writable: true, enumerable: true });
}
