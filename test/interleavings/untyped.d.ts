// Types of the inner modules of dynalite, which bring none, as far as they are used here: by the DynamoDB in this process.

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
