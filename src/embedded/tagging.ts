import type {
  GetResourcesInput,
  GetResourcesOutput,
  ResourceTagMapping,
  TagFilter,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { serviceError } from './errors.ts';
import { notEmbedded } from './not-embedded.ts';
import { pageOf } from './paging.ts';
import { read } from './service.ts';
import type { Service, TaggedResource } from './service.ts';
import { MAX_TAG_KEY, listTags } from './tags.ts';

/** GetResources, ResourcesPerPage: 1 to 100; the default is not documented, and less than that may come anyway. */
const MAX_PAGE = 100;
const DEFAULT_PAGE = 50;
/** GetResources, TagFilters: "up to 50 keys, and each key can include up to 20 values". */
const MAX_FILTERS = 50;
const MAX_VALUES = 20;
/** GetResources, ResourceTypeFilters: "up to 100 items". */
const MAX_TYPES = 100;

const NOT_EMBEDDED = [
  'ExcludeCompliantResources',
  'IncludeComplianceDetails',
  'ResourceARNList',
  'TagsPerPage',
] satisfies (keyof GetResourcesInput)[];

/**
 * Resource Groups Tagging API: what carries which tags, in one account and region. It lists what the services
 * themselves tell (`Service.tagged`); IAM roles are not among it, as at AWS ("Services that support the Resource Groups
 * Tagging API"). Not modelled: what lost all its tags, which AWS lists without any, and the seconds until a change shows.
 *
 * @param services every service of the account.
 */
export function taggingApi(services: () => readonly Service[]): Service {
  return {
    eventSource: 'tagging.amazonaws.com',
    actionPrefix: 'tag',
    deniedName: 'AccessDeniedException',
    secretFields: [],
    throttled: () => refusal('ThrottledException', 'Rate exceeded'),
    operations: {
      GetResources: read((input: GetResourcesInput, context) => {
        const tagged = services().flatMap((service) => service.tagged?.(context) ?? []);
        return getResources(input, tagged);
      }),
    },
  };
}

function getResources(input: GetResourcesInput, tagged: readonly TaggedResource[]): GetResourcesOutput {
  const refused = NOT_EMBEDDED.find((field) => input[field] !== undefined);
  if (refused !== undefined) throw notEmbedded(`${refused} of GetResources`);
  const size = input.ResourcesPerPage ?? DEFAULT_PAGE;
  if (size < 1 || size > MAX_PAGE) throw invalid(`ResourcesPerPage must be from 1 to ${MAX_PAGE}: ${size}`);
  const types = input.ResourceTypeFilters ?? [];
  if (types.length > MAX_TYPES) throw invalid(`ResourceTypeFilters must have at most ${MAX_TYPES} items.`);
  const filters = checkFilters(input.TagFilters ?? []);
  const wanted = tagged
    .filter(({ tags }) => Object.keys(tags).length > 0)
    .filter(({ type }) => types.length === 0 || types.some((filter) => isOfType(type, filter)))
    .filter(({ tags }) => filters.every((filter) => isMatch(tags, filter)));
  // An empty token begins the list and, in an answer, ends it.
  const token = input.PaginationToken === '' ? undefined : input.PaginationToken;
  const refuse = (): Error => invalid('The specified PaginationToken is invalid.');
  const { items, next } = pageOf(wanted, ({ arn }) => arn, { token, size }, refuse);
  return { PaginationToken: next ?? '', ResourceTagMappingList: items.map(show) };
}

function show({ arn, tags }: TaggedResource): ResourceTagMapping {
  return { ResourceARN: arn, Tags: listTags(tags) };
}

/** `ec2` are all resources of the service, `ec2:vpc` those of the type. */
function isOfType(type: string, filter: string): boolean {
  return type === filter || type.startsWith(`${filter}:`);
}

/** The values are alternatives; without any, every value will do. */
function isMatch(tags: TaggedResource['tags'], { Key: key = '', Values: values = [] }: TagFilter): boolean {
  return Object.hasOwn(tags, key) && (values.length === 0 || values.includes(tags[key] ?? ''));
}

function checkFilters(filters: readonly TagFilter[]): readonly TagFilter[] {
  if (filters.length > MAX_FILTERS) throw invalid(`TagFilters must have at most ${MAX_FILTERS} keys.`);
  for (const { Key: key = '', Values: values = [] } of filters) {
    if (key === '' || key.length > MAX_TAG_KEY) {
      throw invalid(`The key of a tag filter must have 1 to ${MAX_TAG_KEY} characters: ${key}`);
    }
    if (values.length > MAX_VALUES) throw invalid(`The tag filter ${key} must have at most ${MAX_VALUES} values.`);
  }
  return filters;
}

function invalid(message: string): Error {
  return refusal('InvalidParameterException', message);
}

function refusal(name: string, message: string): Error {
  return serviceError(name, message, { fields: { Message: message } });
}
