import type { ChangingCommand } from './changing.fixture.ts'
import type { CloudCommand } from './cloud.fixture.ts'
import type { DeployingCommand } from './deploying.fixture.ts'
import type { EndingCommand } from './ending.fixture.ts'
import type { ExternalCommand } from './external.fixture.ts'
import type { GoverningCommand } from './governing.fixture.ts'
import type { RunningCommand } from './running.fixture.ts'

/** A number that is taken modulo however many there are to pick from when the command is played. */
export type Pick = number

/** Ada made the environment, linus and barbara may approve, grace is a member, and mallory has no business here. */
export type Who = 'ada' | 'grace' | 'linus' | 'barbara' | 'mallory'

/** One thing that somebody does, somewhere. Everything in it is data, so that a failing script can be shrunk and played again. */
export type ScriptCommand = Given & {
  /** Which of the processes that share the store is told. */
  readonly process: Pick
  /** Whoever it is only claims to be them, where identities can be proven. */
  readonly asserted?: boolean
}

export type Given =
  | DeployingCommand
  | ChangingCommand
  | GoverningCommand
  | EndingCommand
  | ExternalCommand
  | CloudCommand
  | RunningCommand
