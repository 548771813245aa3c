import { isLedgerError } from '@infraledger/core/adapter'
import type {
  LedgerError,
  Operation,
  OperationUpdate,
  Properties,
  ProviderRef,
  ResourceObservation,
} from '@infraledger/core/adapter'
import type { Account } from '../aws-account.fixture.ts'

const SMALL = { tier: 'db.t4g.medium', deletionProtection: false }

/** Drives an operation to its end. */
export async function finish(operation: Operation): Promise<Extract<OperationUpdate, { type: 'completed' }>> {
  for await (const update of operation) if (update.type === 'completed') return update
  throw new Error('it ended without an outcome')
}

/** Makes the instance `prod-main`, small and unprotected, and answers what the adapter says of it. */
export async function made({ aws, cloud }: Account, properties: Properties = {}): Promise<ResourceObservation> {
  const { observation } = await finish(
    cloud.create(
      {
        target: aws.target,
        kind: 'sql-instance',
        name: 'prod-main',
        properties: { ...SMALL, ...properties },
        dependencies: [],
      },
      { idempotencyKey: 'make it' },
    ),
  )
  if (observation === null) throw new Error('nothing was made')
  return observation
}

/** Changes an instance, at once unless said otherwise. */
export function update(
  { cloud }: Account,
  ref: ProviderRef,
  change: { changes: Properties; expected?: Properties; when?: 'now' | 'maintenance-window'; key?: string },
): Promise<Extract<OperationUpdate, { type: 'completed' }>> {
  const { changes, expected = {}, when = 'now', key = 'change it' } = change
  return finish(cloud.update({ ref, kind: 'sql-instance', changes, expected, when }, { idempotencyKey: key }))
}

/** The refusal that something ends in. */
export async function refusal(work: Promise<unknown>): Promise<LedgerError<'cloud-refused'>> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (isLedgerError(error, 'cloud-refused')) return error
  throw new Error(`it was not refused: ${String(error)}`)
}

/** Calls of an action that came over the wire. */
export const calls = ({ aws }: Account, name: string): readonly unknown[] =>
  aws.trail.filter((event) => event.name === name)
