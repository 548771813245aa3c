import { z } from 'zod'

const text = z.string().optional()
const parameters = z.record(z.string(), z.unknown()).nullish()

/**
 * One record of CloudTrail ("CloudTrail record contents"); members that are not used are let through. Identities differ by type, and older
 * records lack what newer ones have, so next to nothing is required.
 */
export const trailRecordSchema = z.looseObject({
  eventID: z.string().min(1),
  eventTime: z.iso.datetime({ offset: true }),
  eventSource: z.string(),
  eventName: z.string(),
  awsRegion: z.string(),
  recipientAccountId: text,
  userIdentity: z
    .looseObject({
      type: text,
      arn: text,
      accountId: text,
      userName: text,
      invokedBy: text,
      sessionContext: z
        .looseObject({
          sourceIdentity: text,
          sessionIssuer: z.looseObject({ arn: text, userName: text }).optional(),
        })
        .optional(),
    })
    .default({}),
  sourceIPAddress: text,
  userAgent: text,
  errorCode: text,
  errorMessage: text,
  eventType: text,
  readOnly: z.union([z.boolean(), z.string().transform((value) => value === 'true')]).optional(),
  sessionCredentialFromConsole: text,
  requestParameters: parameters,
  responseElements: parameters,
})

/** One record of CloudTrail. */
export type TrailRecord = z.infer<typeof trailRecordSchema>

/** The account that a record is of: who was called, else who called. */
export function accountOf({ recipientAccountId, userIdentity }: TrailRecord): string | undefined {
  return recipientAccountId ?? userIdentity.accountId
}

/** A parameter or element that is a text. */
export function textIn(from: Readonly<Record<string, unknown>> | null | undefined, name: string): string | undefined {
  const value = from?.[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
