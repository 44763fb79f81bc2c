export interface DisjointSets {
  find(item: number): number;
  join(a: number, b: number): void;
}

/** Union-find over 0 … count - 1; the representative of a set is its smallest member. */
export function disjointSets(count: number): DisjointSets {
  const parents = new Uint32Array(count).map((_, index) => index);

  function find(item: number): number {
    let root = item;
    for (let parent = parents[root] ?? root; parent !== root; parent = parents[root] ?? root) {
      parents[root] = parents[parent] ?? parent;
      root = parent;
    }
    return root;
  }

  function join(a: number, b: number): void {
    const [rootA, rootB] = [find(a), find(b)];
    parents[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  }

  return { find, join };
}
