import { notEmbedded } from '../not-embedded.ts';

/** @throws NotEmbedded for a parameter that is given and not among those known here. */
export function refuseBeyond<Input extends object>(
  command: string,
  input: Input,
  known: readonly (keyof Input & string)[],
): void {
  const beyond = Object.entries(input).find(
    ([name, value]) => value !== undefined && !known.some((one) => one === name),
  );
  if (beyond !== undefined) throw notEmbedded(`${beyond[0]} of ${command}`);
}
