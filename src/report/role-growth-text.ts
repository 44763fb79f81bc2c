import type { Finding, Value } from '../engine/types.ts';
import { indent, paragraph } from './layout.ts';
import { groupedGrants } from './permissions.ts';
import type { Line, Style } from './style.ts';

const CODE = 'role-grows';

/** Under the finding that a role grows: every action that comes, on what, and every one that goes. Nothing is left out. */
export function roleGrowthLines({ code, data }: Finding, column: number, style: Style): readonly Line[] {
  if (code !== CODE || !data) return [];
  return [...grantLines('+', data['adds']), ...grantLines('-', data['takes'])];

  function grantLines(symbol: '+' | '-', list: Value | undefined): readonly Line[] {
    return groupedGrants(grantsOf(list)).flatMap((grant) =>
      paragraph(style, {
        lead: [indent(column), style.say(symbol, symbol === '+' ? 'add' : 'delete'), indent(1)],
        hang: column + 4,
        text: style.text(grant),
      }),
    );
  }
}

function grantsOf(list: Value | undefined): readonly string[] {
  if (!Array.isArray(list)) return [];
  return (list as readonly Value[]).flatMap((item) => {
    const { action, resource } = (item ?? {}) as { readonly action?: unknown; readonly resource?: unknown };
    return typeof action === 'string' && typeof resource === 'string' ? [`${action} on ${resource}`] : [];
  });
}
