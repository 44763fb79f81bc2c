import { serviceError } from '../errors.ts';
import type { Functions, Host } from '../host.ts';

/** Runs deployed functions, each execution environment in a worker thread. */
export function openFunctions(_host: Omit<Host, 'functions'>): Functions {
  return {
    invoke: (functionArn) =>
      Promise.reject(serviceError('ResourceNotFoundException', `Function not found: ${functionArn}`, { status: 404 })),
    deliver: () => Promise.resolve(),
    close() {},
  };
}
