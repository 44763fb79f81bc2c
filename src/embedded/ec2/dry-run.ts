import type { CallContext } from '../service.ts';
import { dryRunOperation } from './errors.ts';

/** Permissions are asked before; a dry run ends there. */
export function dry<Input extends { readonly DryRun?: boolean | undefined }, Output>(
  run: (input: Input, context: CallContext) => Output,
): (input: Input, context: CallContext) => Output {
  return (input, context) => {
    if (input.DryRun === true) throw dryRunOperation();
    return run(input, context);
  };
}
