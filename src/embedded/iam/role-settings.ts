import type {
  DeleteRolePermissionsBoundaryRequest,
  ListRoleTagsRequest,
  ListRoleTagsResponse,
  PutRolePermissionsBoundaryRequest,
  TagRoleRequest,
  UntagRoleRequest,
} from '@aws-sdk/client-iam';
import type { CallContext } from '../service.ts';
import { addTags, checkBoundary, removeTags } from './input.ts';
import { ownRole, saveRole } from './model.ts';
import { page } from './paging.ts';
import { listTags } from '../tags.ts';

export function putBoundary(input: PutRolePermissionsBoundaryRequest, context: CallContext): object {
  const role = ownRole(input.RoleName, context);
  saveRole({ ...role, boundary: checkBoundary(input.PermissionsBoundary) }, context);
  return {};
}

export function deleteBoundary(input: DeleteRolePermissionsBoundaryRequest, context: CallContext): object {
  const { boundary: _before, ...role } = ownRole(input.RoleName, context);
  saveRole(role, context);
  return {};
}

export function tagRole(input: TagRoleRequest, context: CallContext): object {
  const role = ownRole(input.RoleName, context);
  saveRole({ ...role, tags: addTags(role.tags, input.Tags) }, context);
  return {};
}

export function untagRole(input: UntagRoleRequest, context: CallContext): object {
  const role = ownRole(input.RoleName, context);
  saveRole({ ...role, tags: removeTags(role.tags, input.TagKeys) }, context);
  return {};
}

export function listRoleTags(input: ListRoleTagsRequest, context: CallContext): ListRoleTagsResponse {
  const tags = listTags(ownRole(input.RoleName, context).tags);
  const { items, rest } = page(tags, input, ({ Key }) => Key);
  return { Tags: [...items], ...rest };
}
