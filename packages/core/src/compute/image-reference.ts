import { z } from 'zod'

/** Longest name of a repository, and longest tag (the grammar of distribution/reference, https://pkg.go.dev/github.com/distribution/reference). */
const REPOSITORY_CHARACTERS = 255

const host =
  '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?'
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const REPOSITORY = new RegExp(`^(?:${host}/)?${component}(?:/${component})*$`)
const TAG = /^\w[\w.-]{0,127}$/
/** Registered algorithms with the length of their digests in lower-case hex (https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests). */
const DIGEST = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/

/** What an image reference says: where, and which one. */
export type ImageReference = {
  /** With the registry's host, where there is one: `ghcr.io/acme/checkout`. */
  readonly repository: string
  readonly tag?: string
  /** `sha256:…`: the content itself, which no push can change. */
  readonly digest?: string
}

/** A digest of an image: `sha256:` and 64, or `sha512:` and 128, lower-case hex digits. */
export const imageDigestSchema = z
  .string()
  .regex(DIGEST, 'must be a digest: sha256: and 64 lower-case hex digits (or sha512: and 128)')

/** A reference to an image, `repository[:tag][@digest]`, as text. */
export const imageReferenceSchema = z.string().superRefine((text, context) => {
  const problem = problemWith(text)
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
})

/** Reads a reference; undefined where it is none. `localhost:5000/shop` has a port, `shop:5000` a tag. */
export function parseImageReference(text: string): ImageReference | undefined {
  if (problemWith(text) !== undefined) return undefined
  const { repository, tag, digest } = divided(text)
  return { repository, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) }
}

/** Whether a reference names content, and not a tag that somebody may move. What is no reference is not pinned. */
export function isPinned(text: string): boolean {
  return parseImageReference(text)?.digest !== undefined
}

function problemWith(text: string): string | undefined {
  const { repository, tag, digest } = divided(text)
  const shown = JSON.stringify(text.slice(0, 100))
  if (digest !== undefined && !DIGEST.test(digest))
    return `${shown} is no image reference: after "@" comes a digest, sha256: and 64 lower-case hex digits`
  if (tag !== undefined && !TAG.test(tag))
    return `${shown} is no image reference: a tag is up to 128 letters, digits, ".", "_" or "-"`
  if (repository.length > REPOSITORY_CHARACTERS || !REPOSITORY.test(repository))
    return `${shown} is no image reference: write repository[:tag][@digest] with the repository in lower case`
  return undefined
}

function divided(text: string): { repository: string; tag: string | undefined; digest: string | undefined } {
  const at = text.indexOf('@')
  const [named, digest] = at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
  const colon = named.lastIndexOf(':')
  // A colon before the last slash belongs to the host's port.
  if (colon < 0 || named.indexOf('/', colon) >= 0) return { repository: named, tag: undefined, digest }
  return { repository: named.slice(0, colon), tag: named.slice(colon + 1), digest }
}
