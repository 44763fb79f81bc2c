export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface ProgressOptions {
  readonly stream: ProgressStream;
  readonly quiet: boolean;
  /** Milliseconds. */
  now(): number;
}

export interface Progress {
  step(document: string, text: string): void;
  done(document: string, text: string): void;
  end(): void;
}

export function createProgress({ stream, quiet }: ProgressOptions): Progress {
  return {
    step() {},
    done(document, text) {
      if (!quiet) stream.write(`${document}  ${text}\n`);
    },
    end() {},
  };
}
