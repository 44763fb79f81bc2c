import type { Value, ValueType } from '../value.ts';
import type { Path } from './path.ts';

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'size'; readonly of: Operand };

/** A condition as it was read; see "Condition and filter expressions, operators, and functions in DynamoDB". */
export type Condition =
  | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'attribute_exists' | 'attribute_not_exists'; readonly operand: Operand }
  | { readonly kind: 'attribute_type'; readonly operand: Operand; readonly type: ValueType }
  | { readonly kind: 'begins_with' | 'contains'; readonly operand: Operand; readonly part: Operand };
