// Plays every row of docs/reference/who-may.md but `approve`, which who-may.test.ts plays.
import { describe } from 'vitest';
import { checkTable } from './check-who-may.ts';

describe('the table', () => {
  checkTable((way) => way !== 'approve');
});
