import type { Transaction } from '../store/database.ts';
import { VPC } from './model.ts';

/** The account that has a VPC; undefined: nobody has it. */
export function vpcOwner(vpc: { readonly id: string; readonly region: string }, data: Transaction): string | undefined {
  const key = data.keys(VPC.rows).find((row) => row.endsWith(` ${vpc.region} ${vpc.id}`));
  return key?.split(' ')[0];
}
