import { openLedger } from '@infraledger/core'
import type { Actor, Environment, Ledger } from '@infraledger/core'
import { CommandError, wrongUsage } from './command-error.ts'
import { readConfiguration } from './configuration.ts'
import type { Configuration } from './configuration.ts'
import type { Io } from './io.ts'
import { DEFAULT_LEDGER, ledgerPlace } from './ledger-place.ts'
import type { LedgerPlace } from './ledger-place.ts'

/** The options that every command takes. */
export type SharedOptions = {
  readonly ledger: string | undefined
  readonly environment: string | undefined
  readonly config: string | undefined
  readonly json: boolean
  readonly as: Actor | undefined
}

/** What a command works with: the ledger, the environment, and who acts, each looked for when it is first asked for. */
export interface Session {
  readonly io: Io
  readonly shared: SharedOptions
  /** Where the ledger is kept. */
  ledgerPlace(): Promise<LedgerPlace>
  configuration(): Promise<Configuration>
  hasLedger(): Promise<boolean>
  /** The ledger; refuses when it is not there. */
  ledger(): Promise<Ledger>
  /** The ledger, made where it is not there. */
  ledgerOrNew(): Promise<Ledger>
  /** The environment that is named, or the only one there is. */
  environment(): Promise<Environment>
  /** Who acts; refuses when nobody is named. */
  actor(): Actor
  /** A message to the person at the terminal, on stderr. */
  readonly note: (message: string) => Promise<void>
  close(): Promise<void>
}

/** Begins a session. Nothing is opened until it is needed. */
export function openSession(shared: SharedOptions, io: Io): Session {
  let configuration: Promise<Configuration> | undefined
  let opened: Promise<Ledger> | undefined

  const session: Session = {
    io,
    shared,
    configuration: () => (configuration ??= readConfiguration(shared.config, io.cwd)),
    async ledgerPlace() {
      const named =
        shared.ledger ??
        emptyIsNone(io.env['INFRALEDGER_LEDGER']) ??
        (await session.configuration()).ledger ??
        DEFAULT_LEDGER
      return ledgerPlace(named, io.cwd)
    },
    hasLedger: async () => (await session.ledgerPlace()).isThere(),
    ledger: () => (opened ??= open(session, 'open')),
    ledgerOrNew: () => (opened ??= open(session, 'openOrCreate')),
    async environment() {
      const ledger = await session.ledger()
      return ledger.environment(shared.environment ?? onlyOne(await ledger.environments()))
    },
    actor() {
      if (shared.as === undefined) throw wrongUsage('say who acts: --as user:ada, --as api:ci')
      return shared.as
    },
    async note(message) {
      await io.stderr.write(`${message}\n`)
    },
    async close() {
      const ledger = await opened?.catch(() => undefined)
      await ledger?.close()
    },
  }
  return session
}

async function open(session: Session, how: 'open' | 'openOrCreate'): Promise<Ledger> {
  const { clouds, platforms, kinds, authorizer } = await session.configuration()
  const place = await session.ledgerPlace()
  return openLedger({
    store: await place[how](),
    clock: session.io.clock,
    // Where stderr is gone, too, there is nobody left to tell.
    onWarning: ({ message }) => void session.note(`warning: ${message}`).catch(() => undefined),
    ...(clouds === undefined ? {} : { clouds }),
    ...(platforms === undefined ? {} : { platforms }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(authorizer === undefined ? {} : { authorizer }),
  })
}

function onlyOne(environments: readonly string[]): string {
  const [first, second] = environments
  if (first === undefined)
    throw new CommandError(
      'environment-unclear',
      'the ledger has no environment yet: "infraledger create" or an import makes one',
      {
        environments,
      },
    )
  if (second === undefined) return first
  const message = `say which environment is meant, with --environment <name>: there are ${listed(environments)}`
  throw new CommandError('environment-unclear', message, { environments })
}

/** The first few of many names. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(', ')
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown
}

const NAMES_SHOWN = 10

function emptyIsNone(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}
