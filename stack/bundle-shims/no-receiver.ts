// Replaces Bolt's receivers for an HTTP server and for Socket Mode. Bolt's `App` creates one only if it is given no
// receiver, and the bot passes its own. `module-shims.ts` redirects the imports to this file.
export default function NoReceiver(): never {
  throw new Error("The bundle has none of Bolt's receivers. Pass a receiver to the App.");
}
