import { isLedgerError } from '@infraledger/core'
import type { Actor, Environment, EnvironmentInput, Ledger } from '@infraledger/core'
import { parseChoice } from './arguments.ts'
import { option } from './command.ts'
import { wrongUsage } from './command-error.ts'
import { showActor } from './output/lineage.ts'
import type { Session } from './session.ts'

/** `--type` of the import commands. */
export const typeOption = option(
  '<type>',
  'of an environment that the import makes: development (default), production or preview',
  parseChoice('development', 'production', 'preview'),
)

/** The environment that an import goes to, and whether it was made for it. */
export type ImportingEnvironment = { readonly environment: Environment; readonly created: boolean }

/**
 * Finds the environment of an import, and makes it (and the ledger) where it is not there yet; whoever imports is its first Admin.
 * The type is `development` unless it is said, because that is the one whose drift rules enforce nothing.
 */
export async function importingEnvironment(
  session: Session,
  type: EnvironmentInput['type'] | undefined,
): Promise<ImportingEnvironment> {
  const name = session.shared.environment
  const isThere = await session.hasLedger()
  if (isThere && (name === undefined || (await (await session.ledger()).environments()).includes(name))) {
    return { environment: await session.environment(), created: false }
  }
  if (name === undefined) throw wrongUsage('name the environment that the import makes: --environment <name>')
  const actor = creator(session, name)
  const ledger = await session.ledgerOrNew()
  const environment = await created(ledger, { name, type: type ?? 'development' }, actor)
  if (environment === undefined) return { environment: ledger.environment(name), created: false }
  await session.note(`Created environment ${name} (${type ?? 'development'}); ${showActor(actor)} is its first Admin.`)
  return { environment, created: true }
}

/** Undefined where another process made it at the same moment. */
async function created(ledger: Ledger, input: EnvironmentInput, actor: Actor): Promise<Environment | undefined> {
  try {
    return await ledger.createEnvironment(input, { actor })
  } catch (error) {
    if (isLedgerError(error, 'environment-exists')) return undefined
    throw error
  }
}

function creator({ shared }: Session, environment: string): Actor {
  if (shared.as !== undefined) return shared.as
  throw wrongUsage(
    `environment ${environment} is not there yet: say who makes it and is its first Admin, with --as user:ada`,
  )
}
