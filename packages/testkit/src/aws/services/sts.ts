import type { FormOperation } from '../rds/operation.ts'
import { accountOf } from '../aws-world.ts'
import { principalArn } from '../wire/caller.ts'

/** Who is asking. IAM cannot deny this call to anybody (STS API, GetCallerIdentity). */
export const stsOperations: Readonly<Record<string, FormOperation>> = {
  GetCallerIdentity: {
    effect: 'observe',
    serve({ world, principal, accessKeyId }) {
      const account = accountOf(world)
      return { Arn: principalArn(account, principal), UserId: accessKeyId, Account: account }
    },
  },
}
