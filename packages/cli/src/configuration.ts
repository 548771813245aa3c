import { existsSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Authorizer, CloudProvider, ComputePlatform, Kind } from '@infraledger/core'
import { isLedgerUrl } from './ledger-place.ts'
import { CommandError } from './command-error.ts'

/**
 * What `infraledger.config.ts` exports, as `config` or by default.
 *
 * @example
 * import type { Configuration } from '@infraledger/cli'
 * export const config: Configuration = { ledger: 'infra.db', kinds: [featureFlag] }
 */
export type Configuration = {
  /** The ledger's file, from where the configuration lies, or a store's URL. `--ledger` comes first. */
  readonly ledger?: string
  /** What `reconcile` asks. */
  readonly clouds?: readonly CloudProvider[]
  /** Where images are rolled out; `reconcile` asks them, too. */
  readonly platforms?: readonly ComputePlatform[]
  /** Kinds of your own. */
  readonly kinds?: readonly Kind[]
  /** Who may do what, where it is not the roles of the ledger that decide: the same as in your other tools. */
  readonly authorizer?: Authorizer
}

const NAMES = ['infraledger.config.ts', 'infraledger.config.mts', 'infraledger.config.js', 'infraledger.config.mjs']

/** Reads the configuration that is named, or the one in the working directory; an empty one where there is none. */
export async function readConfiguration(named: string | undefined, cwd: string): Promise<Configuration> {
  const file = named === undefined ? NAMES.map((name) => resolve(cwd, name)).find(existsSync) : resolve(cwd, named)
  if (file === undefined) return {}
  if (!existsSync(file)) throw invalid(file, 'it is not there')
  const exported = await load(file)
  const configuration = 'config' in exported ? exported.config : exported.default
  const { ledger, ...rest } = checked(file, configuration)
  const place = ledger === undefined || isLedgerUrl(ledger) ? ledger : resolve(dirname(file), ledger)
  return { ...rest, ...(place === undefined ? {} : { ledger: place }) }
}

async function load(file: string): Promise<{ readonly config?: unknown; readonly default?: unknown }> {
  try {
    // A module namespace may hold anything; what is taken out of it is checked.
    return (await import(pathToFileURL(file).href)) as { readonly config?: unknown; readonly default?: unknown }
  } catch (error) {
    throw invalid(file, error instanceof Error ? error.message : String(error))
  }
}

function checked(file: string, configuration: unknown): Configuration {
  if (typeof configuration !== 'object' || configuration === null)
    throw invalid(file, 'export the configuration as "config", or by default')
  const unknown = Object.keys(configuration).find(
    (key) => !['ledger', 'clouds', 'platforms', 'kinds', 'authorizer'].includes(key),
  )
  if (unknown !== undefined)
    throw invalid(file, `"${unknown}" is no setting; there are ledger, clouds, platforms, kinds and authorizer`)
  // Clouds and kinds are code of the user's own, which the compiler checks; here only their outermost form is.
  const { ledger, clouds, platforms, kinds, authorizer } = configuration as Configuration
  if (ledger !== undefined && typeof ledger !== 'string')
    throw invalid(file, 'ledger is neither the path of a file nor a URL')
  if (clouds !== undefined && !Array.isArray(clouds)) throw invalid(file, 'clouds is not a list')
  if (platforms !== undefined && !Array.isArray(platforms)) throw invalid(file, 'platforms is not a list')
  if (kinds !== undefined && !Array.isArray(kinds)) throw invalid(file, 'kinds is not a list')
  if (authorizer !== undefined && typeof authorizer?.authorize !== 'function')
    throw invalid(file, 'authorizer has no method authorize')
  return configuration
}

function invalid(file: string, problem: string): CommandError {
  return new CommandError('configuration-invalid', `the configuration ${basename(file)} cannot be used: ${problem}`, {
    file,
    problem,
  })
}
