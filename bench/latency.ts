// Realistic latencies of Slack and AWS, as seen from a function. `bench:latency` and `cost` use them. They were
// measured once, in one region and one workspace.
import type { Latency } from './stub.ts';

const slack = { roundTrip: 80, service: 60 };
const aws = { roundTrip: 4, service: 15 };

export const realisticLatency: Latency = { slack, dynamodb: aws, states: aws, secretsmanager: aws };
