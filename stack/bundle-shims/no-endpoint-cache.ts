// In the place of `@aws-sdk/endpoint-cache`: an endpoint is never looked for, so none is kept. `bundling.ts` puts it there.
export class EndpointCache {
  readonly size = 0;
}
