/** One refusal of configuration. Codes are stable: a code never changes its meaning and is never given again. */
export interface CodeEntry {
  readonly title: string;
  readonly explanation: string;
  readonly remedy: string;
}

/** Everything that can be wrong with configuration. `docs/reference.md` prints this table. */
export const CONFIG_CODES = {
  TU1001: {
    title: 'not YAML',
    explanation: 'The text cannot be read as YAML 1.2, or a document is not a mapping.',
    remedy: 'Correct the syntax at the place that is shown. Later errors of the same file may follow from the first.',
  },
  TU1002: {
    title: 'duplicate key',
    explanation: 'A mapping has the same key twice; which value is meant cannot be told.',
    remedy: 'Remove one of the two lines that are named.',
  },
  TU1003: {
    title: 'value not allowed',
    explanation: 'The value is not one that the schema of the kind allows.',
    remedy: 'Write what the message asks for. `trueup schema KIND` prints the whole schema.',
  },
  TU1004: {
    title: 'unknown field',
    explanation: 'The schema of the kind has no such field. Fields are never ignored.',
    remedy: 'Correct the spelling or remove the field.',
  },
  TU1005: {
    title: 'missing field',
    explanation: 'A field that has no default is not there.',
    remedy: 'Add the field.',
  },
  TU1006: {
    title: 'unknown kind',
    explanation: 'There is no such kind of document.',
    remedy: 'Correct `kind`; letter case counts.',
  },
  TU1007: {
    title: 'unknown apiVersion',
    explanation: 'The document is not written in a format this version reads.',
    remedy: 'Write `apiVersion: trueup/v1`.',
  },
  TU1008: {
    title: 'name not allowed',
    explanation: 'Names are 1 to 63 of a-z, 0-9 and -, and no word that JavaScript objects inherit.',
    remedy: 'Choose another name. `metadata.formerly` renames what exists.',
  },
  TU1009: {
    title: 'two documents, one identity',
    explanation: 'Kind and name are the identity of a document; the path of its file means nothing.',
    remedy: 'Rename or remove one of the two.',
  },
  TU1010: {
    title: 'not a regular file',
    explanation: 'Links, pipes, sockets and devices are not read: configuration is what lies in its directory.',
    remedy: 'Put the file itself in its place, or move it out of the directory.',
  },
  TU1011: {
    title: 'too much configuration',
    explanation: 'At most 1 MiB a file, 10,000 files and 64 MiB in all are read.',
    remedy: 'Split the file, or name a smaller directory with --config.',
  },
  TU1012: {
    title: 'not clean text',
    explanation: 'Configuration is UTF-8 without control characters and without a byte order mark inside.',
    remedy: 'Save the file as UTF-8 and remove the character.',
  },
  TU1013: {
    title: 'YAML feature not allowed',
    explanation: 'Tags, merge keys (<<), YAML 1.1 and keys that are not text are refused: they hide what is said.',
    remedy: 'Write the value out.',
  },
  TU1014: {
    title: 'YAML too deep or too large',
    explanation: 'At most 64 levels, 100 aliases a document and 100,000 values a file, aliases written out.',
    remedy: 'Write the document flatter, or split the file.',
  },
  TU1015: {
    title: 'secret in a file',
    explanation: 'Fields for secrets hold references; the value itself never belongs into git.',
    remedy: 'Store the value in SSM or Secrets Manager, refer to it, and replace the secret: git has seen it.',
  },
  TU1016: {
    title: 'looks like a secret',
    explanation: 'The text has the shape of a token, key or password.',
    remedy: 'Store it in SSM or Secrets Manager, and replace it if it is real: git has seen it.',
  },
  TU1017: {
    title: 'text that needs quotes, or not an account id',
    explanation:
      'YAML reads digits as numbers and true as a boolean; leading zeros are lost. Account ids have 12 digits.',
    remedy: 'Quote the value.',
  },
  TU1018: {
    title: 'no Settings',
    explanation: 'A config tree has exactly one document of the kind Settings; without it nothing is planned.',
    remedy: 'Add one, or name the right directory with --config.',
  },
  TU1019: {
    title: 'more than one Settings',
    explanation: 'A config tree has exactly one document of the kind Settings.',
    remedy: 'Remove all but one.',
  },
  TU1020: {
    title: 'unknown account',
    explanation: 'The account is not among `spec.accounts` of Settings.',
    remedy: 'Declare it there or correct the alias.',
  },
  TU1021: {
    title: 'former name in use',
    explanation: 'A name in `formerly` is still declared, or two documents claim it.',
    remedy: 'Remove it from `formerly`, or rename the document that has it.',
  },
  TU1022: {
    title: 'pause out of bounds',
    explanation: 'A pause ends within 90 days, and one that has ended says nothing any more.',
    remedy: 'Set `until` to a day within 90 days, or remove the pause.',
  },
  TU1023: {
    title: 'reserved key',
    explanation: 'Keys such as __proto__ and constructor mean something to JavaScript and are refused everywhere.',
    remedy: 'Choose another key.',
  },
  TU1024: {
    title: 'configuration cannot be read',
    explanation: 'The directory or file does not exist or may not be read.',
    remedy: 'Check the path and its permissions.',
  },
  TU1025: {
    title: 'more errors',
    explanation: 'Only the first 100 are listed.',
    remedy: 'Correct these and validate again.',
  },
  TU1026: {
    title: 'account out of reach',
    explanation: 'Without roles the caller’s own credentials are used, which reach the default account only.',
    remedy: 'Add planRole and applyRole to the account.',
  },
  TU1027: {
    title: 'no permissions boundary',
    explanation: 'Every role that trueup makes carries a permissions boundary, and Settings do not name one.',
    remedy: 'Write `permissionsBoundary:` with the name of a policy that exists in every account.',
  },
  TU1028: {
    title: 'document too large for its function',
    explanation: 'A function gets its document in an environment variable, compressed; Lambda takes 4 KB in all.',
    remedy: 'Shorten the list that the message names, or split the document.',
  },
  TU1029: {
    title: 'unknown name within the document',
    explanation: 'A field names something that the same document should declare, and does not.',
    remedy: 'Declare it, or correct the name.',
  },
  TU1030: {
    title: 'fields that do not go together',
    explanation: 'Each of the fields is fine, but with the other one it means nothing or loses something.',
    remedy: 'Change the one that the message names as its hint says.',
  },
  TU1031: {
    title: 'window too narrow',
    explanation:
      'A run that comes late, or after a longer pause than most, looks back too little to see all that fell due.',
    remedy: 'Widen the window, or change the mode, as the hint says.',
  },
  TU1032: {
    title: 'no role to work as',
    explanation:
      'A function that works on the whole estate does so as the roles that Settings name for the default account, and none is named.',
    remedy: 'Add planRole and applyRole to the default account.',
  },
  TU1033: {
    title: 'little time',
    explanation: 'The longest run of the function is so short that most of its time goes into beginning.',
    remedy: 'Give the function more time.',
  },
  TU1034: {
    title: 'dynamic reference of CloudFormation',
    explanation:
      'In place of {{resolve:…}} CloudFormation would put a parameter or a secret, in any text of a template; `render` refuses it.',
    remedy: 'Write the text otherwise. Nothing is interpolated in trueup.',
  },
  TU1035: {
    title: 'pattern that is refused',
    explanation:
      'Patterns are matched in time proportional to the text, so that no text can make them slow; look-around and back-references cannot be.',
    remedy: 'Write the pattern in the syntax of RE2.',
  },
  TU1036: {
    title: 'claimed by two documents',
    explanation: 'Another document has what only one can have, such as the notifications of a bucket.',
    remedy: 'Put both into one document, or give one of them another name, as the hint says.',
  },
  TU1037: {
    title: 'copies in a circle',
    explanation:
      'What a document copies or deletes may be taken by the next one, and so on, back to where it began. What cannot be told apart counts as taken.',
    remedy:
      'Copy to a prefix that the filter of the next document leaves out, or do not replicate deletions on all of the way.',
  },
} as const satisfies Record<string, CodeEntry>;

export type ConfigCode = keyof typeof CONFIG_CODES;
