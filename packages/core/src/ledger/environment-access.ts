import type { Actor } from '../access/actor.ts'
import { readActor } from '../access/actor-input.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { Command } from '../environment/decide.ts'
import type { LedgerEvent } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { closest } from '../graph/closest.ts'
import { LedgerError } from '../ledger-error.ts'
import { environmentStream } from './environment-stream.ts'
import type { EnvironmentStream } from './environment-stream.ts'
import { executor } from './execute.ts'
import type { Execution } from './execute.ts'
import { observedExecute } from './observed-execute.ts'
import { observedStream } from './observed-stream.ts'
import type { LedgerServices } from './services.ts'

/** One environment from the inside: its folded state, and the way to change it. What the handle's methods are built on. */
export interface EnvironmentAccess {
  readonly name: string
  readonly services: LedgerServices
  /** The state as of now; throws `environment-not-found` where it was never created. */
  read(): Promise<EnvironmentState>
  /** The state with its whole history loaded. */
  readHistory(): Promise<EnvironmentState>
  /** The state as it was read last, without looking for newer events. */
  readonly stream: EnvironmentStream
  execute(command: Command, execution: Execution): Promise<readonly LedgerEvent[]>
  context(actor: Actor): CommandContext
}

/** Opens an environment by its name; whether there is one shows when it is read. */
export function environmentAccess(name: string, services: LedgerServices): EnvironmentAccess {
  const stream = observedStream(environmentStream(services.store, name, services), name, services)
  const context = (actor: Actor, now = services.clock.now().toISOString()): CommandContext => ({
    now,
    actor,
    newId: services.newId,
    kinds: services.kinds,
    capabilities: (provider, kind) => services.clouds.get(provider)?.capabilities(kind),
    providers: [...services.clouds.keys()],
    nameOf: (node, incarnation) => services.nameResource({ environment: name, node, incarnation }),
    authenticates: services.identities.authenticates,
    labelsOf: (node) => services.labelResource({ environment: name, node }),
  })
  const execute = executor(stream, name, {
    store: services.store,
    clock: services.clock,
    newId: services.newId,
    authorizer: services.authorizer,
    identities: services.identities,
    context,
  })

  async function read(): Promise<EnvironmentState> {
    await stream.catchUp()
    if (stream.state.environment.created) return stream.state
    throw await notFound(name, services)
  }
  async function readAndExecute(command: Command, execution: Execution): Promise<readonly LedgerEvent[]> {
    if (command.type !== 'create-environment') await read()
    return execute(command, execution)
  }
  const observed = observedExecute(readAndExecute, stream, name, services)
  return {
    name,
    services,
    stream,
    read,
    context,
    async readHistory() {
      await read()
      await stream.loadHistory()
      return stream.state
    },
    execute: async (command, execution: Execution | undefined) =>
      observed(command, { ...execution, actor: readActor(execution?.actor, services.identities.isProven) }),
  }
}

async function notFound(name: string, services: LedgerServices): Promise<LedgerError> {
  const known = await services.environmentNames()
  const near = closest(name, known)
  const hint =
    near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : known.length > 0
        ? `there are ${known.slice(0, 10).join(', ')}`
        : 'create it with createEnvironment'
  return new LedgerError('environment-not-found', `there is no environment "${name}"; ${hint}`, {
    environment: name,
    closest: near,
  })
}
