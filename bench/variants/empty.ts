// A variant that does nothing, to measure Node itself. The bench builds it.
export const handler = async () => ({ statusCode: 200 });
