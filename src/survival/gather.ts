import type { Layout } from './layout.ts';

/**
 * Takes the values of a row in the order of its subjects.
 * @returns whether every subject has a finite value
 */
export function gather(layout: Layout, raw: Float64Array, matrix: Float64Array, offset: number): boolean {
  const { n, order } = layout;
  // Zero times a finite number is zero; times anything else it is none.
  let check = 0;
  for (let i = 0; i < n; i += 1) {
    const value = matrix[offset + (order[i] as number)] as number;
    raw[i] = value;
    check += 0 * value;
  }
  return check === 0;
}
