// The slash command: where things stand and what was done are the same for every workflow; what else is typed is the
// workflow's own, where it has something for that. The person who typed it is answered privately.
import type { DecisionDependencies } from '../decide.ts';
import { commandHelp } from '../../slack/views/command.ts';
import { type AuditDependencies, auditCommand } from './audit-command.ts';
import { cancelCommand } from './cancel-command.ts';
import type { CommandListener } from './listener.ts';
import { pendingCommand } from './pending-command.ts';
import { statusCommand } from './status-command.ts';

export interface CommandDependencies extends AuditDependencies, DecisionDependencies {
  /** What the workflow does with any other text, and with none; absent: the help. */
  readonly otherCommands?: CommandListener;
}

export function slashCommand(dependencies: CommandDependencies): CommandListener {
  const words: Readonly<Record<string, CommandListener>> = {
    audit: auditCommand(dependencies),
    status: statusCommand(dependencies),
    pending: pendingCommand(dependencies),
    cancel: cancelCommand(dependencies),
  };
  const help: CommandListener = ({ ack }) => ack(commandHelp(dependencies.command));
  const others = dependencies.otherCommands ?? help;
  return async (request) => {
    const [word = ''] = request.command.text.trim().split(/\s/);
    const about = Object.hasOwn(words, word) ? words[word] : undefined;
    return (about ?? others)(request);
  };
}
