import { TransferError } from '../../src/dns/transfer/errors.ts';

/** The TransferError that a transfer ends in; a test that expects one fails with anything else. */
export async function failureOf(transfer: Promise<unknown>): Promise<TransferError> {
  const error = await transfer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof TransferError) return error;
  throw new Error(`a TransferError was expected, not ${String(error)}`);
}
