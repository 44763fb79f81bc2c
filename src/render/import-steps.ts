import type { RenderedPlace, ResourceToImport, Template } from './types.ts';

/** CloudFormation API reference, CreateChangeSet: members of `ResourcesToImport`. */
const MAX_IMPORTED = 200;

/** One change set of type `IMPORT`. */
export interface ImportStep {
  /** `import`, or `import-1`, `import-2` … where there are several: of the change set and in the names of its files. */
  readonly name: string;
  /**
   * What the stack holds after it: what was imported before, what is imported now, and nothing else. It has no outputs:
   * CloudFormation refuses an import that adds any.
   */
  readonly template: Template;
  readonly resources: readonly ResourceToImport[];
}

/** What a stack takes over, one change set after another. What is referred to comes no later than what refers to it. */
export function importSteps({ template, import: all }: RenderedPlace): readonly ImportStep[] {
  const { Outputs: _outputs, ...rest } = template;
  const resources = Object.entries(template.Resources);
  const count = Math.ceil(resources.length / MAX_IMPORTED);
  return Array.from({ length: count }, (_, index): ImportStep => {
    const end = (index + 1) * MAX_IMPORTED;
    const now = new Set(resources.slice(index * MAX_IMPORTED, end).map(([id]) => id));
    return {
      name: count === 1 ? 'import' : `import-${index + 1}`,
      template: { ...rest, Resources: Object.fromEntries(resources.slice(0, end)) },
      resources: all.filter(({ LogicalResourceId }) => now.has(LogicalResourceId)),
    };
  });
}
