// Writes the declarations of each export of the package as one file, and the report of its public API. `build.ts` calls
// it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const silent = { default: { logLevel: ExtractorLogLevel.None } };

/** Writes `index.d.ts`, `bot.d.mts` and their reports `countersign.api.md` and `countersign-bot.api.md` into `out`. */
export function declareTypes(root: string, out: string): void {
  // Inside the project, because API Extractor looks for `aws-cdk-lib` from there.
  mkdirSync(join(root, '.local'), { recursive: true });
  const emitted = mkdtempSync(join(root, '.local/types-'));
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', join(root, 'package'), '--outDir', emitted], {
      stdio: 'inherit',
    });
    rollUp(root, join(emitted, 'stack/index.d.ts'), 'countersign', join(out, 'index.d.ts'));
    rollUp(root, join(emitted, 'bot/index.d.ts'), 'countersign-bot', join(out, 'bot.d.ts'));
    // API Extractor writes files with the ending .d.ts only.
    renameSync(join(out, 'bot.d.ts'), join(out, 'bot.d.mts'));
  } finally {
    rmSync(emitted, { recursive: true });
  }
}

/** @param report name of the report, which is written beside the declarations */
function rollUp(root: string, entry: string, report: string, declarations: string): void {
  const compilerOptions = { module: 'nodenext', strict: true, skipLibCheck: true, types: [] };
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, 'package.json'),
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: entry,
      compiler: { overrideTsconfig: { compilerOptions, files: [entry] } },
      apiReport: {
        enabled: true,
        reportFileName: report,
        reportFolder: dirname(declarations),
        reportTempFolder: join(entry, '../../report'),
        // The settings are interfaces that `SlackApprovalsProps` is made of.
        includeForgottenExports: true,
      },
      dtsRollup: { enabled: true, untrimmedFilePath: declarations },
      docModel: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { extractorMessageReporting: silent, tsdocMessageReporting: silent },
    },
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true;
    },
  });
  if (!succeeded) throw new Error('API Extractor could not read the declarations of the package.');
}
