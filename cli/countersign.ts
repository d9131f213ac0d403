#!/usr/bin/env node
// The command `countersign` of the package: operates a deployed stack, or runs an app on this machine. Some scripts of this
// project run its commands, too.
import { useRegion } from './aws-region.ts';
import { exportAudit, exportUsage } from './audit-export.ts';
import { verifyAudit, verifyUsage } from './audit-verify.ts';
import { say } from './check.ts';
import { checkStack, checkUsage } from './check-stack.ts';
import { runLocal, localUsage } from './run-local.ts';
import { setupStack, setupUsage } from './setup-stack.ts';
import { exitWithError, UsageError } from './usage-error.ts';

interface Command {
  readonly run: (args: readonly string[]) => Promise<void>;
  /** One line, which is also the example after an error. */
  readonly usage: string;
  readonly about: string;
}

const commands: Readonly<Record<string, Command>> = {
  setup: {
    run: setupStack,
    usage: setupUsage,
    about:
      'creates the Slack app of a deployed stack with a link, checks it, and fills the secret of the stack',
  },
  check: {
    run: checkStack,
    usage: checkUsage,
    about: 'checks a deployed stack: secret, Slack app, channels, tables, bucket, and the answers of the bot',
  },
  'audit:export': {
    run: exportAudit,
    usage: exportUsage,
    about: 'writes what people did on these days (UTC) to standard output, oldest first',
  },
  'audit:verify': {
    run: verifyAudit,
    usage: verifyUsage,
    about: 'compares the audit of these days with its copies; the exit code is 1 if they differ',
  },
  local: {
    run: runLocal,
    usage: localUsage,
    about: 'runs your app on this machine, with a local AWS and a local Slack',
  },
};

const HELP = `Approvals in Slack for AWS Step Functions

${Object.values(commands)
  .map(({ usage, about }) => `  ${usage}\n      ${about}`)
  .join('\n\n')}

  MyStack is the name of a CloudFormation stack with a SlackApprovals. The commands read its outputs, with the credentials
  and the region that the AWS CLI uses: AWS_PROFILE, AWS_REGION.
`;

async function main([name = 'help', ...args]: readonly string[]): Promise<void> {
  const command = commands[name];
  const isHelp = (text: string) => ['help', '--help', '-h'].includes(text);
  if (isHelp(name)) return say(HELP);
  if (command && args.some(isHelp)) return say(`${command.usage}\n\n${command.about}`);
  try {
    if (!command)
      throw new UsageError(`There is no command "${name}". Commands: ${Object.keys(commands).join(', ')}.`);
    useRegion();
    await command.run(args);
  } catch (error) {
    exitWithError(error, command?.usage ?? checkUsage);
  }
}

void main(process.argv.slice(2));
