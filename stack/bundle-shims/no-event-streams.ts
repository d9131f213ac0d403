// Bundled instead of `@smithy/core/event-streams`. The client of S3 calls `resolveEventStreamSerdeConfig` when it is
// created. The SDK calls `eventStreamSerdeProvider` only for operations that return an event stream.
export const eventStreamSerdeProvider = undefined;
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;
