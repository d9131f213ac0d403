// Simulates one execution environment of Lambda's Node runtime: imports the bundle, calls its handler for each event
// and prints the times. `run.ts` starts it as a separate process, bundled to JavaScript. Streaming works as in
// https://github.com/aws/aws-lambda-nodejs-runtime-interface-client: the answer is sent when the stream ends, and the
// next event comes when the handler's promise settles.
import { promises, readFileSync } from 'node:fs';
import { registerHooks, syncBuiltinESMExports } from 'node:module';
import { Writable } from 'node:stream';
import type { Measured, Task } from './measured.ts';

type Buffered = (event: object, context: object) => Promise<{ readonly statusCode: number }>;
type Streaming = (event: object, stream: Writable, context: object) => Promise<void>;

const task: Task = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const streaming = new Set<unknown>();
const files = new Set<string>();
const reads: string[] = [];
if (task.inspect) {
  registerHooks({ load: (url, context, load) => (files.add(url), load(url, context)) });
  const { readFile } = promises;
  const recorded = (...args: Parameters<typeof readFile>) => (
    reads.push(typeof args[0] === 'string' ? args[0] : 'an open file'),
    readFile(...args)
  );
  Object.assign(promises, { readFile: recorded });
  syncBuiltinESMExports();
}

/** Stream → argument of `HttpResponseStream.from`. */
const preludes = new WeakMap<object, { readonly statusCode: number }>();
Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: (handler: Streaming) => (streaming.add(handler), handler),
    HttpResponseStream: {
      from: (stream: Writable, prelude: { readonly statusCode: number }) => (
        preludes.set(stream, prelude),
        stream
      ),
    },
  },
});

const started = performance.now();
const { handler }: { handler: Buffered | Streaming } = await import(task.bundle);
const init = performance.now() - started;
const evaluated = cpuMilliseconds();
const runs: Awaited<ReturnType<typeof invoke>>[] = [];
for (const event of task.events) runs.push(await invoke(event));

const [cold, warm] = runs;
const measured: Measured = {
  init,
  cold: cold ? cold.at - started : 0,
  warm: warm ? warm.at - warm.from : 0,
  cpu: cold?.cpu ?? evaluated,
  warmCpu: warm && cold ? warm.cpu - cold.cpu : 0,
  memory: process.resourceUsage().maxRSS / 1024,
  asked: runs.map(({ from }) => performance.timeOrigin + from),
  answered: runs.map(({ at }) => performance.timeOrigin + at),
  statuses: runs.map(({ status }) => status),
  files: [...files].filter((url) => url.startsWith('file:')).length,
  reads,
  undici: loadedByNode().some((name) => name.includes('deps/undici')),
};
process.stdout.write(`\n${JSON.stringify(measured)}\n`, () => process.exit());

async function invoke(event: object) {
  const from = performance.now();
  let answer: { at: number; cpu: number } | undefined;
  const recordAnswer = () => (answer ??= { at: performance.now(), cpu: cpuMilliseconds() });
  const context = { awsRequestId: 'bench', functionName: 'bench', getRemainingTimeInMillis: () => 10_000 };
  let status: number;
  if (streaming.has(handler)) {
    let written = false;
    const stream = new Writable({
      write: (_chunk, _encoding, done) => ((written = true), done()),
      final: (done) => (recordAnswer(), done()),
    });
    await (handler as Streaming)(event, stream, context);
    status = written ? (preludes.get(stream)?.statusCode ?? 200) : 0;
  } else {
    status = (await (handler as Buffered)(event, context)).statusCode;
  }
  return { from, status, ...recordAnswer() };
}

/** Returns the built-in modules that Node has loaded. The list is undocumented. */
function loadedByNode(): readonly string[] {
  return Reflect.get(process, 'moduleLoadList');
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
