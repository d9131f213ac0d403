// The error codes of Slack's Web API for the methods in use, each with what a caller can do about it. Taken on 2026-11-26
// from the page of each method, such as https://docs.slack.dev/reference/methods/chat.postMessage#errors. Those pages say
// that their lists are not complete. `slack-errors.ts` reads the table.
import { ADD_SCOPES, botTokenAdvice, STORE_IN_SECRET } from './app-advice.ts';

/**
 * `wait`: try again later. `final`: this call can never succeed, and no setting changes that. `operator`: somebody must
 * change something in Slack or in AWS.
 *
 * Every code that is not in the table is `wait`. Slack documents these: external_channel_migrating, fatal_error,
 * file_update_failed, internal_error, message_limit_exceeded, org_login_required, request_timeout, service_unavailable,
 * streaming_state_conflict, team_added_to_org, update_failed.
 */
export type ErrorClass = 'wait' | 'final' | 'operator';

/** The message, the thread, the modal or the person is gone. */
export const FINAL: readonly string[] = [
  // Slack's answer to a bot that opens a conversation with a bot: https://github.com/HubSpot/slack-client/pull/90
  'cannot_dm_bot',
  'cannot_reply_to_message',
  'cant_update_message',
  'edit_window_closed',
  'exchanged_trigger_id',
  'expired_trigger_id',
  'file_not_found',
  'invalid_user_combination',
  'message_not_found',
  'not_found',
  'restricted_action_thread_locked',
  'thread_not_found',
  'user_disabled',
  'user_not_found',
  'user_not_in_channel',
  'user_not_visible',
];

/** A remedy, and the codes that it is for. It is logged, and an alarm fires. */
type Remedy = readonly [remedy: string, ...codes: readonly string[]];

/** Slack refuses every call until somebody does what the remedy says. */
const OF_APP: readonly Remedy[] = [
  [
    `${botTokenAdvice('invalid_auth')} ${STORE_IN_SECRET}`,
    'invalid_auth',
    'not_allowed_token_type',
    'not_authed',
    'token_expired',
  ],
  [`${botTokenAdvice('token_revoked')} ${STORE_IN_SECRET}`, 'account_inactive', 'token_revoked'],
  [
    'Ask a Slack admin to allow the app in this workspace.',
    'access_denied',
    'accesslimited',
    'app_access_restricted',
    'ekm_access_denied',
    'enterprise_is_restricted',
    'team_access_not_granted',
    'two_factor_setup_required',
  ],
  [ADD_SCOPES, 'missing_scope'],
];

/** Slack refuses this call, to this conversation or with this content. Other calls may succeed. */
const OF_CALL: readonly Remedy[] = [
  ['Invite the bot to the channel: /invite @Countersign.', 'no_permission', 'not_in_channel'],
  [
    'Invite the bot to the channel, or correct the setting "channel" and deploy.',
    'channel_not_found',
    'team_not_found',
  ],
  [
    'The channel is archived: bring it back, or set another with the setting "channel" and deploy.',
    'is_archived',
    'is_inactive',
  ],
  [
    'Allow the app to post in the channel: channel details, Settings, posting permissions.',
    'posting_to_channel_denied',
    'restricted_action',
    'restricted_action_non_threadable_channel',
    'restricted_action_read_only_channel',
    'restricted_action_thread_only_channel',
  ],
  ['Turn on the Home Tab and the Messages Tab of the app.', 'messages_tab_disabled', 'not_enabled'],
  [
    'Correct the settings "approvers" and "tiers", and deploy. Free plans have no user groups.',
    'no_such_subteam',
    'plan_upgrade_required',
  ],
  [
    'Ask a Slack admin to allow files, or free their storage.',
    'file_type_not_allowed',
    'file_upload_size_restricted',
    'file_uploads_disabled',
    'file_uploads_except_images_disabled',
    'storage_limit_reached',
  ],
  [
    'Report this as a bug of Countersign, with this line of the log.',
    'deprecated_endpoint',
    'invalid_arg_name',
    'invalid_arguments',
    'invalid_array_arg',
    'invalid_blocks',
    'invalid_blocks_format',
    'invalid_charset',
    'invalid_form_data',
    'invalid_metadata_format',
    'invalid_metadata_schema',
    'invalid_post_type',
    'invalid_trigger_id',
    'metadata_too_large',
    'method_deprecated',
    'missing_post_type',
    'msg_blocks_too_long',
    'msg_too_long',
    'no_text',
    'view_too_large',
  ],
];

const byCode = (remedies: readonly Remedy[]): ReadonlyMap<string, string> =>
  new Map(remedies.flatMap(([remedy, ...codes]) => codes.map((code) => [code, remedy] as const)));

/** The remedy by code. */
export const OPERATOR_OF_APP = byCode(OF_APP);
export const OPERATOR_OF_CALL = byCode(OF_CALL);

/** Used if Slack limits the rate and does not say for how long. */
export const DEFAULT_RETRY_AFTER_SECONDS = 30;

/** Slack may name the limit in the body instead of answering with status 429. */
export const RATE_LIMITED: readonly string[] = ['ratelimited', 'rate_limited'];

/**
 * Answers of `chat.update` for a message that a retry does not change. If the channel is brought back, the next change or
 * press updates the message.
 */
export const FROZEN: readonly string[] = [
  'cant_update_message',
  'channel_not_found',
  'edit_window_closed',
  'is_archived',
  'is_inactive',
];
