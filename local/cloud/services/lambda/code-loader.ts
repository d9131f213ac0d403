// Loads the code of a function as Lambda's runtime does, although the assembly lies in the folder of an app with packages
// and settings of its own. The worker of the function calls it.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire, isBuiltin, registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The packages of the runtime: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html#nodejs-sdk-included */
const runtimePackages = /^@(aws-sdk|smithy)\//;

/** Returns a function that loads a file of the folder. Only one folder can be loaded in a thread. */
export function codeLoader(given: string): (file: string) => Promise<never> | never {
  const folder = realpathSync(given);
  const inside = `${pathToFileURL(folder).href}/`;

  registerHooks({
    resolve(specifier, context, next) {
      if (!context.parentURL?.startsWith(inside)) return next(specifier, context);
      if (isBuiltin(specifier)) return next(specifier, context);
      if (runtimePackages.test(specifier)) return resolveOwnOrRuntime(specifier, context, next);
      const found = next(specifier, context);
      if (!found.url.startsWith(inside)) throw notFound(specifier);
      return found;
    },
    load(url, context, next) {
      if (!url.startsWith(inside) || !isPlainScript(url)) return next(url, context);
      return { format: 'commonjs', source: readFileSync(fileURLToPath(url)), shortCircuit: true };
    },
  });

  const resolveOwnOrRuntime: Resolve = (specifier, context, next) => {
    try {
      return next(specifier, context);
    } catch {
      return { url: pathToFileURL(runtimePackage(specifier)).href, shortCircuit: true };
    }
  };

  /** Whether the file is CommonJS because no package.json of the function's code says otherwise. */
  function isPlainScript(url: string): boolean {
    return url.endsWith('.js') && packageOf(fileURLToPath(url)) === undefined;
  }

  function packageOf(file: string): string | undefined {
    for (let at = dirname(file); at.startsWith(folder); at = dirname(at)) {
      const found = join(at, 'package.json');
      if (existsSync(found)) return found;
    }
    return undefined;
  }

  return (file) => {
    const real = realpathSync(file);
    const manifest = packageOf(real);
    const isModule =
      real.endsWith('.mjs') ||
      (real.endsWith('.js') && manifest !== undefined && typeOf(manifest) === 'module');
    return isModule ? import(pathToFileURL(real).href) : createRequire(real)(real);
  };
}

type Resolve = NonNullable<Parameters<typeof registerHooks>[0]['resolve']>;

function typeOf(manifest: string): unknown {
  const { type }: { type?: unknown } = JSON.parse(readFileSync(manifest, 'utf8'));
  return type;
}

function runtimePackage(specifier: string): string {
  try {
    return createRequire(import.meta.url).resolve(specifier);
  } catch {
    const [scope, name] = specifier.split('/');
    throw new Error(
      `Lambda's runtime contains ${specifier}, but this machine does not. Install it in your app: npm install --save-dev ${scope}/${name}`,
    );
  }
}

function notFound(specifier: string): Error {
  return Object.assign(
    new Error(`Cannot find module '${specifier}': the function's code does not contain it`),
    { code: 'MODULE_NOT_FOUND' },
  );
}
