import type { AwsPrincipal } from './caller.ts'

/** One call as CloudTrail keeps it. */
export type TrailEvent = {
  readonly id: string
  readonly at: number
  readonly source: string
  readonly name: string
  readonly region: string
  readonly principal: AwsPrincipal | 'aws'
  readonly sourceIpAddress: string
  readonly userAgent: string
  readonly readOnly: boolean
  readonly request: Readonly<Record<string, unknown>> | null
  readonly resources: readonly { readonly type: string; readonly name: string }[]
  readonly error?: { readonly code: string; readonly message: string }
}
