import { createHash } from 'node:crypto'
import { keyOf, kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'

/** Longest key of a node id. */
const KEY_CHARACTERS = 512
/** Of SHA-256 in hexadecimal digits: 128 bits tell keys apart that cannot be told apart by reading them. */
const DIGEST_CHARACTERS = 32
/** What of a provider's name is in the id of a grant that we did not make. */
const NAME_CHARACTERS = 256
/** Joins the parts of a key, and so is in none of them. */
const JOINT = '--'

/** What a derived grant is the grant of: who may do something, for which need, on what, as whom. */
export type GrantOf = {
  readonly service: NodeId
  readonly need: NodeId
  /** The need itself, or what a person bound it to. */
  readonly resource: NodeId
  readonly identity: NodeId
}

/** The identity that a service runs as unless it depends on another one: `identity/checkout` of `service/checkout`. */
export function ownIdentity(service: NodeId): NodeId {
  return `identity/${keyOf(service)}`
}

/**
 * The id of a derived grant: `grant/checkout--sql-database.orders`; on what a need was bound to elsewhere
 * `grant/checkout--sql-database.orders--sql-instance.new`; of a service that runs as another identity `…--as--<identity>`.
 *
 * No two grants have one id. No part of a readable key holds the joint or begins or ends like it, so it is split in one way only; the service
 * comes first, kinds hold no dot, and only `as` stands alone. What does not fit gets a digest of the four ids in front, after a
 * joint, with which no readable key begins.
 */
export function grantId({ service, need, resource, identity }: GrantOf): NodeId {
  const parts = [keyOf(service), named(need)]
  if (resource !== need) parts.push(named(resource))
  if (identity !== ownIdentity(service)) parts.push('as', keyOf(identity))
  const key = parts.join(JOINT)
  if (key.length <= KEY_CHARACTERS && parts.every(isPlain)) return `grant/${key}`
  const digest = sha256(JSON.stringify([service, need, resource, identity])).slice(0, DIGEST_CHARACTERS)
  return `grant/${cut(`${JOINT}${digest}.${key}`)}`
}

const EXTRA = `${JOINT}extra-`

/** The id of a grant that somebody else made, by what tells it apart at the provider: no derived grant has an id like it. */
export function extraGrantId(key: string, name: string): NodeId {
  const line = name
    .slice(0, NAME_CHARACTERS)
    .toWellFormed()
    .replaceAll(/[\n\r\0]/g, ' ')
  return `grant/${EXTRA}${sha256(key).slice(0, DIGEST_CHARACTERS)}.${line}`
}

/** Whether a node is a grant that somebody else gave an identity of ours (OWN 8). */
export function isExtraGrant(node: NodeId): boolean {
  return node.startsWith(`grant/${EXTRA}`)
}

function named(node: NodeId): string {
  return `${kindOf(node)}.${keyOf(node)}`
}

function isPlain(part: string): boolean {
  return !part.includes(JOINT) && !part.startsWith('-') && !part.endsWith('-')
}

/** A cut may fall into the middle of a character, which no store keeps as it is. */
function cut(key: string): string {
  return key.length <= KEY_CHARACTERS ? key : key.slice(0, KEY_CHARACTERS - 1).toWellFormed()
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
