// Refuses requests of an organization-wide installation, whose payloads name no workspace. The app runs it before every
// listener: https://api.slack.com/enterprise/apps/reference
import type { AnyMiddlewareArgs, Middleware } from '@slack/bolt';
import { organizationWide, organizationWideHome } from '../slack/views/organization-wide.ts';

/** `answer-errors.ts` sends the message to the person. */
export class OrganizationWide extends Error {
  override readonly name = 'OrganizationWide';
}

export const refuseOrganizations: Middleware<AnyMiddlewareArgs> = async ({ body, client, context, next }) => {
  if (!context.isEnterpriseInstall) return next();
  // An event has no private answer.
  if (!('event' in body) || body.event.type !== 'app_home_opened')
    throw new OrganizationWide(organizationWide);
  await client.views.publish({ user_id: body.event.user, view: organizationWideHome });
};
