import { findInstanceSchedule } from '../operations/schedules.ts';
import { ownerPolicy } from '../reconcilers/instance-schedule/owner-policy.ts';
import { EXIT } from './exit-codes.ts';
import { createOutput, openReportFile } from './output.ts';
import { loadProject } from './session.ts';
import type { SharedFlags } from './session.ts';

/** The IAM policy that lets owners of instances set the schedule tag, and no other; as text the policy alone, for AWS's tools. */
export async function runOwnerPolicy(name: string, flags: SharedFlags): Promise<number> {
  const output = createOutput(flags);
  const report = flags.out === undefined ? undefined : openReportFile(flags.out);
  const project = await loadProject(flags, output);
  if (!project) return EXIT.invalid;
  const policy = ownerPolicy(findInstanceSchedule(project, name), project.estate);
  const document = { format: 'trueup/owner-policy@1', policy };
  report?.write(document);
  output.result(document, () => `${JSON.stringify(policy, null, 2)}\n`, EXIT.ok);
  return EXIT.ok;
}
