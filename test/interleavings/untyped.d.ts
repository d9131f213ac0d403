// Types of the internal modules of dynalite that the in-process DynamoDB uses; dynalite has none.

declare module 'dynalite/actions/*' {
  const act: import('./dynamodb.ts').Act;
  export default act;
}

declare module 'dynalite/validations/index.js' {
  const validations: {
    checkTypes(input: object, types: object): object;
    checkValidations(input: object, types: object, custom: object, store: object): void;
  };
  export default validations;
}

declare module 'dynalite/validations/*' {
  const checks: import('./checked-input.ts').Checks;
  export default checks;
}
