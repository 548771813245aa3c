import { CreateDBInstanceCommand } from '@aws-sdk/client-rds'
import type { CloudProvider } from '@infraledger/core/adapter'
import { refused } from '../session/aws-errors.ts'
import type { AwsSession } from '../session/session.ts'
import { making } from './making.ts'
import { creationParameters } from './parameters.ts'
import type { CreationDefaults } from './parameters.ts'

/** Makes an instance with every safe default said explicitly. */
export function creating(session: AwsSession, defaults: CreationDefaults): CloudProvider['create'] {
  return async function* create(request, { idempotencyKey: key, signal }) {
    const { target, kind, name, origin, properties } = request
    const attempt = { service: 'rds', action: 'CreateDBInstance', region: target.region, about: name }
    if (kind !== 'sql-instance')
      throw refused(attempt, `the AWS adapter makes no ${kind}; it makes sql-instance`, 'unsupported')
    if (target.provider !== 'aws') throw refused(attempt, `${target.provider} is another cloud`)
    await session.checkAccount(target.account, attempt)
    const parameters = creationParameters(request, defaults, attempt)
    yield* making(session, {
      attempt,
      name,
      key,
      origin,
      tags: parameters.Tags ?? [],
      asked: Object.keys(properties),
      signal,
      send: (rds, tags) =>
        rds.send(new CreateDBInstanceCommand({ ...parameters, DBInstanceIdentifier: name, Tags: tags })),
    })
  }
}
