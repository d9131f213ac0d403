// Sends an event of the Events API to the app in Slack's envelope, if the app's manifest subscribes to the event.
// Called by `open-app-home.ts`.
import { randomBytes } from 'node:crypto';
import type { Installation } from '../store/installation.ts';
import { app, team } from '../store/people.ts';
import type { Person } from '../store/people.ts';
import { isSuccess, nothingSent, sendJson } from './send-request.ts';
import type { Answer } from '../store/last-request.ts';

interface Event {
  readonly type: string;
  readonly [field: string]: unknown;
}

export async function sendEvent(installation: Installation, person: Person, event: Event): Promise<Answer> {
  const { manifest, log } = installation;
  if (!manifest.events.includes(event.type)) return nothingSent;
  const answer = await sendJson(installation, envelope(installation, person, event));
  const { status, milliseconds } = answer;
  const failed = !isSuccess(status) && { failure: 'event_not_received' };
  const { type } = event;
  log({ source: 'slack', event: 'event_answered', type, person: person.id, status, milliseconds, ...failed });
  return answer;
}

// Format: https://docs.slack.dev/apis/events-api#events-JSON. An example of app_home_opened:
// https://github.com/slackapi/bolt-python/issues/954
function envelope({ clock }: Installation, person: Person, event: Event): object {
  return {
    // The person's own team: https://github.com/slackapi/bolt-js/issues/1948
    team_id: person.team.id,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: `Ev${randomBytes(5).toString('hex').toUpperCase()}`,
    event_time: Math.floor(clock.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: team.id,
        user_id: app.botUser,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  };
}
