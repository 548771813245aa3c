import { randomUUID } from 'node:crypto'
import { resourcesSeenIn } from '../rds/instances.ts'
import { masterSecretArn } from '../rds/db-instance-element.ts'
import type { FakeResource } from '../../fake-cloud/world.ts'
import { AwsError } from '../wire/aws-error.ts'
import type { JsonCall, JsonOperation } from '../wire/json-operation.ts'
import { textOf } from '../wire/values.ts'

/** The secrets that RDS keeps for master users; there are no others. Values are in memory only, and new after each rotation. */
export const secretsManagerOperations: Readonly<Record<string, JsonOperation>> = {
  DescribeSecret: {
    effect: 'observe',
    serve(call) {
      const owner = ownerOf(call)
      return {
        ...named(owner),
        RotationEnabled: true,
        OwningService: 'rds',
        CreatedDate: owner.createdAt / 1_000,
        VersionIdsToStages: { [versionOf(owner)]: ['AWSCURRENT'] },
      }
    },
  },
  GetSecretValue: {
    effect: 'observe',
    serve(call) {
      const owner = ownerOf(call)
      const key = `${owner.id} ${versionOf(owner)}`
      const password = call.world.masterPasswords.get(key) ?? randomUUID()
      call.world.masterPasswords.set(key, password)
      return {
        ...named(owner),
        VersionId: versionOf(owner),
        VersionStages: ['AWSCURRENT'],
        SecretString: JSON.stringify({ username: textOf(owner.properties['provider.username'], 'admin'), password }),
      }
    },
  },
}

function named(owner: FakeResource): { readonly ARN: string; readonly Name: string } {
  const arn = masterSecretArn(owner)
  return { ARN: arn, Name: (arn.split(':').at(-1) ?? '').replace(/-FAKE00$/, '') }
}

function ownerOf(call: JsonCall): FakeResource {
  const wanted = textOf(call.input['SecretId'])
  const owner = resourcesSeenIn(call, 'sql-instance', call.now).find(
    (instance) =>
      instance.properties['provider.manage_master_user_password'] === true && masterSecretArn(instance) === wanted,
  )
  if (owner === undefined)
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
  return owner
}

/** A version for each rotation of the password. */
function versionOf({ id, properties }: FakeResource): string {
  return `${id.slice(-12).toLowerCase().padStart(12, '0')}-0000-4000-8000-${String(Number(properties['provider.rotations'] ?? 0)).padStart(12, '0')}`
}
