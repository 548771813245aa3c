import fc from 'fast-check'
import type { Given, Pick, ScriptCommand, Who } from './command.fixture.ts'

const MINUTE = 60_000

export const HOUR = 60 * MINUTE
/** Times that pass. */
export const gap = fc.constantFrom(20_000, 5 * MINUTE, 20 * MINUTE, 3 * HOUR, 26 * HOUR)

export const pick: fc.Arbitrary<Pick> = fc.nat({ max: 63 })
export const who = fc.constantFrom<Who>('ada', 'ada', 'ada', 'grace', 'grace', 'linus', 'linus', 'mallory')
export const admin = fc.constantFrom<Who>('ada', 'linus', 'barbara')
const process = fc.nat({ max: 1 })
const asserted = fc.constantFrom(false, false, false, false, false, true)

/** Commands of these types with these fields. */
export function a<T extends Given['type']>(types: T | readonly T[], fields: object = {}): fc.Arbitrary<ScriptCommand> {
  const type = fc.constantFrom(...[types].flat())
  // Types and fields are checked against each other where they are played: `play` takes nothing else.
  return fc.record({ type, process, asserted, ...fields }) as unknown as fc.Arbitrary<ScriptCommand>
}

/** The same command, said by somebody whose identity is proven where it can be. */
export function proven(command: fc.Arbitrary<ScriptCommand>): fc.Arbitrary<ScriptCommand> {
  return command.map((said): ScriptCommand => ({ ...said, asserted: false }))
}
