// Nothing at all: what Node itself costs. The bench builds it.
export const handler = async () => ({ statusCode: 200 });
