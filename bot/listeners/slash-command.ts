// The slash command: calls the listener that the first word names. If no listener has that name, calls the listener of
// the workflow, or shows the help. Answers are private.
import { commandHelp } from '../../slack/views/command.ts';
import { type AuditDependencies, auditCommand } from './audit-command.ts';
import { type CancelDependencies, cancelCommand } from './cancel-command.ts';
import type { CommandListener } from './listener.ts';
import { pendingCommand } from './pending-command.ts';
import { statusCommand } from './status-command.ts';

export interface CommandDependencies extends AuditDependencies, CancelDependencies {
  /** Handles an empty text, and each text whose first word names no listener. If absent, the help is shown. */
  readonly otherCommands?: CommandListener;
}

export function slashCommand(dependencies: CommandDependencies): CommandListener {
  const commands: Readonly<Record<string, CommandListener>> = {
    audit: auditCommand(dependencies),
    status: statusCommand(dependencies),
    pending: pendingCommand(dependencies),
    cancel: cancelCommand(dependencies),
  };
  const help: CommandListener = ({ ack }) => ack(commandHelp(dependencies.command));
  const others = dependencies.otherCommands ?? help;
  return async (request) => {
    const [word = ''] = request.command.text.trim().split(/\s/);
    const name = word.toLowerCase();
    const listener = Object.hasOwn(commands, name) ? commands[name] : undefined;
    return (listener ?? others)(request);
  };
}
