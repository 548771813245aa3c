import { createHash } from 'node:crypto'
import { user } from '@infraledger/core'
import type { EventStore } from '@infraledger/core'
import { environmentStreamName, GENESIS_HASH } from '@infraledger/core/adapter'
import type { DomainEvent, LedgerEvent } from '@infraledger/core/rules'
import { encodeEvents } from '../../core/src/event-store/codec.ts'

const START = Date.UTC(2026, 0, 1)
const PER_APPEND = 500
const NODES = 40

/** Appends a made-up history of an environment: nodes that change with deployments, for change requests, by drift that is attributed, and that come and go. */
export async function appendHistory(store: EventStore, environment: string, events: number): Promise<void> {
  const stream = environmentStreamName(environment)
  let [head, part]: [Parameters<typeof encodeEvents>[2], LedgerEvent[]] = [
    { revision: -1, hash: GENESIS_HASH, recordedAt: '' },
    [],
  ]
  const flush = async (): Promise<void> => {
    const encoded = encodeEvents(stream, part, head)
    await store.append(stream, encoded, head.revision < 0 ? 'none' : head.revision)
    const [last, revision] = [encoded.at(-1), head.revision + encoded.length]
    if (last !== undefined) head = { revision, hash: last.hash, recordedAt: last.recordedAt }
    part = []
  }
  for (const event of longHistory(environment, events)) {
    part.push(event)
    if (part.length === PER_APPEND) await flush()
  }
  if (part.length > 0) await flush()
}

function* longHistory(environment: string, events: number): Generator<LedgerEvent> {
  let revision = 0
  for (const [turn, of] of turns(environment)) {
    for (const { type, data, effectiveAt } of of) {
      if (revision === events) return
      const at = new Date(START + turn * 60_000).toISOString()
      const metadata = {
        actor: user(turn % 3 === 0 ? 'grace' : 'ada'),
        recordedAt: at,
        correlationId: `turn-${turn}`,
        ...(effectiveAt === undefined ? {} : { effectiveAt }),
        ...(type.startsWith('Node') ? { graphVersion: turn } : {}),
      }
      // Type and data come as a pair.
      yield { type, data, metadata, id: idOf(environment, revision), revision } as LedgerEvent
      revision++
    }
  }
}

function* turns(environment: string): Generator<[number, DomainEvent[]]> {
  const policies = { approvals: { required: 1 }, drift: [] }
  yield [0, [{ type: 'EnvironmentCreated', data: { name: environment, type: 'production', clouds: [], policies } }]]
  const versions = new Map<number, { version: number; incarnation: number; retired: boolean }>()
  for (let turn = 1; ; turn++) {
    const index = (turn * 7) % NODES
    const before = versions.get(index)
    const isNew = before === undefined || before.retired
    const version = (before?.version ?? 0) + 1
    const incarnation = (before?.incarnation ?? 0) + (isNew ? 1 : 0)
    const retires = !isNew && turn % 97 === 0
    versions.set(index, { version, incarnation, retired: retires })
    const place = { node: `bucket/b${index}` as const, version, incarnation }
    if (retires) {
      yield [
        turn,
        [{ type: 'NodeRetired', data: { ...place, cause: { type: 'repair', reason: 'gone' }, reason: 'removed' } }],
      ]
    } else if (turn % 5 === 0) yield [turn, drifted(turn, place)]
    else yield [turn, deployed(turn, place, isNew)]
  }
}

type NodePlace = { readonly node: `bucket/${string}`; readonly version: number; readonly incarnation: number }

function deployed(turn: number, place: NodePlace, isNew: boolean): DomainEvent[] {
  const [deployment, request, commit] = [`deployment-${turn}`, `request-${turn}`, `c${turn}`]
  const set = { size: turn, ...(isNew ? { name: place.node, 'labels["team"]': 'shop', rules: [{ days: 7 }] } : {}) }
  return [
    {
      type: 'ChangeRequested',
      data: {
        request,
        node: place.node,
        set: { size: turn },
        baseVersion: place.version - 1,
        reason: 'more',
        impact: 'online',
        downtimeAcknowledged: false,
        when: { type: 'next-deployment' },
      },
    },
    {
      type: 'DeploymentTriggered',
      data: {
        deployment,
        trigger: { type: 'git-push', commit, ref: 'main', pusher: 'ada' },
        commit,
        model: 'm',
        requests: 'due',
        createNeeds: [],
      },
    },
    { type: 'DeploymentApproved', data: { deployment, digest: 'd' } },
    {
      type: 'NodeVersionRecorded',
      data: {
        ...place,
        set,
        unset: [],
        cause: { type: 'deployment', deployment, step: 's', requests: [request] },
        ...(isNew ? { ownership: 'managed' as const } : {}),
      },
    },
    { type: 'ChangeApplied', data: { request, deployment, properties: ['size'] } },
    { type: 'DeploymentSucceeded', data: { deployment, graphVersion: turn } },
  ]
}

function drifted(turn: number, place: NodePlace): DomainEvent[] {
  const observation = `scan-${turn}`
  const decision = {
    property: 'size',
    recorded: 1,
    observed: -turn,
    decision: 'adopted' as const,
    decidedBy: 'default',
  }
  return [
    {
      type: 'NodeVersionRecorded',
      data: { ...place, set: { size: -turn }, unset: [], cause: { type: 'drift', observation } },
    },
    {
      type: 'DriftDetected',
      data: {
        observation,
        node: place.node,
        version: place.version - 1,
        adoptedVersion: place.version,
        decisions: [decision],
      },
    },
    {
      type: 'DriftAttributed',
      data: {
        node: place.node,
        version: place.version,
        observation,
        properties: ['size'],
        principal: { type: 'user', id: 'mallory' },
      },
    },
  ]
}

function idOf(environment: string, revision: number): string {
  const first = createHash('sha256').update(environment).digest('hex').slice(0, 8)
  return `${first}-0000-7000-8000-${String(revision).padStart(12, '0')}`
}
