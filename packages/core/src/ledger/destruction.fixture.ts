import type { DeploymentHandle } from './deployment-handle.ts'
import { ada, shop, world } from './ledger.fixture.ts'
import type { World } from './ledger.fixture.ts'

export const main = 'sql-instance/main' as const
export const orders = 'sql-database/orders' as const
export const bucket = 'bucket/receipts' as const
export const reason = 'the shop has closed'

/** Somebody switches deletion protection off at the provider. */
export const unprotect = ({ cloud }: World) =>
  cloud.console('grace').modify('sql-instance/prod-main', { deletionProtection: false })
export const ids = async ({ prod }: World) => (await prod.graph()).nodes().map(({ id }) => id)
/** What was done at the provider. */
export const effects = ({ cloud }: World) =>
  cloud.calls({ effect: true }).map(({ operation, kind, name }) => `${operation} ${kind} ${name}`)

/** A shop in use, all of whose data was confirmed for the destruction, and whose protection somebody switched off. */
export async function readyToGo(options: Parameters<typeof world>[0] = {}): Promise<World> {
  const set = await world(options)
  await set.deploy(shop)
  for (const node of [main, orders, bucket]) await set.prod.confirmDeletion({ node, reason, forDestruction: true }, ada)
  unprotect(set)
  await set.prod.reconcile()
  return set
}

/** Answers the challenge of now. */
export async function destroy({ prod }: Pick<World, 'prod'>, by = ada): Promise<DeploymentHandle> {
  const { challenge } = await prod.destruction()
  return prod.destroy({ challenge, reason }, by)
}
