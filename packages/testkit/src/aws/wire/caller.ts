import { AwsError } from './aws-error.ts'

/** Who calls, as an IAM identity. */
export type AwsPrincipal =
  | { readonly type: 'user'; readonly name: string }
  | { readonly type: 'assumed-role'; readonly role: string; readonly session: string }

/** The scope of a signature: `Credential=<access key>/<date>/<region>/<service>/aws4_request`. */
export type Signature = { readonly accessKeyId: string; readonly region: string; readonly service: string }

/** Reads who signed for what (AWS Signature Version 4). The signature itself is not checked: no key here is secret. */
export function readSignature(authorization: string | undefined): Signature {
  if (authorization === undefined)
    throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)
  const match = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/.exec(authorization)
  const [, accessKeyId = '', region = '', service = ''] = match ?? []
  if (accessKeyId === '')
    throw new AwsError('IncompleteSignature', 'Authorization header requires a Credential of Signature Version 4.', 403)
  return { accessKeyId, region, service }
}

/** The ARN of a principal in an account. */
export function principalArn(account: string, principal: AwsPrincipal): string {
  return principal.type === 'user'
    ? `arn:aws:iam::${account}:user/${principal.name}`
    : `arn:aws:sts::${account}:assumed-role/${principal.role}/${principal.session}`
}
