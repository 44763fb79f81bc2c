import { serviceError } from './errors.ts';

/** "Rate exceeded", retried by the SDK. */
export function throttling(): Error {
  return serviceError('ThrottlingException', 'Rate exceeded', { fields: { $retryable: { throttling: true } } });
}
