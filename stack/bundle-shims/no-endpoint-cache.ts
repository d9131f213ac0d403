// Replaces `@aws-sdk/endpoint-cache`, which stays empty because endpoint discovery is off. `bundle.ts` redirects the
// import to this file.
export class EndpointCache {
  readonly size = 0;
}
