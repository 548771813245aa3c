import { expect, test } from 'vitest'
import { imageDigestSchema, imageReferenceSchema, isPinned, parseImageReference } from './image-reference.ts'

const DIGEST = `sha256:${'0a'.repeat(32)}`

test('DEPLOY 12: an image is named by repository, tag and digest, and is pinned where it has a digest', () => {
  expect(parseImageReference('checkout')).toEqual({ repository: 'checkout' })
  expect(parseImageReference('ghcr.io/acme/checkout:1.4.2')).toEqual({
    repository: 'ghcr.io/acme/checkout',
    tag: '1.4.2',
  })
  expect(parseImageReference('localhost:5000/shop')).toEqual({ repository: 'localhost:5000/shop' })
  expect(parseImageReference(`localhost:5000/a/b_c__d.e-f:v1@${DIGEST}`)).toEqual({
    repository: 'localhost:5000/a/b_c__d.e-f',
    tag: 'v1',
    digest: DIGEST,
  })
  expect(parseImageReference('[::1]:5000/shop:1')).toMatchObject({ repository: '[::1]:5000/shop' })
  expect([isPinned('shop:1'), isPinned(`shop@${DIGEST}`), isPinned('shop@sha256:1')]).toEqual([false, true, false])
})

test.each([
  ['', 'repository[:tag]'],
  ['Checkout:1', 'lower case'],
  ['shop:', 'a tag is'],
  ['shop:a b', 'a tag is'],
  [`shop:${'x'.repeat(129)}`, 'a tag is'],
  ['shop@sha256:1', '64 lower-case hex digits'],
  [`shop@sha256:${'0A'.repeat(32)}`, '64 lower-case hex digits'],
  [`shop@md5:${'0a'.repeat(16)}`, '64 lower-case hex digits'],
  [`@${DIGEST}`, 'repository[:tag]'],
  ['https://ghcr.io/shop', 'no image reference'],
  ['shop//a', 'repository[:tag]'],
  ['a'.repeat(300), 'repository[:tag]'],
  ['shop\n:1', 'repository[:tag]'],
])('DEPLOY 12: %j is no image reference, and the refusal says what one is', (text, problem) => {
  expect(parseImageReference(text)).toBeUndefined()
  const parsed = imageReferenceSchema.safeParse(text)
  expect(parsed.error?.issues[0]?.message).toContain(problem)
})

test('DEPLOY 12: a digest is of a known algorithm and whole', () => {
  expect(imageDigestSchema.safeParse(DIGEST).success).toBe(true)
  expect(imageDigestSchema.safeParse('sha256:ab').success).toBe(false)
})
