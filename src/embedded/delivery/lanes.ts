/** Work in lanes: in each of them so much at once, the rest in turn. */
export interface Lanes {
  run(lane: string, work: () => Promise<void>): Promise<void>;
}

export function createLanes(atOnce: number): Lanes {
  const lanes = new Map<string, Lane>();
  return {
    run(name, work) {
      const lane = lanes.get(name) ?? new Lane(atOnce);
      lanes.set(name, lane);
      return lane.run(work);
    },
  };
}

class Lane {
  #free: number;
  #waiting: (() => void)[] = [];
  #next = 0;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  async run(work: () => Promise<void>): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      await work();
    } finally {
      this.#pass();
    }
  }

  /** Hands the place on, or gives it back. */
  #pass(): void {
    const resume = this.#waiting[this.#next];
    if (resume !== undefined) {
      this.#next += 1;
      resume();
      return;
    }
    this.#waiting = [];
    this.#next = 0;
    this.#free += 1;
  }
}
