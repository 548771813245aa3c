/** What an answer holds: text, or elements by name; what is undefined is left out. */
export type XmlValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | XmlItems
  | { readonly [element: string]: XmlValue }

/** Elements of one name: a list as the query protocol writes it. */
export type XmlItems = { readonly element: string; readonly items: readonly XmlValue[]; readonly isList: true }

/** A list whose members are elements of this name. */
export function items(element: string, values: readonly XmlValue[]): XmlItems {
  return { element, items: values, isList: true }
}

/** One document: the root element with its namespace, and what is in it. */
export function xmlDocument(root: string, namespace: string | undefined, content: XmlValue): string {
  const xmlns = namespace === undefined ? '' : ` xmlns="${escaped(namespace)}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${xmlns}>${written(content)}</${root}>\n`
}

function written(value: XmlValue): string {
  if (value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object') return escaped(String(value))
  if (isItems(value)) return value.items.map((item) => element(value.element, item)).join('')
  return Object.entries(value)
    .map(([name, inside]) => (inside === undefined ? '' : element(name, inside)))
    .join('')
}

function isItems(value: XmlItems | { readonly [element: string]: XmlValue }): value is XmlItems {
  return value['isList'] === true
}

function element(name: string, inside: XmlValue): string {
  return `<${name}>${written(inside)}</${name}>`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** XML 1.0 cannot hold control characters at all, so they become the replacement character. */
function escaped(text: string): string {
  return (
    text
      .replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? character)
      // oxlint-disable-next-line no-control-regex -- these are what has to go
      .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
  )
}
