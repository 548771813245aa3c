import { refKey } from '../../../cloud/provider-ref.ts'
import type { ActivityEntry } from '../../../cloud/activity-log.ts'
import type { EventData, LedgerEvent } from '../../../environment/catalogue.ts'
import { kindOf } from '../../../graph/ids.ts'
import type { NodeId } from '../../../graph/ids.ts'
import { jsonEqual } from '../../../json.ts'
import { alertKey, nodeOfRef, propertyKey, truthOf } from './facts.fixture.ts'
import type { Facts } from './facts.fixture.ts'
import type { Hold, MakeRules } from './judge.fixture.ts'
import { isExtraGrant, isStateful } from './plans.fixture.ts'

type Scan = { readonly decided: Map<NodeId, { readonly revision: number }>; readonly counts: Record<string, number> }

/** DRIFT 9 to 11, 13, 14, 17 to 20: what a scan may decide, what it tells of itself, and who was behind what it found. */
export const driftScanRules: MakeRules = (facts, hold) => {
  const scans = new Map<string, Scan>()
  const completed = new Set<string>()
  const recorded = new Set<string>()
  let wanted = 0
  const scanOf = (observation: string): Scan => {
    const scan = scans.get(observation) ?? { decided: new Map(), counts: {} }
    scans.set(observation, scan)
    return scan
  }
  const count = (observation: string, what: string): void => {
    const { counts } = scanOf(observation)
    counts[what] = (counts[what] ?? 0) + 1
  }
  const decided = (observation: string, node: NodeId): void => {
    checkNoOpenStep(facts, hold, node)
    scanOf(observation).decided.set(node, { revision: facts.nodes.get(node)?.revision ?? -1 })
  }
  return {
    events: {
      DriftDetected({ data: { observation, node, decisions } }, { events }) {
        if (
          completed.has(observation) ||
          events.some(({ type }) => type === 'ChangeWithdrawn' || type === 'ChangeRejected')
        )
          return
        for (const { decision } of decisions) count(observation, decision)
        checkNews(facts, hold, node, decisions)
        decided(observation, node)
      },
      ResourceMissing(event, { events }) {
        const { observation, node } = event.data
        count(observation, 'missing')
        decided(observation, node)
        checkMissing(facts, hold, event, events)
      },
      UnmanagedResourceDiscovered({ data: { observation, ref } }) {
        count(observation, 'unmanaged')
        const node = nodeOfRef(facts, ref)
        hold('DRIFT 14', node === undefined, () => `${ref.name} is told to be unmanaged, and is ${node}`)
      },
      ObservationCompleted(event) {
        hold('DRIFT 19', !completed.has(event.data.observation), () => `${event.data.observation} was completed twice`)
        completed.add(event.data.observation)
        checkScan(hold, event.data, scans.get(event.data.observation))
      },
      DriftAttributed: (event) => {
        if (event.data.activity !== undefined) recorded.add(`${event.data.node}|${event.data.activity.id}`)
        checkAuthor(facts, hold, event)
      },
      ActivityObserved({ data }) {
        const entry = facts.world.activity.find(
          ({ id, ref }) => id === data.activity.id && nodeOfRef(facts, ref) === data.node,
        )
        const isTrue =
          entry !== undefined && entry.idempotencyKey === undefined && jsonEqual(entry.principal, data.principal)
        hold(
          'DRIFT 20',
          isTrue,
          () => `${data.activity.id} on ${data.node} by ${data.principal.id} is not in the log like that`,
        )
        hold(
          'DRIFT 20',
          !recorded.has(`${data.node}|${data.activity.id}`),
          () => `${data.activity.id} was recorded twice`,
        )
        recorded.add(`${data.node}|${data.activity.id}`)
      },
      StepStarted({ data: { node, operation, deployment } }) {
        if (operation !== 'create' || !facts.missing.has(node) || !isStateful(facts, node)) return
        const told = facts.deployments.get(deployment)?.triggered.createNeeds ?? []
        hold(
          'DRIFT 9',
          facts.nodes.get(node)?.alive !== true || told === 'all' || told.includes(node),
          () => `${node} is gone with its data, and is made again`,
        )
      },
    },
    called: ({ ref }) => {
      if (ref !== undefined)
        hold('DRIFT 14', nodeOfRef(facts, ref) !== undefined, () => `${ref.name} is written, and no node is it`)
    },
    commanded({ told, outcome }) {
      if (told.type !== 'reconcile' || outcome.status !== 'done') return
      hold('DRIFT 19', completed.size > wanted, () => 'a scan came to its end and left no word')
      wanted = completed.size
    },
    answered({ nodes }) {
      wanted = Math.max(wanted, completed.size)
      for (const { id, lastObservedAt } of nodes) {
        if (lastObservedAt === 'never') continue
        hold(
          'DRIFT 19',
          Date.parse(lastObservedAt) <= Date.parse(facts.now) + 4 * 3_600_000 && facts.seen.has(id),
          () => `${id} is told to have been observed at ${lastObservedAt}, and it is ${facts.now}`,
        )
      }
    },
    scannedAgain({ versionBefore, versionAfter, events }) {
      hold(
        'DRIFT 11',
        versionBefore === versionAfter,
        () => `a second scan made graph version ${versionAfter} of ${versionBefore}`,
      )
      hold('DRIFT 11', events.join() === 'ObservationCompleted', () => `a second scan recorded ${events.join(', ')}`)
      checkAllTold(facts, hold, recorded)
    },
  }
}

/** DRIFT 17: nothing is decided about what a step of ours is changing. */
function checkNoOpenStep(facts: Facts, hold: Hold, node: NodeId): void {
  const isOpen = [...facts.open].some((id) =>
    [...(facts.deployments.get(id)?.calls.values() ?? [])].some((call) => call.node === node),
  )
  hold('DRIFT 17', !isOpen, () => `${node} was decided about while a step of ours changes it`)
}

/** DRIFT 11: what stands is not told again. */
function checkNews(facts: Facts, hold: Hold, node: NodeId, decisions: EventData<'DriftDetected'>['decisions']): void {
  for (const { property, decision, decidedBy, observed, recorded } of decisions) {
    const before = facts.standing.get(propertyKey(node, property))
    if (before === undefined) continue
    const isAgain =
      before.decision === decision &&
      before.decidedBy === decidedBy &&
      jsonEqual(before.observed, observed) &&
      jsonEqual(before.recorded, recorded)
    hold('DRIFT 11', !isAgain, () => `${property} of ${node} was ${decision} twice in the same way`)
  }
}

/** DRIFT 9, 10: what is told to be missing is really not there, and somebody is alerted. */
function checkMissing(
  facts: Facts,
  hold: Hold,
  { data: { node, ref } }: LedgerEvent<'ResourceMissing'>,
  events: readonly LedgerEvent[],
): void {
  const truth = truthOf(facts, ref)
  hold('DRIFT 10', truth === undefined || facts.late, () => `${node} is told to be missing, and is ${truth?.status}`)
  const isAlerted = events.some(
    ({ type, data }) =>
      type === 'AlertRaised' && 'reason' in data && data.reason === 'resource-missing' && data.node === node,
  )
  hold(
    'DRIFT 9',
    isAlerted || facts.alerted.has(alertKey('resource-missing', node)),
    () => `${node} is missing, and nobody is alerted`,
  )
}

/** DRIFT 10, 17, 19: a scan tells what it saw; what it could not see it decided nothing about, nor about what was younger than its read. */
function checkScan(hold: Hold, data: EventData<'ObservationCompleted'>, scan: Scan | undefined): void {
  const { observation, startedRevision, unseen, unseenCount, counts } = data
  const told = Object.entries(counts).filter(([what]) => what !== 'resources' && what !== 'unchanged')
  for (const [what, number] of told)
    hold(
      'DRIFT 19',
      number === (scan?.counts[what] ?? 0),
      () => `${observation} tells of ${number} ${what}, and decided ${scan?.counts[what] ?? 0}`,
    )
  if (unseenCount > 0) {
    const seen = unseen.flatMap(({ node, reason }) =>
      node !== undefined && scan?.decided.has(node) === true && !reason.includes('has no property') ? [node] : [],
    )
    hold(
      'DRIFT 10',
      seen.length === 0,
      () => `${seen.join(', ')} could not be seen, and ${observation} decided about them`,
    )
  }
  for (const [node, { revision }] of scan?.decided ?? [])
    hold(
      'DRIFT 17',
      revision <= startedRevision,
      () => `${node} has a version at ${revision}, and ${observation} began to read at ${startedRevision}`,
    )
}

/** DRIFT 13: whoever is named did it, and nobody else can have done it later; where nobody is named, nobody alone can be. */
function checkAuthor(facts: Facts, hold: Hold, { data }: LedgerEvent<'DriftAttributed'>): void {
  const { node, principal, activity, properties } = data
  if (principal === 'unknown' || activity === undefined) {
    hold('DRIFT 13', principal === 'unknown', () => `${node} is ascribed to somebody, and no entry says so`)
    return
  }
  const { activity: log } = facts.world
  const entry = log.find(({ id, ref }) => id === activity.id && nodeOfRef(facts, ref) === node)
  const isTrue = entry !== undefined && jsonEqual(entry.principal, principal) && entry.idempotencyKey === undefined
  hold('DRIFT 13', isTrue, () => `${activity.id} on ${node} is not of ${principal.id}`)
  if (entry === undefined) return
  for (const property of properties) {
    hold('DRIFT 13', names(entry, property), () => `${activity.id} did not set ${property} of ${node}`)
    const others = log.filter(
      (other) =>
        isRival(facts, entry, other, property) &&
        Date.parse(other.at) <= Date.parse(facts.foundAt.get(`${node}|${data.observation}`) ?? facts.now),
    )
    hold(
      'DRIFT 13',
      others.length === 0,
      () =>
        `${property} of ${node} is ascribed to ${principal.id}, and ${others[0]?.principal.id} may have set it later`,
    )
  }
}

/** Whether an entry may have set a property; who sets an image brings its digest about. */
function names({ properties }: ActivityEntry, property: string): boolean {
  return (
    properties === undefined ||
    properties.includes(property) ||
    (property.startsWith('image.') && properties.includes('image'))
  )
}

/** Another's entry that came later, was visible, and may have set the property. */
function isRival(facts: Facts, entry: ActivityEntry, other: ActivityEntry, property: string): boolean {
  if (other.idempotencyKey !== undefined || refKey(other.ref) !== refKey(entry.ref)) return false
  if (!names(other, property) || jsonEqual(other.principal, entry.principal)) return false
  const isLater = Date.parse(other.at) > Date.parse(entry.at)
  return isLater && Date.parse(other.at) + facts.activityDelayMs <= Date.parse(facts.now)
}

/** DRIFT 20: at rest, whatever others did to what we know is recorded. */
function checkAllTold(facts: Facts, hold: Hold, recorded: ReadonlySet<string>): void {
  if (facts.ending !== undefined) return
  for (const entry of facts.world.activity) {
    const node = nodeOfRef(facts, entry.ref)
    if (entry.idempotencyKey !== undefined || node === undefined || isExtraGrant(node)) continue
    if (Date.parse(entry.at) < Date.parse(facts.knownSince.get(node) ?? '9999') || kindOf(node) === '') continue
    hold(
      'DRIFT 20',
      recorded.has(`${node}|${entry.id}`),
      () => `${entry.operation} of ${node} at ${entry.at} by ${entry.principal.id} is recorded nowhere`,
    )
  }
}
