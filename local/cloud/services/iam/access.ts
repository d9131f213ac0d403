// Checks calls against the policies of the template. The gateway, Task states, function URLs and
// deliveries to queues use it, and the start of a stack.
import { AwsError } from '../../core/operations.ts';
import { refusalOf, type Asked } from './policies.ts';
import type { Model } from '../../template/resource-readers.ts';
import { account } from '../../template/resource-types.ts';

/** An assumed role. */
export interface Caller {
  readonly roleArn: string;
  readonly session: string;
}

export interface Access {
  may(asked: Asked): boolean;
  /** Throws the AWS error if the caller may not use the action on the resource. */
  check(caller: Caller, action: string, resource: string, requestKeys?: Asked['requestKeys']): void;
  /** Throws the AWS error if the resource's policy denies the action to an operator, who may do everything else. */
  checkOperator(action: string, resource: string, requestKeys?: Asked['requestKeys']): void;
  /** Whether everyone may call the function by its URL. */
  isPublic(functionArn: string): boolean;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html#urls-auth-none */
const urlActions = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'];

/** Any credentials that are not those of a function. */
const OPERATOR = `arn:aws:iam::${account}:user/operator`;

export function createAccess(model: Pick<Model, 'policies' | 'permissions' | 'roleTags'>): Access {
  function refusal(asked: Asked): string | undefined {
    // A statement with principals belongs to a resource's policy, and applies to calls to that resource. A statement
    // without principals belongs to a role's policy, and applies to calls by that role.
    const speaking = model.policies.flatMap(({ attachedTo, statements }) =>
      statements.filter(({ principals }) =>
        principals ? isAttached(attachedTo, asked.resource) : attachedTo.includes(asked.principal),
      ),
    );
    const principalTags = model.roleTags.find(({ arn }) => arn === asked.principal)?.tags;
    return refusalOf(speaking, { ...asked, principalTags });
  }

  return {
    may: (asked) => refusal(asked) === undefined,
    checkOperator(action, resource, requestKeys) {
      const denying = model.policies.flatMap(({ attachedTo, statements }) =>
        isAttached(attachedTo, resource) ? statements.filter(({ effect }) => effect === 'Deny') : [],
      );
      const reason = refusalOf(denying, { principal: OPERATOR, action, resource, requestKeys });
      if (reason?.startsWith('with an explicit deny')) throw denied(OPERATOR, action, resource, reason);
    },
    check({ roleArn, session }, action, resource, requestKeys) {
      const reason = refusal({ principal: roleArn, action, resource, requestKeys });
      if (reason === undefined) return;
      const user = `arn:aws:sts::${account}:assumed-role/${roleArn.split('/').at(-1)}/${session}`;
      throw denied(user, action, resource, reason);
    },
    isPublic: (functionArn) =>
      urlActions.every((action) =>
        model.permissions.some((one) => one.functionArn === functionArn && one.action === action),
      ),
  };
}

/** The policy of a bucket also applies to the bucket's objects, whose ARNs are `<ARN of the bucket>/<key>`. */
function isAttached(attachedTo: readonly string[], resource: string): boolean {
  return attachedTo.some((arn) => resource === arn || resource.startsWith(`${arn}/`));
}

function denied(user: string, action: string, resource: string, reason: string): AwsError {
  if (action.startsWith('s3:')) {
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
    const text = `User: ${user} is not authorized to perform: ${action} on resource: "${resource}" ${reason}`;
    return new AwsError('AccessDenied', text);
  }
  const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  // SNS has its own error code: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
  if (action.startsWith('SNS:')) return new AwsError('AuthorizationError', message, 403);
  return new AwsError('AccessDeniedException', message);
}
