// The settings that follow the rules of an organization: a KMS key, tags, and tracing. `settings.ts` reads them;
// `SlackApprovals` and the app's stack apply them to their constructs.
import { Tags } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { encrypt } from './encrypt.ts';
import { invalidSetting, oneOf, type Read, text } from './read-setting.ts';
import { trace } from './trace.ts';

export interface AccountSettings {
  /** ARN of the KMS key that encrypts what is stored. Empty: keys that AWS manages. */
  readonly kmsKeyArn: string;
  /** Tags of every resource, in addition to `countersign:stage`. */
  readonly tags: Readonly<Record<string, string>>;
  /** `on`: AWS X-Ray traces functions and state machines. */
  readonly tracing: (typeof TRACING)[number];
}

const TRACING = ['off', 'on'] as const;

/**
 * A log group does not accept an alias. The id of a multi-Region key has another form:
 * https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
 */
const KEY_ID = '(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})';
const KEY_ARN = new RegExp(String.raw`^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/${KEY_ID}$`);

/**
 * A resource may have 50 tags, and one is the stage:
 * https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
 */
const MAX_TAGS = 49;
const STAGE_TAG = 'countersign:stage';
const TAG_KEY = /^(?!aws:)[\p{L}\p{N} _.:/=+@-]{1,128}$/iu;
const TAG_VALUE = /^[\p{L}\p{N} _.:/=+@-]{0,256}$/u;

/** @throws InvalidSetting for the first invalid setting */
export function accountSettings(read: Read): AccountSettings {
  const hasKey = read('kmsKeyArn') !== '';
  const example = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  return {
    kmsKeyArn: hasKey
      ? text(read, 'kmsKeyArn', KEY_ARN, `the ARN of a KMS key such as ${example}, or empty`)
      : '',
    tags: tags(read),
    tracing: oneOf(read, 'tracing', TRACING),
  };
}

/** Applies the settings to all constructs in `scope`. Tags also apply to constructs that are added later. */
export function applyAccountSettings(
  scope: IConstruct,
  { stage, kmsKeyArn, tags: given, tracing }: AccountSettings & { readonly stage: string },
): void {
  if (kmsKeyArn) encrypt(scope, kmsKeyArn);
  if (tracing === 'on') trace(scope);
  for (const [key, value] of Object.entries({ ...given, [STAGE_TAG]: stage })) Tags.of(scope).add(key, value);
}

function tags(read: Read): AccountSettings['tags'] {
  const value = read('tags');
  const given = Object.entries(fromJson(value));
  const isValid = ([key, tag]: readonly [string, unknown]) =>
    TAG_KEY.test(key) && typeof tag === 'string' && TAG_VALUE.test(tag);
  // Roles have no two tags that differ only in case: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
  const names = new Set([STAGE_TAG, ...given.map(([key]) => key.toLowerCase())]);
  if (given.length <= MAX_TAGS && given.every(isValid) && names.size > given.length)
    return Object.fromEntries(given);
  throw invalidSetting(
    'tags',
    value,
    `at most ${MAX_TAGS} tags such as {"team": "payments"}: names of at most 128 and values of at most 256 letters, digits, spaces and _.:/=+@-, no name that begins with aws: or is ${STAGE_TAG}, and no two names that differ only in case`,
  );
}

/** Returns an object with an invalid tag if the value is neither an object nor the JSON text of one. */
function fromJson(value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  try {
    return typeof value === 'string' ? fromJson(JSON.parse(value)) : { '': '' };
  } catch {
    return { '': '' };
  }
}
