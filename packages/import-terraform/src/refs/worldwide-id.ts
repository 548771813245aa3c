/**
 * Forms of ids that only one thing in the world has. An id attribute of any other form (`default`, `my-bucket`,
 * `AllowExecutionFromS3`) may name another thing in another account or state and identifies nothing.
 */
const WORLDWIDE = [
  /^arn:/,
  // Azure Resource Manager
  /^\/subscriptions\//i,
  // Google: the project, folder or organisation comes first
  /^(?:projects|folders|organizations|billingAccounts)\/[^/]+\/./,
  /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  /^https:\/\//,
]

/** Whether AWS made the id: `sg-0254c038e32f25530`, `eipalloc-…`, `rtbassoc-…`. */
export function isGeneratedId(id: string): boolean {
  return /^[a-z]+(?:-[a-z]+)*-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(id)
}

/** Whether an id can only be the id of one thing. */
export function isWorldwideId(id: string): boolean {
  return WORLDWIDE.some((form) => form.test(id))
}

/** A Google self link without host and API version, which differ between the provider's releases and its beta. */
export function selfLinkId(selfLink: string): string {
  return selfLink.replace(/^https:\/\/[^/]+\//, '').replace(/(^|\/)(?:v\d+(?:(?:alpha|beta)\d*)?|alpha|beta)\//, '$1')
}
