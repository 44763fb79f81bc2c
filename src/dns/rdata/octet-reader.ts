import { MalformedRdataError } from '../errors.ts';
import type { WireName } from '../types.ts';

/** RFC 1035 §2.3.4. */
const MAX_LABEL = 63;
const MAX_NAME = 255;

/** Takes RDATA apart from the left, and throws {@link MalformedRdataError} rather than read beyond its end. */
export class OctetReader {
  readonly #octets: string;
  #at = 0;

  constructor(octets: string) {
    this.#octets = octets;
  }

  get done(): boolean {
    return this.#at === this.#octets.length;
  }

  take(length: number): string {
    const end = this.#at + length;
    if (end > this.#octets.length) throw new MalformedRdataError('The RDATA ends within a field.');
    const taken = this.#octets.slice(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** An unsigned number in network order; at most 32 bits. */
  number(octets: number): number {
    let value = 0;
    for (const octet of this.take(octets)) value = value * 0x100 + octet.charCodeAt(0);
    return value;
  }

  rest(): string {
    return this.take(this.#octets.length - this.#at);
  }

  /** A character-string without its length octet. */
  characterString(): string {
    return this.take(this.number(1));
  }

  /** An uncompressed name. */
  name(): WireName {
    const start = this.#at;
    for (let length = this.number(1); length > 0; length = this.number(1)) {
      if (length > MAX_LABEL) throw new MalformedRdataError('A label in the RDATA is too long.');
      this.take(length);
    }
    const name = this.#octets.slice(start, this.#at);
    if (name.length > MAX_NAME) throw new MalformedRdataError('A name in the RDATA is too long.');
    return name;
  }

  end(): void {
    if (!this.done) throw new MalformedRdataError('The RDATA goes on after its last field.');
  }
}
