import { flagAt, textAt } from '../state/attributes.ts'
import type { TypeTranslation } from './type-translation.ts'

/** S3 buckets. The provider repeats the bucket's versioning in a block even where another resource sets it. */
export const awsS3Bucket: TypeTranslation = {
  kind: 'bucket',
  blocks: ['versioning'],
  neutral: { 'versioning.enabled': { to: 'versioning', as: 'flag' }, region: { to: 'location', as: 'text' } },
  labels: ['tags_all', 'tags'],
}

/**
 * Cloud Storage buckets. Without a `versioning` block it is off. Only enforced prevention says that nobody outside has access;
 * `inherited` leaves it to policies that the bucket does not show (Cloud Storage, "Public access prevention").
 */
export const googleStorageBucket: TypeTranslation = {
  kind: 'bucket',
  blocks: ['versioning'],
  neutral: { location: { to: 'location', as: 'text' } },
  labels: ['effective_labels', 'labels', 'terraform_labels'],
  derive(attributes) {
    const enforced = textAt(attributes, 'public_access_prevention') === 'enforced'
    return {
      properties: {
        versioning: flagAt(attributes, 'versioning.enabled') ?? false,
        publicAccess: enforced ? false : undefined,
      },
      said: ['versioning.enabled', ...(enforced ? ['public_access_prevention'] : [])],
    }
  },
}
