import { isSimulatedCrash } from '@infraledger/testkit'
import { isLedgerError } from '../../../ledger-error.ts'
import type { NodeId } from '../../../graph/ids.ts'
import type { Environment } from '../../environment.ts'
import type { Ledger } from '../../open-ledger.ts'
import type { By } from '../../options.ts'
import type { Outcome } from '../rules/moment.fixture.ts'
import type { Who } from '../script/command.fixture.ts'
import type { Told } from '../script/told.fixture.ts'
import { identityOf } from '../stage.fixture.ts'
import type { Stage } from '../stage.fixture.ts'

/** One command's turn: the ledger it is told to, and those who speak. */
export type Turn = {
  readonly set: Stage
  readonly ledger: Ledger
  readonly prod: Environment
  readonly by: (who: Who) => Promise<By>
  /** Asks for something, and has the witness hear what was asked and what became of it. */
  readonly ask: <T>(told: Told, who: Who, deed: (by: By) => Promise<T>) => Promise<T>
}

/** A turn on a process' ledger. */
export function turnOn(set: Stage, ledger: Ledger, asserted: boolean): Turn {
  const by = (who: Who): Promise<By> => identityOf(set, ledger, who, asserted)
  return {
    set,
    ledger,
    prod: ledger.environment('prod'),
    by,
    async ask(told, who, deed) {
      const actor = await by(who)
      const before = set.flaky.failures
      const say = (outcome: Outcome): void =>
        set.witness.see({ type: 'command', told, by: actor.actor, outcome, interfered: set.flaky.failures > before })
      try {
        const answer = await deed(actor)
        say({ status: 'done' })
        return answer
      } catch (error) {
        if (isSimulatedCrash(error)) say({ status: 'died' })
        else if (isLedgerError(error)) {
          const { code, message, details } = error
          say({ status: 'refused', code, message, details })
        }
        throw error
      }
    },
  }
}

/** The one of all that is meant; undefined where there is none. */
export function chosen<T>(all: readonly T[], pick: number): T | undefined {
  return all[pick % Math.max(1, all.length)]
}

/** A living node, of all or of some kinds, in an order that does not depend on how it came to be. */
export async function nodeOf(
  prod: Environment,
  pick: number,
  isMeant: (kind: string) => boolean = () => true,
): Promise<NodeId | undefined> {
  const ids = (await prod.graph()).nodes().flatMap(({ id, kind }) => (isMeant(kind) ? [id] : []))
  return chosen(ids.toSorted(), pick)
}
