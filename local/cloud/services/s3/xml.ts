// Writes XML documents, and reads the few elements that a request to S3 may contain. The operations of S3 use it.

export type XmlContent = boolean | number | string | readonly XmlElement[];
export type XmlElement = readonly [name: string, content: XmlContent];

/** A document in S3's namespace, which the answers to lists and reads have. */
export function s3Document(name: string, content: readonly XmlElement[]): string {
  return documentOf(`${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"`, name, content);
}

export function plainDocument(name: string, content: readonly XmlElement[]): string {
  return documentOf(name, name, content);
}

/** The text of the first element with this name, or undefined. */
export function elementText(document: string, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(document)?.[1];
}

function documentOf(opening: string, name: string, content: readonly XmlElement[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${opening}>${textOf(content)}</${name}>`;
}

function textOf(content: XmlContent): string {
  if (typeof content === 'object')
    return content.map(([name, inner]) => `<${name}>${textOf(inner)}</${name}>`).join('');
  return String(content)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}
