import { takeSnapshot } from '../../../environment/snapshot.ts'
import { environmentAccess } from '../../environment-access.ts'
import { ledgerServices } from '../../services.ts'
import type { RunningCommand } from '../script/running.fixture.ts'
import type { Process, Stage } from '../stage.fixture.ts'
import { nodeOf } from './turn.fixture.ts'
import type { Turn } from './turn.fixture.ts'

/** The week's usual maintenance window begins here; the clock starts on a Monday. */
const WEEK_MS = 7 * 24 * 3_600_000

/** Plays what happens to the processes, their store and their clock. */
export async function playRunning({ set, prod, ask }: Turn, command: RunningCommand, process: Process): Promise<void> {
  const { clock } = set
  switch (command.type) {
    case 'reconcile': {
      const node = command.node === null ? undefined : await nodeOf(prod, command.node)
      const scope = node === undefined ? {} : { scope: { type: 'nodes', nodes: [node] } as const }
      await ask({ type: 'reconcile' }, 'ada', () => prod.reconcile(scope))
      return
    }
    case 'store-fault':
      set.flaky.failNext(command.fault, command.nth)
      return
    case 'pass':
      if (command.suspended) clock.jump(command.milliseconds)
      else await clock.sleep(command.milliseconds)
      return
    case 'window': {
      const now = clock.now().getTime()
      await clock.sleep(windowAfter(now) - now)
      return
    }
    case 'restart':
      // The process is killed by whoever told it.
      return
    case 'suspend':
      process.suspend()
      await clock.sleep(command.milliseconds)
      process.resume()
      return
    case 'set-clock':
      clock.setTime(new Date(clock.now().getTime() + command.byMs))
      return
    case 'snapshot':
      return snapshot(set)
  }
}

/** Ten past three on the next Sunday: in the window that instances have unless told otherwise. */
function windowAfter(now: number): number {
  const sunday = Date.parse('2026-03-01T03:10:00Z')
  return sunday + Math.ceil((now + 1 - sunday) / WEEK_MS) * WEEK_MS
}

/** Keeps a snapshot here and now, as the library does after thousands of events: whoever starts next begins with it. */
async function snapshot({ store }: Stage): Promise<void> {
  const { stream } = environmentAccess('prod', ledgerServices({ store }))
  await stream.catchUp()
  const taken = takeSnapshot({ stream: stream.name, ...stream.head }, stream.state)
  if (taken !== undefined) await store.saveSnapshot(taken)
}
