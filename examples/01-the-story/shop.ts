import type { ApplicationModelInput } from '@infraledger/core'

/** What the shop's code declares. `analytics` comes and goes in the course of the story. */
export function shop(options: { checkoutImage: string; analytics: boolean }): ApplicationModelInput {
  const checkout = {
    name: 'checkout',
    image: options.checkoutImage,
    uses: [
      { need: 'sql-database/orders', operations: ['read', 'write'] },
      { need: 'bucket/receipts', operations: ['write'] },
    ],
  } as const
  const reports = {
    name: 'reports',
    image: 'reports@sha256:77aa',
    uses: [{ need: 'sql-database/analytics', operations: ['read'] }],
  } as const
  return {
    services: options.analytics ? [checkout, reports] : [checkout],
    needs: [
      'sql-database/orders',
      { node: 'bucket/receipts', properties: { versioning: true } },
      ...(options.analytics
        ? [{ node: 'sql-database/analytics', dependsOn: ['sql-instance/analytics'] } as const]
        : []),
    ],
  }
}
