import { serviceError } from '../errors.ts';
import type { ServiceError } from '../errors.ts';

/**
 * Errors of SQS by their modelled names, as the SDK gives them; `Code` is the name that SQS had for them before it spoke
 * JSON (the model's `awsQueryError`), and what batches name them by.
 */
function refusal(name: string, message: string, code: string = name, status: number = 400): ServiceError {
  return serviceError(name, message, { status, fields: { Type: 'Sender', Code: code } });
}

function ofQueues(name: string, message: string, code: string = name, status: number = 400): ServiceError {
  return refusal(name, message, `AWS.SimpleQueueService.${code}`, status);
}

export function queueDoesNotExist(): Error {
  return ofQueues('QueueDoesNotExist', 'The specified queue does not exist.', 'NonExistentQueue');
}

export function queueNameExists(attribute: string): Error {
  const why = `A queue already exists with the same name and a different value for attribute ${attribute}`;
  return refusal('QueueNameExists', why, 'QueueAlreadyExists');
}

export function queueDeletedRecently(seconds: number): Error {
  const message = `You must wait ${seconds} seconds after deleting a queue before you can create another with the same name.`;
  return ofQueues('QueueDeletedRecently', message);
}

export function purgeInProgress(name: string, seconds: number): Error {
  const message = `Only one PurgeQueue operation on ${name} is allowed every ${seconds} seconds.`;
  return ofQueues('PurgeQueueInProgress', message, 'PurgeQueueInProgress', 403);
}

export function invalidAddress(url: string): Error {
  return refusal('InvalidAddress', `The address ${url} is not valid for this endpoint.`, 'InvalidAddress', 404);
}

export function invalidAttributeName(name: string): Error {
  return refusal('InvalidAttributeName', `Unknown Attribute ${name}.`);
}

export function invalidAttributeValue(name: string, why?: string): Error {
  const reason = why === undefined ? '' : ` Reason: ${why}`;
  return refusal('InvalidAttributeValue', `Invalid value for the parameter ${name}.${reason}`);
}

/** A value that no modelled error stands for. */
export function invalidParameter(message: string): Error {
  return refusal('InvalidParameterValueException', message, 'InvalidParameterValue');
}

export function missingParameter(name: string): Error {
  const message = `The request must contain the parameter ${name}.`;
  return refusal('MissingRequiredParameterException', message, 'MissingParameter');
}

export function invalidMessageContents(): Error {
  return refusal(
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | …',
  );
}

export function invalidReceiptHandle(): Error {
  const message = 'The input receipt handle is invalid.';
  return refusal('ReceiptHandleIsInvalid', message, 'ReceiptHandleIsInvalid', 404);
}

export function messageNotInFlight(): Error {
  return ofQueues('MessageNotInflight', 'The specified message is not in flight.');
}

export function overLimit(message: string): Error {
  return refusal('OverLimit', message, 'OverLimit', 403);
}

export function emptyBatch(): Error {
  return ofQueues('EmptyBatchRequest', 'There should be at least one entry in the request.');
}

export function tooManyEntries(most: number, count: number): Error {
  const message = `Maximum number of entries per request are ${most}. You have sent ${count}.`;
  return ofQueues('TooManyEntriesInBatchRequest', message);
}

export function invalidEntryId(): Error {
  const message = 'A batch entry id can only contain alphanumeric characters, hyphens and underscores, at most 80.';
  return ofQueues('InvalidBatchEntryId', message);
}

export function idsNotDistinct(id: string): Error {
  return ofQueues('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
}

export function batchTooLong(most: number, size: number): Error {
  const message = `Batch requests cannot be longer than ${most} bytes. You have sent ${size} bytes.`;
  return ofQueues('BatchRequestTooLong', message);
}

export function throttled(): Error {
  return serviceError('RequestThrottled', 'Request is throttled.', {
    status: 403,
    fields: { Type: 'Sender', Code: 'RequestThrottled', $retryable: { throttling: true } },
  });
}
