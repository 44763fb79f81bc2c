import type { Address, Finding, Place, Value } from '../engine/types.ts';

/** CloudFormation's words for what an estate declares (CloudFormation user guide, "Template anatomy"). */

export interface TemplateResource {
  readonly Type: string;
  /** The address of the resource in trueup. */
  readonly Metadata: { readonly 'trueup:address': Address };
  readonly DependsOn?: readonly string[];
  /** What becomes of the object when its stack is deleted: an import asks that every resource says it. */
  readonly DeletionPolicy: 'Delete' | 'Retain';
  readonly UpdateReplacePolicy: 'Delete' | 'Retain';
  readonly Properties: Readonly<Record<string, Value>>;
}

export interface TemplateParameter {
  readonly Type: 'String';
  readonly Description: string;
  readonly Default?: string;
}

/** For people and programs beside the stack: no other stack imports it. */
export interface TemplateOutput {
  readonly Description: string;
  readonly Value: Value;
}

/** The whole of it, to make a stack anew and to update one. A change set that imports takes it in another form (`importSteps`). */
export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  /** By logical id. */
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
}

/** An object that exists, as `create-change-set --resources-to-import` takes it. */
export interface ResourceToImport {
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  /** By the primary identifier of the type. */
  readonly ResourceIdentifier: Readonly<Record<string, string>>;
}

/** The code of a function, which its template takes from S3. */
export interface HandlerFile {
  /** `zone-mirror-<SHA-256 in hex>.zip`, which follows the prefix in S3. */
  readonly name: string;
  /** SHA-256 of the zip, base64. */
  readonly sha256: string;
}

/** What one account and region takes. */
export interface RenderedPlace extends Place {
  readonly template: Template;
  readonly import: readonly ResourceToImport[];
  readonly handlers: readonly HandlerFile[];
}

/** What CloudFormation cannot hold. */
export interface LeftOut {
  /** `kind/name`. */
  readonly document: Address;
  /** Address of a resource, or of one of its properties: `kind/name/id.Property`. */
  readonly resource: string;
  readonly why: string;
}

/** What `trueup render` prints: `trueup/render@1`. */
export interface RenderResult {
  readonly format: 'trueup/render@1';
  readonly owner: string;
  readonly templates: readonly RenderedPlace[];
  readonly leftOut: readonly LeftOut[];
  readonly findings: readonly Finding[];
}
