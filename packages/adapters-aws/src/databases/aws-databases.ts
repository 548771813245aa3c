import { Signer } from '@aws-sdk/rds-signer'
import type { CloudProvider, ProviderRef } from '@infraledger/core/adapter'
import { findInstance } from '../reading/instances.ts'
import { refused } from '../session/aws-errors.ts'
import type { ClientOptions } from '../session/clients.ts'
import type { AwsSession } from '../session/session.ts'
import type { AwsDatabases } from './databases.ts'
import { followingOf } from './looking.ts'
import { rename } from './rename.ts'
import { createReplica, restore } from './restore.ts'
import { rotateMasterPassword } from './rotate.ts'
import { upgrade, upgradeTargets } from './upgrade.ts'

/** Operations on databases over one session. */
export function awsDatabases(
  session: AwsSession,
  update: CloudProvider['update'],
  credentials: ClientOptions['credentials'],
): AwsDatabases {
  return {
    upgradeTargets: (ref) => upgradeTargets(session, ref),
    upgrade: (request, options) => upgrade(session, request, options),
    restore: (request, options) => restore(session, update, request, options),
    createReplica: (request, options) => createReplica(session, update, request, options),
    rename: (request, options) => rename(session, request, options),
    rotateMasterPassword: (request, options) => rotateMasterPassword(session, request, options),
    authToken: (request) => authToken(session, request, credentials),
  }
}

/** The token is signed here, without a call; it is good for 15 minutes (RDS User Guide, "IAM database authentication"). */
async function authToken(
  session: AwsSession,
  { ref, username }: { readonly ref: ProviderRef; readonly username: string },
  credentials: ClientOptions['credentials'],
): Promise<string> {
  const { attempt, instance } = await followingOf(session, ref, 'GenerateDBAuthToken')
  const described = await findInstance(session, attempt.region, instance)
  const { Address: hostname, Port: port } = described?.Endpoint ?? {}
  if (hostname === undefined || port === undefined) throw refused(attempt, 'it has no address', 'not-found')
  if (described?.IAMDatabaseAuthenticationEnabled !== true)
    throw refused(
      attempt,
      'it takes no IAM tokens; set provider.iam_database_authentication_enabled first',
      'unsupported',
    )
  const { region } = attempt
  return new Signer({
    hostname,
    port,
    region,
    username,
    ...(credentials === undefined ? {} : { credentials }),
  }).getAuthToken()
}
