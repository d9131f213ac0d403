// The access key with which the local cloud calls its own endpoint. Nobody else can guess it.
import { randomBytes } from 'node:crypto';

export const internalKey = `INTERNAL${randomBytes(16).toString('hex')}`;
