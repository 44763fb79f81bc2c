import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { frame, FrameReader } from './frames.ts';

describe('FrameReader', () => {
  it('gives the same messages however the stream is cut', () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 10 });
    fc.assert(
      fc.property(messages, fc.infiniteStream(fc.integer({ min: 1, max: 300 })), (sent, sizes) => {
        const stream = Buffer.concat(sent.map(frame));
        const reader = new FrameReader();
        const received: Buffer[] = [];
        for (let at = 0; at < stream.length;) {
          const size = sizes.next().value;
          received.push(...reader.push(stream.subarray(at, at + size)));
          at += size;
        }

        expect(received.map((message) => [...message])).toEqual(sent.map((message) => [...message]));
        expect(reader.pending).toBe(0);
      }),
    );
  });

  it.each([
    { what: 'half a length', octets: [0], pending: 1 },
    { what: 'a length without its message', octets: [0, 2], pending: 2 },
    { what: 'a message cut off', octets: [0, 2, 1], pending: 3 },
    { what: 'a message and the start of the next', octets: [0, 1, 9, 0], pending: 1 },
  ])('keeps $what', ({ octets, pending }) => {
    const reader = new FrameReader();
    reader.push(Buffer.from(octets));

    expect(reader.pending).toBe(pending);
  });
});
