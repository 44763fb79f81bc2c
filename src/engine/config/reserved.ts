const RESERVED: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

/** Does the word mean something to every JavaScript object (threat T06)? */
export function isReserved(word: string): boolean {
  return RESERVED.has(word);
}
