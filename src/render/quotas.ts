import type { Template } from './types.ts';

/** CloudFormation quotas: "Resources", "Outputs" and "Parameters" in one template. */
const MAX_COUNTS = { Resources: 500, Outputs: 200, Parameters: 200 } as const;
/** CloudFormation quotas, "Template body size in an Amazon S3 object": 1 MB. */
const MAX_BYTES = 1_000_000;

/** What CloudFormation would refuse of a template. @param text the template as it is written to its file */
export function overQuotas(template: Template, text: string): readonly string[] {
  const bytes = Buffer.byteLength(text);
  return [
    ...Object.entries(MAX_COUNTS).flatMap(([section, most]) => {
      const count = Object.keys(template[section as keyof typeof MAX_COUNTS] ?? {}).length;
      return count > most ? [`${count} ${section.toLowerCase()}, and a stack takes ${most}`] : [];
    }),
    ...(bytes > MAX_BYTES ? [`${bytes} bytes, and a template takes ${MAX_BYTES}`] : []),
  ];
}
