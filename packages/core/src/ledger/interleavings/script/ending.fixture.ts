import fc from 'fast-check'
import { a, admin, pick, proven, who } from './arbitrary.fixture.ts'
import type { Pick, Who } from './command.fixture.ts'

/** What is typed: the phrase of now, of a while ago, of another action, with a slip, or nothing. */
export type Typed = 'right' | 'stale' | 'other' | 'slip' | 'none'

/** What may be removed, and how the environment ends. */
export type EndingCommand =
  | {
      readonly type: 'confirm'
      readonly node: Pick | null
      readonly loss: boolean
      readonly backups: boolean
      readonly forDestruction: boolean
      readonly who: Who
    }
  | { readonly type: 'destroy' | 'delete'; readonly typed: Typed; readonly who: Who }
  | { readonly type: 'create-again' }

export const confirm = a('confirm', {
  node: fc.option(pick),
  loss: fc.constantFrom(true, true, false),
  backups: fc.boolean(),
  forDestruction: fc.constantFrom(false, false, false, true),
  who,
})
const confirmed = (forDestruction: boolean): ReturnType<typeof a> =>
  proven(
    a('confirm', {
      node: fc.constant(null),
      loss: fc.constant(true),
      backups: fc.boolean(),
      forDestruction: fc.constant(forDestruction),
      who: fc.constant('ada'),
    }),
  )
export const confirmAll = confirmed(false)
export const confirmDestruction = confirmed(true)
const typed = fc.constantFrom<Typed>('right', 'stale', 'other', 'slip', 'none')
export const wrongEnd = a(['destroy', 'delete'], { typed, who })
export const destroy = proven(a('destroy', { typed: fc.constant('right'), who: admin }))
export const remove = proven(a('delete', { typed: fc.constant('right'), who: admin }))
export const createAgain = a('create-again')
