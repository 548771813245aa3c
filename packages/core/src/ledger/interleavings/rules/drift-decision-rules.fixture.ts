import { refKey } from '../../../cloud/provider-ref.ts'
import type { EventData, LedgerEvent } from '../../../environment/catalogue.ts'
import type { NodeId } from '../../../graph/ids.ts'
import { propertyKey, truthsOf } from './facts.fixture.ts'
import type { Facts } from './facts.fixture.ts'
import type { Hold, MakeRules } from './judge.fixture.ts'
import type { Append } from './moment.fixture.ts'
import { isExtraGrant, plansIn } from './plans.fixture.ts'
import type { FreshPlan } from './plans.fixture.ts'
import { definitionOf, isMetBy, isSame } from './values.fixture.ts'

type Decision = EventData<'DriftDetected'>['decisions'][number]

/** Decisions that take a value for a difference. */
const DIFFERS: ReadonlySet<string> = new Set(['adopted', 'suppressed', 'enforced', 'ignored'])

/** DRIFT 1 to 6, 12, 15, 18: what is made of each property that was observed. */
export const driftDecisionRules: MakeRules = (facts, hold) => ({
  events: {
    DriftDetected(event, append) {
      const { node, decisions } = event.data
      if (isExtraGrant(node)) return
      for (const decision of decisions) {
        checkComparison(facts, hold, node, decision)
        checkRequest(facts, hold, node, decision, append)
        checkInFlight(facts, hold, node, decision)
        checkAdopted(facts, hold, event, decision, append)
      }
    },
    ChangeWithdrawn: ({ data: { request } }, append) => checkHeldBack(facts, hold, request, append),
    ChangeRejected: ({ data: { request } }, append) => checkHeldBack(facts, hold, request, append),
    StepStarted({ data: { node, operation, changes, expected, deployment } }) {
      for (const [property, value] of Object.entries(changes)) {
        const definition = definitionOf(facts, node, property)
        const from = expected[property]
        if (definition?.growthOnly === true && typeof from === 'number')
          hold(
            'DRIFT 15',
            Number(value) >= from,
            () => `${property} of ${node} would shrink from ${from} to ${JSON.stringify(value)}`,
          )
        if (operation !== 'update') continue
        const putOff = facts.deferred.get(propertyKey(node, property))
        if (putOff === undefined || putOff.deployment === deployment) continue
        hold(
          'DRIFT 6',
          !isMetBy(definition, value, putOff.value),
          () => `${property} of ${node} is on its way as ${JSON.stringify(value)}, and sent again`,
        )
      }
    },
  },
  appended(append) {
    for (const fresh of plansIn(facts, append)) {
      checkDeclared(facts, hold, fresh)
    }
  },
})

/** DRIFT 1, 2: what churns by itself is not compared, and what is the same is nothing. */
function checkComparison(
  facts: Facts,
  hold: Hold,
  node: NodeId,
  { property, decision, recorded, observed }: Decision,
): void {
  const ref = facts.nodes.get(node)?.ref
  const reading = ref === undefined ? undefined : facts.readings.get(refKey(ref))
  const isVolatile =
    reading?.volatile.includes(property) === true || definitionOf(facts, node, property)?.owner === 'provider'
  hold('DRIFT 1', !isVolatile, () => `${property} of ${node} is volatile, and was ${decision}`)
  if (!DIFFERS.has(decision)) return
  const definition = definitionOf(facts, node, property)
  const isPrefix = definition?.prefixMatch === true && isMetBy(definition, recorded, observed) && recorded !== undefined
  hold(
    'DRIFT 2',
    !isPrefix && !isSame(definition, recorded, observed),
    () =>
      `${property} of ${node} is ${JSON.stringify(recorded)} and observed as ${JSON.stringify(observed)}, and was ${decision}`,
  )
}

/** DRIFT 4, 5: a request keeps its place, until the value that it wants is there. */
function checkRequest(
  facts: Facts,
  hold: Hold,
  node: NodeId,
  { property, decision, observed, request: named }: Decision,
  { events }: Append,
): void {
  const ended = new Set(
    events.flatMap((event) =>
      event.type === 'ChangeWithdrawn' || event.type === 'ChangeRejected' ? [event.data.request] : [],
    ),
  )
  const request = [...facts.requests.values()].find(
    (one) => one.status === 'pending' && one.node === node && one.remaining.has(property) && !ended.has(one.request),
  )
  if (decision === 'adopted' || decision === 'ignored' || decision === 'announced')
    hold(
      'DRIFT 4',
      request === undefined,
      () => `${property} of ${node} was ${decision} although ${request?.request} waits for it`,
    )
  if (decision === 'suppressed' && named !== undefined) {
    hold(
      'DRIFT 4',
      request?.request === named,
      () => `${property} of ${node} is held back by ${named}, which does not wait for it`,
    )
    const isThere = isMetBy(definitionOf(facts, node, property), request?.set[property], observed)
    const isOnItsWay = facts.deferred.has(propertyKey(node, property))
    hold('DRIFT 5', !isThere || isOnItsWay, () => `${property} of ${node} is what ${named} wants, and is held back`)
  }
  if (decision !== 'converged') return
  const isThere = isMetBy(definitionOf(facts, node, property), request?.set[property], observed)
  const isTold = events.some(
    (event) =>
      event.type === 'ChangeConverged' && event.data.request === named && event.data.properties.includes(property),
  )
  hold(
    'DRIFT 5',
    isThere && isTold,
    () =>
      `${property} of ${node} counts as converged: ${JSON.stringify(observed)} for ${JSON.stringify(request?.set[property])}`,
  )
}

/** DRIFT 6: what is told to be in flight was asked for, and the provider says that it puts it off. */
function checkInFlight(facts: Facts, hold: Hold, node: NodeId, { property, decision }: Decision): void {
  if (decision !== 'in-flight') return
  const ref = facts.nodes.get(node)?.ref
  const putOff = ref === undefined ? undefined : facts.readings.get(refKey(ref))?.deferred[property]
  const ours = facts.deferred.get(propertyKey(node, property))?.value
  const wanted = [...facts.requests.values()].flatMap((request) =>
    request.node === node && request.remaining.has(property) ? [request.set[property]] : [],
  )
  const definition = definitionOf(facts, node, property)
  const isAsked = [ours, ...wanted].some((value) => value !== undefined && isSame(definition, value, putOff))
  hold(
    'DRIFT 6',
    putOff !== undefined && isAsked,
    () => `${property} of ${node} is told to be in flight, and ${JSON.stringify(putOff)} is put off`,
  )
}

/** DRIFT 3: what is adopted becomes a version with cause drift, and it is what the provider has. */
function checkAdopted(
  facts: Facts,
  hold: Hold,
  { data: { node, observation } }: LedgerEvent<'DriftDetected'>,
  { property, decision, observed }: Decision,
  { events }: Append,
): void {
  if (decision !== 'adopted') return
  const version = events.find((event) => {
    if (event.type !== 'NodeVersionRecorded' || event.data.node !== node || event.data.cause.type !== 'drift')
      return false
    const { set, unset, cause } = event.data
    const isIn =
      observed === undefined || observed === null
        ? unset.includes(property)
        : JSON.stringify(set[property]) === JSON.stringify(observed)
    return isIn && cause.observation === observation
  })
  hold(
    'DRIFT 3',
    version !== undefined,
    () => `${property} of ${node} was adopted, and no version with cause drift has ${JSON.stringify(observed)}`,
  )
  const ref = facts.nodes.get(node)?.ref
  if (ref === undefined) return
  const truths = truthsOf(facts, ref, property)
  const reading = facts.readings.get(refKey(ref))?.properties[property] ?? null
  const isTrue = [...truths, reading].some((value) => JSON.stringify(value) === JSON.stringify(observed ?? null))
  hold('DRIFT 3', isTrue, () => `${property} of ${node} was adopted as ${JSON.stringify(observed)}, which it never was`)
}

/** DRIFT 12: what a request held back is decided again in the append that ends it. */
function checkHeldBack(facts: Facts, hold: Hold, id: string, { events }: Append): void {
  const request = facts.requests.get(id)
  if (request === undefined || facts.nodes.get(request.node)?.alive !== true || facts.openImport !== undefined) return
  const isBusy = [...facts.open].some((open) =>
    [...(facts.deployments.get(open)?.calls.values() ?? [])].some(({ node }) => node === request.node),
  )
  if (isBusy) return
  for (const property of Object.keys(request.set)) {
    const standing = facts.standing.get(propertyKey(request.node, property))
    if (standing?.decision !== 'suppressed' || standing.request !== id) continue
    const isAgain = events.some(
      (event) =>
        event.type === 'DriftDetected' &&
        event.data.node === request.node &&
        event.data.decisions.some((one) => one.property === property && one.decision !== 'suppressed'),
    )
    hold(
      'DRIFT 12',
      isAgain,
      () => `${property} of ${request.node} was held back by ${id}, and is still when that has ended`,
    )
  }
}

/** DRIFT 18: what the code says as before is not written again over what was adopted since. */
function checkDeclared(facts: Facts, hold: Hold, { plan, declared }: FreshPlan): void {
  const ran = facts.models.get(facts.deployed ?? '')
  for (const { node: declaredNode, properties } of declared.values()) {
    const node = facts.bindings.get(declaredNode) ?? declaredNode
    const known = facts.nodes.get(node)
    const before = ran?.get(declaredNode)?.properties
    if (known?.alive !== true || known.ownership !== 'managed' || facts.missing.has(node)) continue
    if (before === undefined || facts.compareAgain.has(node) || facts.compareAgain.has(declaredNode)) continue
    for (const [property, value] of Object.entries(properties)) {
      const isUnchanged = JSON.stringify(before[property]) === JSON.stringify(value)
      if (!isUnchanged || isMetBy(definitionOf(facts, node, property), value, known.properties[property])) continue
      const isWritten = plan.steps.some(
        (step) =>
          step.node === node &&
          step.operation !== 'create' &&
          step.origins.some((origin) => origin.type === 'code' && origin.properties.includes(property)),
      )
      hold(
        'DRIFT 18',
        !isWritten,
        () => `${property} of ${node} is written over what was adopted, and the code did not change`,
      )
    }
  }
}
