// How far away everything is in life, seen from a function: measured once, of one region and one workspace. The bench
// with latency uses it.
import type { Latency } from './stub.ts';

const slack = { roundTrip: 80, service: 60 };
const aws = { roundTrip: 4, service: 15 };

export const latencyInLife: Latency = { slack, dynamodb: aws, states: aws, secretsmanager: aws };
