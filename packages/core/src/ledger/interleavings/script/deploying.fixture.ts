import fc from 'fast-check'
import { a, admin, pick, proven, who } from './arbitrary.fixture.ts'
import type { Pick, ScriptCommand, Who } from './command.fixture.ts'

/** What is wrong with a model or a trigger. */
export type Mistake = 'unknown-kind' | 'unknown-property' | 'wrong-value' | 'cycle' | 'long-cycle' | 'nameless'

/** What is done about deployments. */
export type DeployingCommand =
  | {
      readonly type: 'deploy'
      readonly model: Pick
      readonly who: Who
      readonly requests: 'due' | 'none'
      readonly create: boolean
      /** Skips approval. */
      readonly urgent: boolean
      readonly mistake: Mistake | null
      /** What the images were built with, if that is said. */
      readonly runtime: Pick | null
      /** An older commit, as it was, instead of a new one. */
      readonly back: Pick | null
    }
  | { readonly type: 'approve'; readonly who: Who; readonly named: boolean }
  | { readonly type: 'reject-deployment' | 'cancel' | 'review'; readonly who: Who }
  | { readonly type: 'finish' }

const MISTAKES: readonly Mistake[] = [
  'unknown-kind',
  'unknown-property',
  'wrong-value',
  'cycle',
  'long-cycle',
  'nameless',
]

/** Five runtimes that can be, and now and then one that cannot. */
const runtime = fc.constantFrom(0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 6, 7)

type Fields = {
  readonly model?: fc.Arbitrary<Pick>
  readonly back?: fc.Arbitrary<Pick | null>
  readonly create?: fc.Arbitrary<boolean>
  readonly by?: fc.Arbitrary<Who>
  readonly urgent?: fc.Arbitrary<boolean>
}

const seldom = fc.constantFrom(false, false, false, false, false, false, false, true)

/** A deployment; by whoever may deploy, and now and then somebody who may not. */
function deployOf(fields: Fields): fc.Arbitrary<ScriptCommand> {
  const { model = pick, back = fc.constant(null), create = fc.boolean(), by = who, urgent: emergency = seldom } = fields
  return a('deploy', {
    model,
    who: by,
    requests: fc.constantFrom('due', 'due', 'due', 'none'),
    create,
    urgent: emergency,
    mistake: fc.constant(null),
    runtime: fc.option(runtime, { freq: 2 }),
    back,
  })
}

export const deploy = deployOf({})
/** Of a commit that declares next to nothing, so that much is unused. */
export const small = proven(deployOf({ model: fc.constantFrom(3, 7), by: fc.constant('ada') }))
export const rollBack = deployOf({ back: pick })
export const mistaken = a('deploy', {
  model: pick,
  who: fc.constantFrom('ada', 'linus'),
  requests: fc.constant('due'),
  create: fc.constant(true),
  urgent: fc.constant(false),
  mistake: fc.constantFrom(...MISTAKES),
  runtime: fc.option(runtime),
  back: fc.constant(null),
})
/** Where something observed may be meant, nothing is to be made beside it. */
export const deployBound = deployOf({ create: fc.constant(false) })
export const finish = a('finish')
export const approve = a('approve', { who: admin, named: fc.boolean() })
export const approveAll = proven(a('approve', { who: admin, named: fc.constant(true) }))
export const approveByAnybody = a('approve', { who, named: fc.boolean() })
export const rejected = proven(a('reject-deployment', { who: admin }))
export const judged = a(['reject-deployment', 'cancel', 'review'], { who })
/** A deployment that does not wait, and somebody else who looks at it later. */
export const urgent = deployOf({ urgent: fc.constant(true) })
export const review = a('review', { who: admin })
