import { isPinned, parseImageReference } from '@infraledger/core/adapter'
import type { WorkloadObservation } from '@infraledger/core/adapter'
import { createHash } from 'node:crypto'
import type { FakeReplica, FakeWorkload, Fleet } from './world.ts'

/** Replicas that a workload is to have: what `replicas` says, else one; a cron job starts its own when its time comes. */
export function desiredOf({ kind, settings }: Pick<FakeWorkload, 'kind' | 'settings'>): number {
  if (kind === 'cron-job') return 0
  const { replicas } = settings
  return typeof replicas === 'number' ? replicas : 1
}

/** Brings every rollout to a moment: one replica after the other, each at its own time. Whether anything happened. */
export function rollOn(fleet: Fleet, now: number, replicaMs: number): boolean {
  let happened = false
  for (const id of fleet.workloads.keys()) {
    for (let due = dueAt(fleet, id, now); due !== undefined; due = dueAt(fleet, id, now)) {
      const after = advanced(due, replicaMs)
      fleet.workloads.set(id, after)
      const rollOut = after.next === null && after.state === 'steady' ? fleet.rollOuts.get(after.key ?? '') : undefined
      if (rollOut !== undefined) fleet.rollOuts.set(rollOut.key, { ...rollOut, completed: true })
      happened = true
    }
  }
  return happened
}

function dueAt(fleet: Fleet, id: string, now: number): FakeWorkload | undefined {
  const workload = fleet.workloads.get(id)
  return workload?.next === null || workload === undefined || workload.next.at > now ? undefined : workload
}

function advanced(workload: FakeWorkload, replicaMs: number): FakeWorkload {
  const { next } = workload
  if (next === null) return workload
  if (next.failsAfter === 0) {
    const reason = 'a new replica did not become ready in time'
    return { ...workload, state: 'stopped-halfway', reason, next: null }
  }
  const replicas = withOneMoved(workload)
  const moved = { ...workload, replicas }
  if (isComplete(moved)) return { ...moved, state: 'steady', reason: null, next: null }
  const failsAfter = next.failsAfter === null ? null : next.failsAfter - 1
  return { ...moved, next: { at: next.at + replicaMs, failsAfter } }
}

function withOneMoved(workload: FakeWorkload): readonly FakeReplica[] {
  const { image, digest, revision, replicas } = workload
  const made = { image, digest, revision }
  const desired = desiredOf(workload)
  if (replicas.length > desired) return replicas.slice(1)
  const old = replicas.findIndex((replica) => replica.revision !== revision)
  if (old >= 0) return replicas.with(old, made)
  return replicas.length < desired ? [...replicas, made] : replicas
}

function isComplete(workload: FakeWorkload): boolean {
  const { replicas, revision } = workload
  return replicas.length === desiredOf(workload) && replicas.every((replica) => replica.revision === revision)
}

/** The images that run, the one of the newest revision last. */
export function runningOf({ replicas, image, digest }: FakeWorkload): WorkloadObservation['running'] {
  const groups = Map.groupBy(replicas, (replica) => `${replica.image} ${replica.digest}`)
  const running = [...groups.values()].flatMap(([first, ...others]) => {
    const count = others.length + 1
    return first === undefined ? [] : [{ image: first.image, digest: first.digest, replicas: count, ready: count }]
  })
  return running.length > 0 ? running : [{ image, digest, replicas: 0, ready: 0 }]
}

/** What a reference means now: its own digest, or that of the last push to its tag. */
export function digestOf({ pushes }: Fleet, image: string): string {
  const asked = parseImageReference(image)
  if (asked?.digest !== undefined && isPinned(image)) return asked.digest
  const content = `${asked?.repository ?? image}:${asked?.tag ?? 'latest'} ${pushes.get(image) ?? 0}`
  return `sha256:${createHash('sha256').update(content).digest('hex')}`
}
