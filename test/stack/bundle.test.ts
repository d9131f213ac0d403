// Tests what the bundles of functions leave out, and that everything else in them works.
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../stack/bundle.ts';

const entry = join(import.meta.dirname, 'bundle-entry.ts');
let folder: string;
let file: string;
let inputs: readonly string[];
let printed: Readonly<Record<string, unknown>>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-bundle-'));
  file = join(folder, 'index.mjs');
  inputs = bundle(entry, file);
  printed = JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8', timeout: 20_000 }));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('bundle', () => {
  it("has each package's name and version for the user agent, and no more of its package.json", () => {
    expect(printed['awsUserAgent']).toContainEqual(['api/DynamoDB', versionOf('@aws-sdk/client-dynamodb')]);
    expect(printed['slackUserAgent']).toContain(`@slack:bolt/${versionOf('@slack/bolt')}`);
    expect(printed['slackUserAgent']).toContain(`@slack:web-api/${versionOf('@slack/web-api')}`);
    expect(readFileSync(file, 'utf8').includes('devDependencies')).toBe(false);
  });

  it("has none of Bolt's receivers and nothing that only they import, and an App without a receiver says so", () => {
    const left = /\/receivers\/|@slack\/(oauth|socket-mode)|express|path-to-regexp|raw-body|undici/;
    expect(inputs.filter((path) => left.test(path))).toEqual([]);
    expect(printed['appWithoutReceiver']).toContain('Pass a receiver to the App.');
  });

  it('signs with the SHA-256 of node:crypto, and has no other', () => {
    expect(printed['hmac']).toBe(createHmac('sha256', 'key').update('text').digest('hex'));
    expect(inputs.filter((path) => path.includes('Sha256Js'))).toEqual([]);
  });

  it('fails with the message of esbuild if it cannot be built, and the next one can be', () => {
    const broken = join(folder, 'broken.ts');
    writeFileSync(broken, "import './missing.ts';");
    expect(() => bundle(broken, join(folder, 'broken.mjs'))).toThrow('Could not resolve "./missing.ts"');
    expect(bundle(entry, join(folder, 'again.mjs'))).toEqual(inputs);
  });
});

function versionOf(name: string): string {
  return JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8')).version;
}
