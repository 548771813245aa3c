import { isSimulatedCrash } from '@infraledger/testkit'
import { isLedgerError } from '../../../ledger-error.ts'
import type { Given, ScriptCommand } from '../script/command.fixture.ts'
import { processOf } from '../stage.fixture.ts'
import type { Stage } from '../stage.fixture.ts'
import { playChanging } from './changing.fixture.ts'
import { playCloud } from './cloud.fixture.ts'
import { playDeploying } from './deploying.fixture.ts'
import { playEnding } from './ending.fixture.ts'
import { playExternal } from './external.fixture.ts'
import { playGoverning } from './governing.fixture.ts'
import { playRunning } from './running.fixture.ts'
import { turnOn } from './turn.fixture.ts'
import type { Turn } from './turn.fixture.ts'

/** What became of a command: the code of its refusal, where it was refused. */
export type Played = 'done' | 'died' | `refused: ${string}`

/** Refusals that no command of a script can deserve. */
const UNDESERVED: ReadonlySet<string> = new Set([
  'lineage-missing',
  'edge-end-missing',
  'event-too-large',
  'append-too-large',
  'ledger-newer-than-library',
  'ledger-not-intact',
  'store-damaged',
  'append-conflict',
  'model-missing',
  'environment-not-found',
])

/** Plays one command. A refusal is fine; anything else that is thrown, but the death of the process, is a defect. */
export async function play(set: Stage, command: ScriptCommand): Promise<Played> {
  const process = processOf(set, command.process)
  const turn = turnOn(set, process.ledger, command.asserted === true)
  try {
    await set.clock.runUntil(perform(turn, command))
    if (command.type === 'restart') {
      process.dead = true
      process.kill()
    }
    return 'done'
  } catch (error) {
    if (isSimulatedCrash(error)) {
      process.dead = true
      process.kill()
      return 'died'
    }
    if (!isLedgerError(error) || UNDESERVED.has(error.code)) throw error
    return `refused: ${error.code}`
  } finally {
    await set.clock.advance(0)
  }
}

function perform(turn: Turn, command: Given & { readonly process: number }): Promise<void> {
  switch (command.type) {
    case 'deploy':
    case 'approve':
    case 'reject-deployment':
    case 'cancel':
    case 'review':
    case 'finish':
      return playDeploying(turn, command)
    case 'request':
    case 'request-hard':
    case 'withdraw':
    case 'reject':
    case 'contradict':
    case 'bind':
    case 'manage':
    case 'import':
      return playChanging(turn, command)
    case 'policies':
    case 'role':
      return playGoverning(turn, command)
    case 'confirm':
    case 'destroy':
    case 'delete':
    case 'create-again':
      return playEnding(turn, command)
    case 'propose':
    case 'approve-external':
    case 'reject-external':
    case 'withdraw-external':
    case 'report':
    case 'apply':
      return playExternal(turn, command)
    case 'reconcile':
    case 'store-fault':
    case 'pass':
    case 'window':
    case 'restart':
    case 'suspend':
    case 'set-clock':
    case 'snapshot':
      return playRunning(turn, command, processOf(turn.set, command.process))
    default:
      playCloud(turn.set, command)
      return Promise.resolve()
  }
}
