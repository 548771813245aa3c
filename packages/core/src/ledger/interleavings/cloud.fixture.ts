import { isLedgerError } from '../../ledger-error.ts'
import { made, patchesOf } from './catalogue.fixture.ts'
import type { Fault, Operation, ScriptCommand } from './script.fixture.ts'
import type { Stage } from './stage.fixture.ts'

/** What happens behind the ledger's back. */
export type CloudCommand = Extract<
  ScriptCommand,
  {
    type:
      | 'edit'
      | 'make'
      | 'tear-down'
      | 'unprotect'
      | 'stop'
      | 'fill'
      | 'provider'
      | 'fault'
      | 'lift-faults'
      | 'store-fault'
      | 'pass'
      | 'window'
  }
>

/** The week's usual maintenance window begins here; the clock starts on a Monday. */
const WEEK_MS = 7 * 24 * 3_600_000

/** Does it, unless the cloud refuses. */
export async function playOnCloud(set: Stage, command: CloudCommand): Promise<void> {
  const { clock, cloud } = set
  switch (command.type) {
    case 'pass':
      if (command.suspended) clock.jump(command.milliseconds)
      else await clock.sleep(command.milliseconds)
      return
    case 'window': {
      const now = clock.now().getTime()
      const window = windowAfter(now)
      await clock.sleep(window - now)
      return
    }
    case 'fault':
      setFault(set, command)
      return
    case 'store-fault':
      set.flaky.failNext(command.fault, command.nth)
      return
    case 'lift-faults':
      cloud.faults.clear()
      set.flaky.repair()
      return
    default:
      set.witness.seen.truths.remember()
      refusable(() => act(set, command))
  }
}

/** Ten past three on the next Sunday: in the window that instances have unless told otherwise. */
function windowAfter(now: number): number {
  const sunday = Date.parse('2026-03-01T03:10:00Z')
  return sunday + Math.ceil((now + 1 - sunday) / WEEK_MS) * WEEK_MS
}

type Deed = Exclude<CloudCommand, { type: 'pass' | 'window' | 'fault' | 'store-fault' | 'lift-faults' }>

function act({ cloud, clock }: Stage, command: Deed): void {
  const people = cloud.console('linus')
  if (command.type === 'make') {
    const thing = made[command.made % made.length]
    if (thing !== undefined) people.create(thing.kind, thing.name, thing.properties)
    return
  }
  const all = cloud.inspect.resources()
  const resource = all[command.resource % Math.max(1, all.length)]
  if (resource === undefined) return
  const { ref, kind } = resource
  switch (command.type) {
    case 'edit': {
      const patches = patchesOf(kind)
      people.modify(ref, patches[command.patch % patches.length] ?? {}, { when: command.when })
      return
    }
    case 'tear-down':
      people.remove(ref, { takesMs: command.takesMs })
      return
    case 'unprotect':
      for (const instance of cloud.inspect.resources('sql-instance'))
        people.modify(instance.ref, { deletionProtection: false })
      return
    case 'stop':
      people.stop(ref)
      return
    case 'fill':
      for (const bucket of cloud.inspect.resources('bucket'))
        people.putObjects(bucket.ref, clock.now().getMinutes() % 2)
      return
    case 'provider':
      if (command.doing === 'lose') cloud.itself.lose(ref)
      else if (kind === 'sql-instance' && command.doing === 'upgrade') cloud.itself.upgradeMinor(ref)
      else if (kind === 'sql-instance') cloud.itself.growStorage(ref)
  }
}

function refusable(deed: () => void): void {
  try {
    deed()
  } catch (error) {
    if (!isLedgerError(error)) throw error
  }
}

function setFault(
  { cloud: { faults } }: Stage,
  { fault, operation, nth }: { fault: Fault; operation: Operation; nth: number },
): void {
  const only = operation === 'any' ? {} : { operation }
  const match = { ...only, nth }
  switch (fault) {
    case 'refused':
      faults.refuse(match, { times: 1 })
      return
    case 'retryable':
      faults.retryable(only, nth)
      return
    case 'answer-lost':
      faults.unknownOutcome(match)
      return
    case 'call-lost':
      faults.unknownOutcome(match, { happened: false })
      return
    case 'dies-before':
      faults.crash(match, 'before-call')
      return
    case 'dies-after':
      faults.crash(match, 'between-call-and-answer')
      return
    case 'dies-waiting':
      faults.crash(match, 'while-waiting')
      return
    case 'midway':
      faults.failMidway(match)
      return
    case 'unreadable':
      faults.unreadable({ operation: nth % 2 === 0 ? 'observe' : 'discover' }, { times: nth * 2 })
  }
}
