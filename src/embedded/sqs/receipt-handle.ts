import { invalidReceiptHandle } from './errors.ts';

/** What a receipt handle says: it is opaque to clients. */
export interface Receipt {
  /** ARN. */
  readonly queue: string;
  /** Of the message in its queue. */
  readonly key: string;
  /** Another one for each receive. */
  readonly nonce: string;
}

export function writeHandle({ queue, key, nonce }: Receipt): string {
  return Buffer.from([queue, key, nonce].join(' ')).toString('base64');
}

/** @throws ReceiptHandleIsInvalid for what is no handle of the queue. */
export function readHandle(handle: string | undefined, queue: string): Receipt {
  const parts = Buffer.from(handle ?? '', 'base64')
    .toString('utf8')
    .split(' ');
  const [of = '', key = '', nonce = ''] = parts;
  const receipt = { queue: of, key, nonce };
  if (of !== queue || writeHandle(receipt) !== handle) throw invalidReceiptHandle();
  return receipt;
}
