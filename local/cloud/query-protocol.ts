// Answers in AWS's query protocol, which SNS speaks: XML named after the action. The gateway writes with it.
import { randomUUID } from 'node:crypto';
import type { AwsError } from './aws-error.ts';
import { isList, isObject, type Json, type JsonObject } from './json.ts';

const NAMESPACE = 'xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';

export function queryAnswer(action: string, result: JsonObject): string {
  const metadata = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
  return `<${action}Response ${NAMESPACE}><${action}Result>${xml(result)}</${action}Result>${metadata}</${action}Response>`;
}

export function queryError({ code, message }: AwsError): string {
  const error = xml({ Type: 'Sender', Code: code, Message: message });
  return `<ErrorResponse ${NAMESPACE}><Error>${error}</Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
}

function xml(value: Json): string {
  if (isList(value)) return value.map((item) => `<member>${xml(item)}</member>`).join('');
  if (isObject(value))
    return Object.entries(value)
      .map(([name, item]) => `<${name}>${xml(item)}</${name}>`)
      .join('');
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
