import type { Plan } from '../../engine/types.ts';
import { callersOf } from '../../report/callers.ts';
import { count } from '../../report/format.ts';
import { groupedGrants, permissionsByRole } from '../../report/permissions.ts';
import { stopsOf } from '../../report/plan-markdown.ts';
import { alerts } from '../../report/plan-text.ts';
import type { PlanModel } from '../../report/plan-model.ts';
import { codeSpan } from '../../report/markdown.ts';
import { nameSpan, sentenceSpan, warningRow } from './page.ts';
import { LEAST_ROOM, fit } from './room.ts';

/** What else a reviewer must not miss: what is blocked or not seen, what stops, who may call, permissions gained, warnings. */
export function alertRows(plan: Plan, model: PlanModel, room: number): string {
  const rows = [
    // Guards have rows of their own.
    ...alerts({ ...plan, guards: [] }, model).map(([, , text]) => text),
    ...findingRows(plan, model, 'blocks'),
    ...stopRows(model),
    ...callerRows(model),
    ...gainRows(model),
    ...findingRows(plan, model, 'warning'),
  ];
  const { text, left } = fit(rows, room - LEAST_ROOM / 2, warningRow);
  if (left.length === 0) return text;
  return text + warningRow(`${count(left.length)} more warnings and permissions: the summary of the run has them`);
}

function findingRows(plan: Plan, model: PlanModel, severity: 'blocks' | 'warning'): readonly string[] {
  const findings = [...plan.findings, ...model.blocks.flatMap((block) => block.findings)];
  return findings
    .filter((finding) => finding.severity === severity)
    .map(({ document, message }) => `${document === '' ? '' : `${nameSpan(document)} `}${sentenceSpan(message)}`);
}

function stopRows({ blocks }: PlanModel): readonly string[] {
  return blocks.flatMap(({ address, effects }) =>
    effects.flatMap(stopsOf).map((text) => `${nameSpan(address)} ${codeSpan(text)}`),
  );
}

function callerRows({ blocks }: PlanModel): readonly string[] {
  return blocks.flatMap(({ address, effects }) =>
    effects
      .flatMap((effect) => callersOf(effect) ?? [])
      .flatMap(({ route, gains }) =>
        gains.map((gain) => `${nameSpan(address)}: ${codeSpan(route)} may be called by ${codeSpan(gain)}`),
      ),
  );
}

/** Whole: a permission that is cut in the middle is not reviewed (threats T63). */
function gainRows({ blocks }: PlanModel): readonly string[] {
  return permissionsByRole(blocks.flatMap(({ effects }) => effects)).flatMap(({ role, gains }) =>
    groupedGrants(gains).map((gain) => `role ${nameSpan(role)} gains ${codeSpan(gain)}`),
  );
}
