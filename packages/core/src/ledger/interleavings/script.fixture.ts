import fc from 'fast-check'
import type { StoreFault } from './store.fixture.ts'

/** A number that is taken modulo however many there are to pick from when the command is played. */
type Pick = number
type Who = 'ada' | 'grace' | 'linus' | 'barbara'

/** One thing that somebody does, somewhere. Everything in it is data, so that a failing script can be shrunk and played again. */
export type ScriptCommand = Given & {
  /** Which of the processes that share the store is told. */
  readonly process: Pick
}

type Given =
  | {
      readonly type: 'deploy'
      readonly model: Pick
      readonly who: Who
      readonly requests: 'due' | 'none'
      readonly create: boolean
      /** Skips approval. */
      readonly urgent: boolean
    }
  | { readonly type: 'approve'; readonly who: Who; readonly named: boolean }
  | { readonly type: 'reject-deployment' | 'cancel' | 'review'; readonly who: Who }
  | { readonly type: 'finish' }
  /** Barbara becomes an Admin, or is one no more. */
  | { readonly type: 'role'; readonly holds: boolean }
  | {
      readonly type: 'request'
      readonly node: Pick
      readonly patch: Pick
      readonly who: Who
      readonly when: RequestWhen
    }
  | { readonly type: 'withdraw' | 'reject'; readonly request: Pick; readonly who: Who }
  | { readonly type: 'confirm'; readonly node: Pick | null; readonly loss: boolean; readonly backups: boolean }
  | { readonly type: 'bind'; readonly need: Pick; readonly resource: Pick }
  | { readonly type: 'manage'; readonly node: Pick }
  | { readonly type: 'import'; readonly lineage: Pick; readonly variant: Pick; readonly serial: number }
  | { readonly type: 'policies'; readonly approvals: Pick; readonly drift: Pick; readonly who: Who }
  | { readonly type: 'reconcile'; readonly node: Pick | null }
  | {
      readonly type: 'edit'
      readonly resource: Pick
      readonly patch: Pick
      readonly when: 'now' | 'maintenance-window'
    }
  | { readonly type: 'make'; readonly made: Pick }
  | { readonly type: 'tear-down'; readonly resource: Pick; readonly takesMs: number }
  | { readonly type: 'unprotect' | 'stop' | 'fill'; readonly resource: Pick }
  | { readonly type: 'provider'; readonly doing: Doing; readonly resource: Pick }
  | { readonly type: 'fault'; readonly fault: Fault; readonly operation: Operation; readonly nth: number }
  | { readonly type: 'store-fault'; readonly fault: StoreFault; readonly nth: number }
  | { readonly type: 'lift-faults' }
  | { readonly type: 'pass'; readonly milliseconds: number; readonly suspended: boolean }
  | { readonly type: 'window' }
  | { readonly type: 'restart' }
  /** The process stands still for so long: what it waits for, and what it was about to do. */
  | { readonly type: 'suspend'; readonly milliseconds: number }
  /** Somebody sets the clock of all machines by so much. */
  | { readonly type: 'set-clock'; readonly byMs: number }
  | { readonly type: 'snapshot' }

export type RequestWhen = 'default' | 'next-deployment' | 'maintenance-window' | 'later'
export type Doing = 'upgrade' | 'grow' | 'lose'
export type Operation = 'any' | 'create' | 'update' | 'remove' | 'snapshot' | 'observe' | 'discover' | 'activity'
export type Fault = (typeof FAULTS)[number]

const FAULTS = [
  'refused',
  'retryable',
  'answer-lost',
  'call-lost',
  'dies-before',
  'dies-after',
  'dies-waiting',
  'midway',
  'unreadable',
] as const

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const PASSES = [20_000, 5 * MINUTE, 20 * MINUTE, 3 * HOUR, 26 * HOUR] as const

/** How the cloud answers: in small pages, late, seldom, or with what was so a while ago. */
export const CLOUDS = {
  plain: {},
  paged: { pageSize: 2 },
  slow: { latencyMs: [50, 900], activityDelayMs: 15 * MINUTE },
  // A read begins again when it is throttled, so what there is must fit into one second of calls.
  throttled: { callsPerSecond: 8, pageSize: 12 },
  lagging: { consistencyDelayMs: 8_000 },
} as const

/** How an environment is set up before anything happens. */
export type Setup = {
  /** Which policy of the catalogue holds at first. */
  readonly approvals: Pick
  readonly type: 'production' | 'development'
  /** Executors in how many of the processes. */
  readonly executors: 1 | 2
  /** Steps that an executor runs at once. */
  readonly concurrency: 1 | 3 | 8
  readonly cloud: keyof typeof CLOUDS
  /** Which model runs already, if one does. */
  readonly deployed: Pick | null
}

export type Script = { readonly setup: Setup; readonly commands: readonly ScriptCommand[] }

const pick = fc.nat({ max: 63 })
const who = fc.constantFrom<Who>('ada', 'ada', 'grace', 'linus')
const admin = fc.constantFrom<Who>('ada', 'linus', 'barbara')
const process = fc.nat({ max: 1 })
const gap = fc.constantFrom(...PASSES)

/** Commands of these types with these fields. */
function a<T extends Given['type']>(types: T | readonly T[], fields: object = {}): fc.Arbitrary<ScriptCommand> {
  const type = fc.constantFrom(...[types].flat())
  // Types and fields are checked against each other where they are played: `play` takes nothing else.
  return fc.record({ type, process, ...fields }) as unknown as fc.Arbitrary<ScriptCommand>
}

const deployOf = (model: fc.Arbitrary<Pick>): fc.Arbitrary<ScriptCommand> =>
  a('deploy', {
    model,
    who,
    requests: fc.constantFrom('due', 'due', 'due', 'none'),
    create: fc.boolean(),
    urgent: fc.constantFrom(false, false, false, false, false, false, false, true),
  })
const deploy = deployOf(pick)
const small = deployOf(fc.constantFrom(3, 7))
const confirmAll = a('confirm', { node: fc.constant(null), loss: fc.constant(true), backups: fc.boolean() })
const finish = a('finish')
const approve = a('approve', { who: admin, named: fc.boolean() })
const policies = a('policies', { approvals: pick, drift: pick, who: admin })
const request = a('request', {
  node: pick,
  patch: pick,
  who,
  when: fc.constantFrom('default', 'next-deployment', 'next-deployment', 'maintenance-window', 'later'),
})
const edit = a('edit', { resource: pick, patch: pick, when: fc.constantFrom('now', 'now', 'maintenance-window') })
const reconcile = a('reconcile', { node: fc.option(pick, { freq: 3 }) })
const pass = a('pass', { milliseconds: gap, suspended: fc.boolean() })
const fault = a('fault', {
  fault: fc.constantFrom(...FAULTS),
  operation: fc.constantFrom(
    'any',
    'create',
    'create',
    'update',
    'update',
    'remove',
    'snapshot',
    'observe',
    'discover',
    'activity',
  ),
  nth: fc.constantFrom(1, 1, 1, 2, 3),
})
const storeFault = a('store-fault', {
  fault: fc.constantFrom<StoreFault>('written-unheard', 'lost-unheard', 'down'),
  nth: fc.integer({ min: 1, max: 12 }),
})
const confirm = a('confirm', { node: fc.option(pick), loss: fc.constantFrom(true, true, false), backups: fc.boolean() })
const tearDown = a('tear-down', { resource: pick, takesMs: fc.constantFrom(0, 0, 10 * MINUTE) })
const unprotect = a('unprotect', { resource: pick })
const imported = a('import', { lineage: pick, variant: pick, serial: fc.integer({ min: -1, max: 2 }) })
const manage = a('manage', { node: pick })
const provider = a('provider', { doing: fc.constantFrom('upgrade', 'grow', 'lose'), resource: pick })
const suspend = a('suspend', { milliseconds: fc.constantFrom(10_000, 59_000, 3 * MINUTE, HOUR) })
const behind = fc.oneof(
  suspend,
  edit,
  edit,
  tearDown,
  provider,
  unprotect,
  pass,
  a('restart'),
  fault,
  reconcile,
  request,
)

const role = a('role', { holds: fc.boolean() })
const behindWaiting = fc.oneof(
  role,
  policies,
  approve,
  edit,
  reconcile,
  request,
  pass,
  a('withdraw', { request: pick, who }),
  a('restart'),
  suspend,
  confirmAll,
  a('set-clock', { byMs: fc.constantFrom(-90_000, 3 * HOUR) }),
)

const single: fc.Arbitrary<ScriptCommand> = fc.oneof(
  { weight: 3, arbitrary: deploy },
  { weight: 3, arbitrary: finish },
  { weight: 3, arbitrary: a('approve', { who, named: fc.boolean() }) },
  { weight: 2, arbitrary: a(['reject-deployment', 'cancel', 'review'], { who }) },
  { weight: 3, arbitrary: request },
  { weight: 3, arbitrary: a(['withdraw', 'reject'], { request: pick, who }) },
  { weight: 2, arbitrary: confirm },
  { weight: 3, arbitrary: a('bind', { need: pick, resource: pick }) },
  { weight: 2, arbitrary: manage },
  { weight: 3, arbitrary: imported },
  { weight: 2, arbitrary: policies },
  { weight: 1, arbitrary: role },
  { weight: 3, arbitrary: reconcile },
  { weight: 4, arbitrary: edit },
  { weight: 1, arbitrary: a('make', { made: pick }) },
  { weight: 2, arbitrary: tearDown },
  { weight: 2, arbitrary: unprotect },
  { weight: 1, arbitrary: a(['stop', 'fill'], { resource: pick }) },
  { weight: 3, arbitrary: provider },
  { weight: 5, arbitrary: fault },
  { weight: 2, arbitrary: storeFault },
  { weight: 1, arbitrary: a('lift-faults') },
  { weight: 4, arbitrary: pass },
  { weight: 2, arbitrary: a('window') },
  { weight: 3, arbitrary: a('restart') },
  { weight: 2, arbitrary: suspend },
  { weight: 1, arbitrary: a('set-clock', { byMs: fc.constantFrom(-90_000, -5_000, 30_000, 20 * MINUTE) }) },
  { weight: 1, arbitrary: a('snapshot') },
)

/** Commands that lead somewhere together; each may be shrunk away. */
const phrase: fc.Arbitrary<readonly ScriptCommand[]> = fc.oneof(
  { weight: 14, arbitrary: fc.tuple(single) },
  { weight: 2, arbitrary: fc.tuple(deploy, finish) },
  { weight: 2, arbitrary: fc.tuple(deploy, approve, finish) },
  { weight: 2, arbitrary: fc.tuple(policies, deploy, behindWaiting, approve, behindWaiting, approve, finish) },
  { weight: 1, arbitrary: fc.tuple(policies, deploy, approve, approve, approve, behind, finish) },
  { weight: 3, arbitrary: fc.tuple(fault, deploy, pass, finish) },
  { weight: 1, arbitrary: fc.tuple(storeFault, deploy, finish) },
  { weight: 3, arbitrary: fc.tuple(deploy, behind, pass, behind, finish) },
  { weight: 2, arbitrary: fc.tuple(request, deploy, finish) },
  { weight: 2, arbitrary: fc.tuple(request, deploy, pass, behind, finish) },
  { weight: 1, arbitrary: fc.tuple(request, a('window'), deploy, finish, reconcile) },
  { weight: 1, arbitrary: fc.tuple(request, edit, reconcile) },
  { weight: 1, arbitrary: fc.tuple(edit, reconcile, deploy, finish) },
  { weight: 1, arbitrary: fc.tuple(imported, manage, request) },
  { weight: 1, arbitrary: fc.tuple(unprotect, reconcile, deploy, finish, confirm) },
  { weight: 2, arbitrary: fc.tuple(unprotect, reconcile, small, finish, confirmAll, small, behind, finish) },
  { weight: 2, arbitrary: fc.tuple(confirm, deploy, behind, finish) },
  { weight: 1, arbitrary: fc.tuple(tearDown, reconcile, deploy, finish) },
)

/** Scripts of up to so many phrases. */
export function scripts(phrases = 10): fc.Arbitrary<Script> {
  return fc.record({
    setup: fc.record({
      approvals: fc.constantFrom(0, 0, 0, 1, 2, 3, 4, 5, 6),
      type: fc.constantFrom('production', 'development'),
      executors: fc.constantFrom<1 | 2>(1, 1, 2),
      concurrency: fc.constantFrom<1 | 3 | 8>(1, 3, 8),
      cloud: fc.constantFrom<Setup['cloud']>('plain', 'plain', 'paged', 'slow', 'throttled', 'lagging'),
      deployed: fc.option(pick, { freq: 2 }),
    }),
    commands: fc.array(phrase, { minLength: 1, maxLength: phrases, size: 'max' }).map((said) => said.flat()),
  })
}
