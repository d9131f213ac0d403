// The entry of a NodejsFunction, which bundles it.

export const handler = async ({ count }: { count: number }) => ({ doubled: count * 2 });
