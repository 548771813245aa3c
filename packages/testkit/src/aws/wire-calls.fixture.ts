import { XMLParser } from 'fast-xml-parser'
import { virtualClock } from '../clock/virtual-clock.ts'
import type { VirtualClock } from '../clock/virtual-clock.ts'
import { startFakeAws } from './fake-aws.ts'
import type { FakeAws, FakeAwsOptions } from './fake-aws.ts'
import { textOf } from './wire/values.ts'

/** One element of an answer: its name, and what is in it. */
export type XmlElement = { readonly name: string; readonly children: readonly XmlElement[]; readonly text: string }

/** What came back over the wire. */
export type WireAnswer = {
  readonly status: number
  readonly text: string
  readonly root: XmlElement
  readonly headers: Headers
}

/** A server and its clock, which a test moves. */
export type Stage = { readonly aws: FakeAws; readonly clock: VirtualClock; readonly call: WireCall }

type WireCall = (
  action: string,
  parameters?: Readonly<Record<string, string | number | boolean>>,
  options?: { service?: string; key?: string },
) => Promise<WireAnswer>

/** An account, and calls of its services with nothing between: what any SDK would send. */
export async function stage(options: Partial<FakeAwsOptions> = {}): Promise<Stage & AsyncDisposable> {
  const clock = virtualClock({ start: '2026-03-02T12:00:00Z' })
  const aws = await startFakeAws({ clock, ...options })
  return {
    aws,
    clock,
    call: (action, parameters, { service = 'rds', key = 'ada' } = {}) =>
      post(aws, { action, service, key }, parameters ?? {}),
    [Symbol.asyncDispose]: () => aws.close(),
  }
}

/** What an instance cannot be made without. */
export const INSTANCE = {
  DBInstanceIdentifier: 'orders',
  DBInstanceClass: 'db.t4g.medium',
  Engine: 'postgres',
  MasterUsername: 'root',
  MasterUserPassword: 'not-a-secret',
}

/** The elements of that name anywhere in an answer, as text. */
export function texts(element: XmlElement, name: string): readonly string[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child.text] : []), ...texts(child, name)])
}

/** The one element of that name. */
export function text(answer: WireAnswer, name: string): string | undefined {
  return texts(answer.root, name)[0]
}

/** Makes an instance and waits until it is there. */
export async function makeInstance(
  { call, clock }: Stage,
  parameters: Readonly<Record<string, string | number | boolean>> = {},
): Promise<WireAnswer> {
  const answer = await call('CreateDBInstance', { ...INSTANCE, ...parameters })
  await clock.advance(10 * 60_000)
  return answer
}

async function post(
  aws: FakeAws,
  { action, service, key }: { action: string; service: string; key: string },
  parameters: Readonly<Record<string, string | number | boolean>>,
): Promise<WireAnswer> {
  const form = new URLSearchParams({ Action: action, Version: '2014-10-31' })
  for (const [name, value] of Object.entries(parameters)) form.set(name, String(value))
  const response = await fetch(aws.endpoint, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260302/${aws.target.region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'wire-test/1.0',
    },
    body: form.toString(),
  })
  const body = await response.text()
  return { status: response.status, text: body, root: parse(body), headers: response.headers }
}

function parse(body: string): XmlElement {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: true,
    parseTagValue: false,
    ignoreDeclaration: true,
  })
  const [root] = elements(parser.parse(body))
  if (root === undefined) throw new Error(`no XML: ${body}`)
  return root
}

/** What the parser gives in order: objects with one name, whose value is a list of the same; `#text` for text. */
function elements(parsed: unknown): readonly XmlElement[] {
  if (!Array.isArray(parsed)) return []
  return parsed.flatMap((node: Readonly<Record<string, unknown>>) => {
    const [name, inside] = Object.entries(node)[0] ?? ['#text', '']
    if (name === '#text') return []
    return [{ name, children: elements(inside), text: textIn(inside) }]
  })
}

function textIn(inside: unknown): string {
  if (!Array.isArray(inside)) return ''
  return inside.map((node: Readonly<Record<string, unknown>>) => textOf(node['#text'])).join('')
}
