import type {
  ComputePlatform,
  OperationOptions,
  ProviderRef,
  RollOutRequest,
  RollOutUpdate,
  WorkloadPage,
} from '@infraledger/core/adapter'
import { activityLogOf, LEDGER_PRINCIPAL } from '../fake-cloud/activity.ts'
import { attemptOf, call, crash } from '../fake-cloud/call.ts'
import { outcomeUnknown, refused } from '../fake-cloud/errors.ts'
import type { FaultEffect } from '../fake-cloud/fault-book.ts'
import { arrive, begin, behind, compare, end, once, revise, workloadOf } from './platform-simulation.ts'
import type { PlatformSimulation, Wanted } from './platform-simulation.ts'
import { desiredOf } from './rolling.ts'
import type { FakeRollOut } from './world.ts'

/** The port of a fake platform: everything that comes through it is the ledger's own doing. */
export function platformOf(simulation: PlatformSimulation): ComputePlatform {
  const { cloud, kinds } = simulation
  return {
    name: cloud.name,
    kinds,
    activityLog: activityLogOf(cloud),
    rollOut: (request, options) => rollingOut(simulation, request, options),
    observe: (refs) => observing(simulation, refs),
    discover: (target, { kinds: wanted } = {}) => discovering(simulation, target, wanted),
    remove: (request, options) => removing(simulation, request, options),
  }
}

async function* rollingOut(
  simulation: PlatformSimulation,
  request: RollOutRequest,
  { idempotencyKey: key, signal }: OperationOptions,
): AsyncGenerator<RollOutUpdate> {
  const { cloud, clock } = simulation
  const { workload, kind } = request
  const name = workload.type === 'new' ? workload.name : workload.ref.name
  const subject = { operation: workload.type === 'new' ? 'create' : 'update', kind, name, key } as const
  const attempt = attemptOf(cloud, subject)
  if (signal?.aborted) return
  const { answer, fate } = await call(cloud, subject, (_now, met) => {
    arrive(simulation)
    const served = once(simulation, key, requestText(request), attempt, () =>
      accept(simulation, request, {
        kind,
        ...(request.image === undefined ? {} : { image: request.image }),
        settings: request.settings,
        by: { principal: LEDGER_PRINCIPAL, key },
        attempt,
        doomed: met?.type === 'fail-midway',
      }),
    )
    return { effect: served.effect, answer: { answer: served.answer, fate: met } }
  })
  for (;;) {
    const now = arrive(simulation)
    const running = simulation.fleet.workloads.get(answer.workload)
    if (running === undefined || running.gone)
      throw outcomeUnknown(attempt, 'it was rolled out, and somebody has removed it since')
    if (running.revision !== answer.revision || running.next === null) break
    const updated = running.replicas.filter(({ revision }) => revision === running.revision).length
    yield { type: 'progress', updated, ready: running.replicas.length, desired: desiredOf(running) }
    if (fate?.type === 'crash' && fate.point === 'while-waiting') throw crash(fate.point, attempt)
    await clock.sleep(Math.max(1, running.next.at - now), signal)
    if (signal?.aborted) return
  }
  dieAtTheEnd(fate, () => crash('while-waiting', attempt))
  yield conclude(simulation, answer)
}

function dieAtTheEnd(fate: FaultEffect | undefined, death: () => Error): void {
  if (fate?.type === 'crash' && fate.point === 'while-waiting') throw death()
}

function accept(
  simulation: PlatformSimulation,
  { workload }: RollOutRequest,
  wanted: Wanted,
): ReturnType<typeof begin> {
  const { attempt } = wanted
  if (!simulation.kinds.includes(wanted.kind)) throw refused(attempt, `it runs no ${wanted.kind}`)
  if (workload.type === 'new') {
    const { provider, account, region } = workload.target
    if (provider !== simulation.cloud.name) throw refused(attempt, `${provider} is another platform`)
    return begin(simulation, { account, region, name: workload.name }, wanted)
  }
  const there = behind(simulation, workload.ref)
  if (there === undefined) throw refused(attempt, 'it does not exist')
  compare(simulation, there, workload.expected, attempt)
  return revise(simulation, there, wanted)
}

/** How a rollout ended: finished, stopped halfway, or displaced by a newer one. */
function conclude(simulation: PlatformSimulation, { key, workload: id, revision }: FakeRollOut): RollOutUpdate {
  const there = simulation.fleet.workloads.get(id)
  if (there === undefined) throw new Error(`the fake platform lost ${id}`)
  const workload = workloadOf(simulation, there)
  // A late duplicate of what was done is told how it is now.
  if (simulation.fleet.rollOuts.get(key)?.completed === true) return { type: 'completed', workload }
  if (there.revision !== revision)
    return { type: 'failed', workload, reason: 'somebody rolled out something else meanwhile' }
  if (there.state === 'stopped-halfway')
    return { type: 'failed', workload, reason: there.reason ?? 'it stopped halfway' }
  return { type: 'completed', workload }
}

async function* removing(
  simulation: PlatformSimulation,
  { ref, kind }: { readonly ref: ProviderRef; readonly kind: string },
  { idempotencyKey: key, signal }: OperationOptions,
): AsyncGenerator<RollOutUpdate> {
  const { cloud } = simulation
  const subject = { operation: 'remove', kind, name: ref.name, key } as const
  const attempt = attemptOf(cloud, subject)
  if (signal?.aborted) return
  await call(cloud, subject, () => {
    arrive(simulation)
    // A name may belong to another thing by now.
    if (ref.id === undefined) throw refused(attempt, 'a removal names the immutable id, and the ref has none')
    const there = behind(simulation, ref)
    if (there === undefined) return { answer: null, effect: false }
    end(simulation, there, { principal: LEDGER_PRINCIPAL, key })
    return { answer: null, effect: true }
  })
  yield { type: 'completed', workload: null }
}

async function* observing(simulation: PlatformSimulation, refs: readonly ProviderRef[]): AsyncGenerator<WorkloadPage> {
  const { cloud } = simulation
  for (const page of pagesOf(refs, cloud.settings.pageSize)) {
    yield await call(cloud, { operation: 'observe' }, () => {
      arrive(simulation)
      const answer: Mutable = { found: [], missing: [], failed: [] }
      for (const ref of page) {
        const there = behind(simulation, ref)
        const { type: kind, name } = ref
        const reason = cloud.faults.unreadable({ operation: 'observe', kind, name })
        if (ref.provider !== cloud.name) answer.failed.push({ ref, reason: `${ref.provider} is another platform` })
        else if (reason !== undefined) answer.failed.push({ ref, reason })
        else if (there === undefined) answer.missing.push(ref)
        else answer.found.push(workloadOf(simulation, there))
      }
      return { answer, effect: false }
    })
  }
}

async function* discovering(
  simulation: PlatformSimulation,
  target: { readonly account: string; readonly region: string },
  kinds: readonly string[] | undefined,
): AsyncGenerator<WorkloadPage> {
  const { cloud, fleet } = simulation
  const here = [...fleet.workloads.values()].filter(
    ({ account, region, kind, gone }) =>
      !gone && account === target.account && region === target.region && kinds?.includes(kind) !== false,
  )
  for (const page of pagesOf(here, cloud.settings.pageSize)) {
    yield await call(cloud, { operation: 'discover' }, () => {
      arrive(simulation)
      const found = page.flatMap(({ id }) => fleet.workloads.get(id) ?? []).filter(({ gone }) => !gone)
      const answer: Mutable = { found: [], missing: [], failed: [] }
      for (const workload of found) {
        const reason = cloud.faults.unreadable({ operation: 'discover', kind: workload.kind, name: workload.name })
        const observation = workloadOf(simulation, workload)
        if (reason === undefined) answer.found.push(observation)
        else answer.failed.push({ ref: observation.ref, reason })
      }
      return { answer, effect: false }
    })
  }
}

type Mutable = { [K in keyof WorkloadPage]: WorkloadPage[K][number][] }

/** At least one page, so that also a reading of nothing is a call. */
function pagesOf<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const pages = Array.from({ length: Math.ceil(all.length / size) }, (_, page) =>
    all.slice(page * size, (page + 1) * size),
  )
  return pages.length === 0 ? [[]] : pages
}

function requestText({ workload, kind, image, settings }: RollOutRequest): { [key: string]: string } {
  // As text: a request holds refs with optional members, which JSON leaves out.
  return { request: JSON.stringify([workload, kind, image ?? null, settings]) }
}
