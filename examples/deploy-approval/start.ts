// `npm run example`: runs the example with the local cloud and the local Slack, and starts one deployment so that a
// request is pending. A developer runs it and ends it with Ctrl-C.
import { fileURLToPath } from 'node:url';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { line } from '../../local/event-line.ts';
import { readPorts, withFreePorts } from '../../local/ports.ts';
import { readableFailure } from '../../local/readable-failure.ts';
import { synthesise } from '../../local/synthesise.ts';
import { startWorld, type World } from '../../local/world.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);
const INPUT = '{"service":"checkout","version":"2.14.0"}';

try {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const assembly = fileURLToPath(new URL('../../.local/example', import.meta.url));
  const ports = readPorts(process.env);
  const world = await withFreePorts(
    ports,
    (name, port) => `${name}=${port} npm run example`,
    async () => {
      say('Synthesising the example …');
      await synthesise(assembly, [], folder);
      say('Starting …');
      return startWorld({
        assembly,
        port: ports.PORT,
        awsPort: ports.AWS_PORT,
        about: 'AWS is simulated too.',
        startsByCommand: false,
        manifest: `${folder}manifest.yml`,
        channelName: 'deploys',
        log: (event) => say(line(event, new Date())),
      });
    },
  );
  await startDeployment(world);
  say(welcome(world));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void world.stop());
} catch (error) {
  process.stderr.write(`${readableFailure(error)}\n`);
  process.exitCode = 1;
}

async function startDeployment({ cloud }: World): Promise<void> {
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'any' };
  const client = new SFNClient({ endpoint: cloud.url, region: 'us-east-1', credentials });
  const stateMachineArn = cloud.outputs['StateMachineArn'];
  await client.send(new StartExecutionCommand({ stateMachineArn, input: INPUT }));
  client.destroy();
}

function welcome({ slack, cloud }: World): string {
  return [
    '',
    `  Slack   ${slack.url}`,
    '          A deployment is pending in #deploys. Choose Ben under "You are" and press Approve, or type  /approvals pending',
    '  AWS     To start another deployment:',
    '          AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1 \\',
    `            aws --endpoint-url ${cloud.url} stepfunctions start-execution \\`,
    `            --state-machine-arn ${cloud.outputs['StateMachineArn']} --input '${INPUT}'`,
    '  Press Ctrl-C to stop.',
    '',
  ].join('\n');
}
