import type { LedgerEvent } from '../../../environment/catalogue.ts'
import { kindOf } from '../../../graph/ids.ts'
import type { NodeId } from '../../../graph/ids.ts'
import type { Impact } from '../../../graph/impact.ts'
import type { JsonValue } from '../../../json.ts'
import { truthsOf } from './facts.fixture.ts'
import type { Facts, KnownRequest } from './facts.fixture.ts'
import type { Hold, MakeRules } from './judge.fixture.ts'
import type { Commanded } from './moment.fixture.ts'
import { plansIn } from './plans.fixture.ts'
import type { FreshPlan } from './plans.fixture.ts'
import { definitionOf, isMetBy, isWithinWindow } from './values.fixture.ts'

const FROM_MILD_TO_HARD: readonly Impact[] = ['online', 'maintenance-window', 'restart', 'downtime', 'replace']

/** CHANGE 1 to 8: a wish waits until it is fulfilled or ended, and is fulfilled only by the value being there. */
export const changeRules: MakeRules = (facts, hold) => {
  /** Requests whose step failed or was put off: they wait on. */
  const setBack = new Set<string>()
  return {
    events: {
      ChangeRequested(event) {
        checkWish(facts, hold, event)
        const rival = rivalOf(facts, event.data.node, Object.keys(event.data.set))
        hold('CHANGE 3', rival === undefined, () => `${event.data.request} wants what ${rival?.request} waits for`)
      },
      ChangeApplied({ data: { request: id, deployment, properties } }) {
        const request = facts.requests.get(id)
        const isPlanned = facts.deployments.get(deployment)?.planned.has(id) === true
        hold('CHANGE 4', isPlanned, () => `${id} was applied by ${deployment}, whose plans do not have it`)
        checkFulfilled(facts, hold, request, properties, 'applied')
      },
      ChangeConverged: ({ data }) =>
        checkFulfilled(facts, hold, facts.requests.get(data.request), data.properties, 'converged'),
      ChangeWithdrawn: (event) => checkEnded(facts, hold, event),
      ChangeRejected: (event) => checkEnded(facts, hold, event),
      StepFailed: ({ data }) => remember(facts, setBack, data),
      StepDeferred: ({ data }) => remember(facts, setBack, data),
      NodeVersionRecorded({ data: { cause, set, node } }) {
        if (cause.type !== 'deployment') return
        // Linked both ways: the version names the requests whose values it has.
        for (const id of cause.requests) {
          const request = facts.requests.get(id)
          const isOfIt =
            request?.node === node && Object.keys(request.set).some((property) => Object.hasOwn(set, property))
          hold('CHANGE 4', isOfIt, () => `a version of ${node} names ${id}, of which it has nothing`)
        }
      },
    },
    appended(append) {
      for (const fresh of plansIn(facts, append)) checkTimes(facts, hold, fresh)
    },
    commanded: (command) => checkRefused(facts, hold, command),
    answered({ requests }) {
      for (const { request, status, remaining } of requests) {
        const known = facts.requests.get(request)
        const isTrue =
          known?.status === status && remaining.toSorted().join() === [...known.remaining].toSorted().join()
        if (setBack.has(request))
          hold('CHANGE 5', isTrue, () => `${request} is told to be ${status} and is ${known?.status}`)
        hold(
          'CHANGE 4',
          isTrue,
          () => `${request} is told to be ${status} (${remaining.join()}) and is ${known?.status}`,
        )
      }
      hold(
        'CHANGE 5',
        requests.length === facts.requests.size,
        () => `${requests.length} of ${facts.requests.size} requests are told`,
      )
    },
  }
}

/** CHANGE 1, 2, 8: what was taken could be taken. */
function checkWish(facts: Facts, hold: Hold, { data }: LedgerEvent<'ChangeRequested'>): void {
  const { node, set, impact, downtimeAcknowledged, request } = data
  const problems = Object.keys(set).flatMap((property) => notChangeable(facts, node, property) ?? [])
  hold('CHANGE 1', problems.length === 0, () => `${request} was taken although ${problems.join(', ')}`)
  const stated = hardest(Object.keys(set).map((property) => impactOf(facts, node, property)))
  hold(
    'CHANGE 2',
    impact === stated,
    () => `${request} on ${node} is ${impact}, ${stated} is stated for ${Object.keys(set).join()}`,
  )
  if (impact === 'downtime')
    hold('CHANGE 2', downtimeAcknowledged, () => `${request} interrupts, and nobody acknowledged that`)
}

/** Why a person may not set a property: the code a refusal has to have. */
function notChangeable(facts: Facts, node: NodeId, property: string): string | undefined {
  const kind = facts.kinds.find(kindOf(node))
  const definition = definitionOf(facts, node, property)
  const isOpen = kind === undefined || (kind.open && property.startsWith('provider.'))
  if (definition === undefined) return isOpen ? undefined : 'property-unknown'
  if (definition.owner !== 'user') return 'property-not-changeable'
  return impactOf(facts, node, property) === 'replace' ? 'replacement-required' : undefined
}

/** The provider's word stands before the kind's. */
function impactOf(facts: Facts, node: NodeId, property: string): Impact {
  const isThere = facts.nodes.get(node)?.ref !== undefined
  const map = property.split('["')[0] ?? property
  const stated = isThere ? (facts.impact(kindOf(node), property) ?? facts.impact(kindOf(node), map)) : undefined
  return stated ?? definitionOf(facts, node, property)?.impact ?? 'online'
}

function hardest(impacts: readonly Impact[]): Impact {
  return FROM_MILD_TO_HARD[Math.max(0, ...impacts.map((impact) => FROM_MILD_TO_HARD.indexOf(impact)))] ?? 'online'
}

function rivalOf(facts: Facts, node: NodeId, properties: readonly string[]): KnownRequest | undefined {
  return [...facts.requests.values()].find(
    (other) =>
      other.status === 'pending' && other.node === node && properties.some((property) => other.remaining.has(property)),
  )
}

/** CHANGE 1, 2, 3, 6: what was asked and could not be taken was refused, with the right word. */
function checkRefused(facts: Facts, hold: Hold, { told, outcome, by }: Commanded): void {
  if (told.type === 'withdraw' || told.type === 'reject') {
    if (outcome.status !== 'refused' || facts.requests.get(told.request)?.status !== 'pending') return
    const roles = facts.roles.get(by.id)
    if (outcome.code === 'change-being-applied')
      hold('CHANGE 6', isBeingApplied(facts, told.request), () => `${told.request} was said to be applied already`)
    if (outcome.code === 'role-required')
      hold('CHANGE 6', roles?.has('admin') !== true, () => `${by.id} could not end ${told.request}, and is an Admin`)
    return
  }
  if (told.type !== 'request' || facts.ending !== undefined) return
  const node = facts.bindings.get(told.node) ?? told.node
  if (facts.nodes.get(node)?.ownership !== 'managed') return
  const [first] = Object.keys(told.set)
  const problem = first === undefined ? undefined : notChangeable(facts, node, first)
  if (problem !== undefined && outcome.status === 'done')
    hold('CHANGE 1', false, () => `${first} of ${node} could be requested, and is ${problem}`)
  if (outcome.status === 'done') checkDefaultTime(facts, hold, told.when === undefined, node)
  if (outcome.status !== 'refused') return
  const all = Object.keys(told.set)
  if (
    outcome.code === 'replacement-required' ||
    outcome.code === 'property-not-changeable' ||
    outcome.code === 'property-unknown'
  ) {
    const isRight = all.some(
      (property) => notChangeable(facts, node, property) === outcome.code || told.set[property] === false,
    )
    hold('CHANGE 1', isRight, () => `${all.join()} of ${node} was refused with ${outcome.code}`)
    if (outcome.code === 'replacement-required')
      hold(
        'CHANGE 1',
        outcome.message.includes('copy') || outcome.message.includes('new name'),
        () => `"${outcome.message}" shows no way to go`,
      )
  }
  if (outcome.code === 'downtime-not-acknowledged')
    hold(
      'CHANGE 2',
      !told.acknowledged && hardest(all.map((property) => impactOf(facts, node, property))) === 'downtime',
      () => `${all.join()} of ${node} was refused for its downtime`,
    )
  if (outcome.code === 'change-conflicting') {
    const rival = rivalOf(facts, node, all)
    hold(
      'CHANGE 3',
      rival !== undefined && outcome.message.includes(rival.by.id) && outcome.message.includes(rival.request),
      () => `"${outcome.message}" does not tell of ${rival?.request} of ${rival?.by.id}`,
    )
  }
}

/** CHANGE 8: what restarts or interrupts waits for the window where nobody said otherwise. */
function checkDefaultTime(facts: Facts, hold: Hold, isUnsaid: boolean, node: NodeId): void {
  const request = [...facts.requests.values()].at(-1)
  if (!isUnsaid || request?.node !== node) return
  const isHard = request.impact === 'restart' || request.impact === 'downtime'
  const { type } = request.when
  hold(
    'CHANGE 8',
    type === (isHard ? 'maintenance-window' : 'next-deployment'),
    () => `${request.request} (${request.impact}) waits for ${type}`,
  )
}

function isBeingApplied(facts: Facts, request: string): boolean {
  return [...facts.open].some((id) => {
    const plan = facts.deployments.get(id)?.plan
    return plan?.begun === true && plan.requests.includes(request)
  })
}

function checkEnded(
  facts: Facts,
  hold: Hold,
  { type, data, metadata: { actor } }: LedgerEvent<'ChangeWithdrawn' | 'ChangeRejected'>,
): void {
  const request = facts.requests.get(data.request)
  hold(
    'CHANGE 6',
    request?.status === 'pending',
    () => `${data.request} was ended and was ${request?.status ?? 'never made'}`,
  )
  hold('CHANGE 6', !isBeingApplied(facts, data.request), () => `${data.request} was ended while it was being applied`)
  const isAdmin = facts.roles.get(actor.id)?.has('admin') === true
  const mayEnd = isAdmin || (type === 'ChangeWithdrawn' && request?.by.id === actor.id)
  hold('CHANGE 6', mayEnd, () => `${actor.id} ended ${data.request} of ${request?.by.id}`)
}

function checkFulfilled(
  facts: Facts,
  hold: Hold,
  request: KnownRequest | undefined,
  properties: readonly string[],
  how: string,
): void {
  hold(
    'CHANGE 5',
    request?.status === 'pending',
    () => `${request?.request} was ${how} and was ${request?.status ?? 'never made'}`,
  )
  if (request === undefined) return
  for (const property of properties) {
    hold('CHANGE 5', request.remaining.has(property), () => `${property} of ${request.request} was ${how} twice`)
    const isHere = isThere(facts, request.node, property, request.set[property] ?? null)
    hold(
      'CHANGE 7',
      isHere,
      () =>
        `${property} of ${request.request} counts as ${how}, and ${request.node} has not ${JSON.stringify(request.set[property])}`,
    )
  }
}

/** Whether the provider has the value, or had it where its answers come late; what no provider knows is as it is recorded. */
function isThere(facts: Facts, node: NodeId, property: string, wanted: JsonValue): boolean {
  const known = facts.nodes.get(node)
  const definition = definitionOf(facts, node, property)
  if (known === undefined) return false
  const values = known.ref === undefined ? [known.properties[property] ?? null] : truthsOf(facts, known.ref, property)
  return values.some((value) => isMetBy(definition, wanted, value))
}

/** CHANGE 4, 8: a plan takes along what is due, all of it, and nothing earlier. */
function checkTimes(facts: Facts, hold: Hold, { id, deployment, plan }: FreshPlan): void {
  const { requests: selection } = deployment.triggered
  const taken = new Set(plan.requests)
  if (selection === 'none')
    return hold('CHANGE 8', taken.size === 0, () => `${id} was to take no requests and takes ${plan.requests.join()}`)
  for (const request of facts.requests.values()) {
    const isTaken = taken.has(request.request)
    if (request.status !== 'pending') {
      if (isTaken) hold('CHANGE 4', false, () => `${id} takes ${request.request}, which is ${request.status}`)
      continue
    }
    const isDue = selection === 'due' ? isDueNow(facts, request) : selection.includes(request.request)
    hold(
      'CHANGE 8',
      !isTaken || isDue,
      () => `${id} takes ${request.request} before its time (${JSON.stringify(request.when)})`,
    )
    if (isDue) hold('CHANGE 4', isTaken, () => `${id} leaves ${request.request}, whose time has come`)
  }
}

function isDueNow(facts: Facts, { when, impact, node }: KnownRequest): boolean {
  if (when.type === 'next-deployment') return true
  if (when.type === 'not-before') return Date.parse(facts.now) >= Date.parse(when.at)
  return (
    impact === 'maintenance-window' ||
    isWithinWindow(facts.nodes.get(node)?.properties['maintenance.window'], facts.now)
  )
}

function remember(
  facts: Facts,
  setBack: Set<string>,
  { deployment, step }: { deployment: string; step: string },
): void {
  const origins = facts.deployments.get(deployment)?.plan?.steps.find(({ id }) => id === step)?.origins ?? []
  for (const origin of origins) if (origin.type === 'request') setBack.add(origin.request)
}
