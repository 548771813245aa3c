import { isLedgerError } from '@infraledger/core/adapter'
import type { Properties } from '@infraledger/core/adapter'
import fc from 'fast-check'
import type { VirtualClock } from '../clock/virtual-clock.ts'
import type { FakeCloud } from '../fake-cloud/fake-cloud.ts'
import { sqlInstancePatches, sqlInstanceProperties } from './sql-instances.ts'

/** One thing that happens behind the ledger's back. */
export type ConsoleStep =
  | { readonly type: 'create'; readonly user: string; readonly name: string; readonly properties: Properties }
  | {
      readonly type: 'modify'
      readonly user: string
      readonly name: string
      readonly changes: Properties
      readonly when: 'now' | 'maintenance-window'
    }
  | { readonly type: 'remove'; readonly user: string; readonly name: string }
  | { readonly type: 'upgrade-minor' | 'grow-storage'; readonly name: string }
  | { readonly type: 'pass'; readonly milliseconds: number }

/** What became of a step: `refused` holds the cloud's reason. */
export type PlayedStep = { readonly step: ConsoleStep; readonly refused?: string }

const HOUR = 3_600_000

/** Edits of a few `sql-instance`s by a few people, and the passing of time between them. */
export function consoleScripts(
  options: { readonly names?: readonly string[]; readonly maxLength?: number } = {},
): fc.Arbitrary<readonly ConsoleStep[]> {
  const name = fc.constantFrom(...(options.names ?? ['main', 'orders']))
  const user = fc.constantFrom('ada', 'grace')
  const when = fc.constantFrom('now' as const, 'maintenance-window' as const)
  const create = { type: fc.constant('create' as const), user, name, properties: sqlInstanceProperties() }
  const modify = { type: fc.constant('modify' as const), user, name, changes: sqlInstancePatches(), when }
  const steps: fc.Arbitrary<ConsoleStep> = fc.oneof(
    { weight: 2, arbitrary: fc.record(create) },
    { weight: 5, arbitrary: fc.record(modify) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('remove' as const), user, name }) },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constantFrom('upgrade-minor' as const, 'grow-storage' as const), name }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constant('pass' as const),
        milliseconds: fc.integer({ min: 1, max: 200 * HOUR }),
      }),
    },
  )
  return fc.array(steps, { maxLength: options.maxLength ?? 20 })
}

/** Plays a script on a fake cloud. What the cloud refuses, and what there is no resource for, is answered as refused. */
export async function playConsoleScript(
  cloud: FakeCloud,
  clock: VirtualClock,
  script: readonly ConsoleStep[],
): Promise<readonly PlayedStep[]> {
  const played: PlayedStep[] = []
  for (const step of script) {
    try {
      if (step.type === 'pass') await clock.advance(step.milliseconds)
      else play(cloud, step)
      played.push({ step })
    } catch (error) {
      if (!isLedgerError(error)) throw error
      played.push({ step, refused: error.message })
    }
  }
  return played
}

function play(cloud: FakeCloud, step: Exclude<ConsoleStep, { type: 'pass' }>): void {
  switch (step.type) {
    case 'create':
      cloud.console(step.user).create('sql-instance', step.name, step.properties)
      return
    case 'modify':
      cloud.console(step.user).modify(step.name, step.changes, { when: step.when })
      return
    case 'remove':
      cloud.console(step.user).remove(step.name)
      return
    case 'upgrade-minor':
      cloud.itself.upgradeMinor(step.name)
      return
    case 'grow-storage':
      cloud.itself.growStorage(step.name)
  }
}
