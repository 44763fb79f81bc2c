/** Octets of the length that precedes each message over TCP (RFC 1035 §4.2.2). */
const LENGTH_OCTETS = 2;

/** Puts the two-octet length before a message. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(LENGTH_OCTETS + message.length);
  framed.writeUInt16BE(message.length, 0);
  framed.set(message, LENGTH_OCTETS);
  return framed;
}

/** Cuts a TCP stream into messages. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #have = 0;
  #need = LENGTH_OCTETS;

  /** Octets received that are not yet a whole message. */
  get pending(): number {
    return this.#have;
  }

  /** Takes what came and returns the messages that are now whole; they may share memory with `chunk`. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#have += chunk.length;
    if (this.#have < this.#need) return [];
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#have);
    const messages: Buffer[] = [];
    let at = 0;
    this.#need = lengthAt(bytes, at);
    while (bytes.length - at >= this.#need) {
      messages.push(bytes.subarray(at + LENGTH_OCTETS, at + this.#need));
      at += this.#need;
      this.#need = lengthAt(bytes, at);
    }
    this.#chunks = at === bytes.length ? [] : [bytes.subarray(at)];
    this.#have = bytes.length - at;
    return messages;
  }
}

/** Octets of the whole frame that starts at `at`; just the length field while that is not all there. */
function lengthAt(bytes: Buffer, at: number): number {
  return bytes.length - at < LENGTH_OCTETS ? LENGTH_OCTETS : LENGTH_OCTETS + bytes.readUInt16BE(at);
}
