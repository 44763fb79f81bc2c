import type { RenderedPlace, RenderResult, TemplateResource } from '../../src/render/types.ts';

const ROLE: TemplateResource = {
  Type: 'AWS::IAM::Role',
  Metadata: { 'trueup:address': 'ZoneMirror/corp/MirrorRole' },
  DeletionPolicy: 'Delete',
  UpdateReplacePolicy: 'Delete',
  Properties: {},
};

function place(account: string, more: Partial<RenderedPlace> = {}): RenderedPlace {
  return {
    account,
    region: 'eu-west-1',
    template: {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: 'What the estate acme-network declares.',
      Resources: { ZoneMirrorCorpMirrorRole7B878A88: ROLE },
    },
    import: [],
    handlers: [],
    ...more,
  };
}

const small = place('444455556666');
const PARAMETER = { Type: 'String', Description: 'of the hosted zone' } as const;

/** A place with functions, one whose template is too long for a request, and one of each finding. */
export const rendered: RenderResult = {
  format: 'trueup/render@1',
  owner: 'acme-network',
  templates: [
    place('111122223333', {
      handlers: [{ name: 'zone-mirror-ade3aad1.zip', sha256: 'rt6q0Q==' }],
      template: {
        ...small.template,
        Parameters: { HandlersBucket: PARAMETER, HandlersPrefix: PARAMETER, ZoneMirrorCorpZoneBCF57787Id: PARAMETER },
        Resources: Object.fromEntries(
          Array.from({ length: 250 }, (_, index) => [`ZoneMirrorCorpMirrorRole${index}`, ROLE]),
        ),
        Outputs: { RoleArn: { Description: 'ARN', Value: { 'Fn::GetAtt': ['ZoneMirrorCorpMirrorRole0', 'Arn'] } } },
      },
    }),
    small,
  ],
  leftOut: [
    {
      document: 'ZoneMirror/corp',
      resource: 'ZoneMirror/corp/Records',
      why: 'the records of corp.example.com. come from its primary',
    },
  ],
  findings: [
    {
      document: 'ReconcileLoop/main',
      code: 'loop-goes-on',
      severity: 'warning',
      message: 'the loop goes on beside a stack and puts back what the stack changes (mode: heal)',
      hint: 'before an import: delete its document, apply, and render again',
    },
    {
      document: 'ZoneMirror/corp',
      code: 'identifier-to-find',
      severity: 'info',
      message: 'AWS chose the Id of ZoneMirror/corp/Zone',
      hint: 'trueup explain ZoneMirror/corp/Zone',
    },
    {
      document: '',
      code: 'import-in-parts',
      severity: 'info',
      message:
        'one import takes 200 resources, and the template of 111122223333 eu-west-1 has 250: 2 imports into one stack take 200, then 50',
      hint: 'in this order, each with its own template: --out writes them, and prints the commands',
    },
    {
      document: '',
      code: 'template-too-large',
      severity: 'warning',
      message: 'the template of 111122223333 eu-west-1 has 520 resources, and a stack takes 500',
    },
  ],
};

/** @param text in every place that a document, or whoever calls, has a say in */
export function hostileRendering(text: string): RenderResult {
  return {
    ...rendered,
    owner: text,
    templates: [place(text, { region: text })],
    leftOut: [{ document: text, resource: text, why: text }],
    findings: [{ document: text, code: text, severity: 'warning', message: text, hint: text }],
  };
}
