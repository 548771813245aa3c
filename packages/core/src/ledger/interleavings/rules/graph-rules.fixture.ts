import type { EventData, LedgerEvent } from '../../../environment/catalogue.ts'
import { kindOf } from '../../../graph/ids.ts'
import type { NodeId } from '../../../graph/ids.ts'
import type { Cause } from '../../../graph/cause.ts'
import { jsonEqual } from '../../../json.ts'
import { propertyKey } from './facts.fixture.ts'
import type { Facts } from './facts.fixture.ts'
import type { Hold, MakeRules } from './judge.fixture.ts'
import type { Append } from './moment.fixture.ts'
import { cyclesIn, misfits } from './model-check.fixture.ts'

/** GRAPH 1 to 8: how nodes and edges come to be, what they may say, and how they hang together. */
export const graphRules: MakeRules = (facts, hold) => {
  /** Every graph version as it was told when it was the current one. */
  const told = new Map<number, string>()
  let written = 0
  return {
    events: {
      NodeVersionRecorded(event, append) {
        checkVersion(facts, hold, event)
        checkCause(facts, hold, event.data.cause, event, append, event.data)
        checkFit(facts, hold, event)
      },
      NodeRetired(event, append) {
        const node = facts.nodes.get(event.data.node)
        const { version } = event.data
        hold(
          'GRAPH 1',
          node?.alive === true && version === node.version + 1,
          () =>
            `${event.data.node} was retired as version ${version} and was ${node?.alive === true ? `at ${node.version}` : 'not there'}`,
        )
        checkCause(facts, hold, event.data.cause, event, append)
      },
      EdgeVersionRecorded(event, append) {
        const { edge, version, attributes } = event.data
        const before = facts.edges.get(edge)
        hold(
          'GRAPH 1',
          version === (before?.version ?? 0) + 1,
          () => `${edge} is at version ${version} after ${before?.version ?? 0}`,
        )
        hold(
          'GRAPH 2',
          before?.alive !== true || !jsonEqual(before.attributes, attributes) || event.data.lineage !== undefined,
          () => `a version of ${edge} changes nothing`,
        )
        checkCause(facts, hold, event.data.cause, event, append)
      },
      EdgeRetired: (event, append) => checkCause(facts, hold, event.data.cause, event, append),
    },
    appended(append) {
      checkEnds(facts, hold, append)
      if (append.stream === 'environment') written = checkGraphVersion(facts, hold, written, append)
    },
    commanded({ told: { type, ...given }, outcome }) {
      if (type !== 'deploy' || !('model' in given)) return
      const cycles = cyclesIn(given.model, facts.kinds)
      const wrong = misfits(given.model, facts.kinds)
      if (wrong.length > 0)
        hold('GRAPH 8', outcome.status === 'refused', () => `a model was taken although ${wrong.join(', ')}`)
      if (outcome.status !== 'refused') return
      if (outcome.code === 'kind-unknown' || outcome.code === 'property-unknown')
        hold(
          'GRAPH 8',
          wrong.length > 0 && outcome.message.includes('did you mean'),
          () => `a model was refused: ${outcome.message}`,
        )
      if (outcome.code === 'cycle-found')
        hold(
          'GRAPH 7',
          cycles.length > 0 && cycles.every((node) => outcome.message.includes(node)),
          () => `"${outcome.message}" does not print the cycle of ${cycles.join(', ')}`,
        )
      else if (cycles.length > 0 && wrong.length === 0)
        hold(
          'GRAPH 7',
          outcome.code !== 'done',
          () => `a model in which ${cycles.join(' and ')} need each other was refused with ${outcome.code}`,
        )
    },
    answered({ graphVersion, text, past, nodes, edges }) {
      if (past !== undefined)
        hold(
          'GRAPH 1',
          told.get(past.version) === undefined || told.get(past.version) === past.text,
          () => `graph version ${past.version} is told otherwise than it was`,
        )
      hold(
        'GRAPH 1',
        (told.get(graphVersion) ?? text) === text,
        () => `graph version ${graphVersion} is told in two ways`,
      )
      told.set(graphVersion, text)
      const alive = new Set(nodes.map(({ id }) => id as string))
      const loose = edges.filter(({ from, to }) => !alive.has(from) || !alive.has(to)).map(({ id }) => id)
      hold('GRAPH 4', loose.length === 0, () => `${loose.join(', ')} end at what is not there`)
      const inCycle = leftOver(edges)
      if (edges.length > 0)
        hold('GRAPH 7', inCycle.length === 0, () => `the graph has a cycle among ${inCycle.join(', ')}`)
      if (facts.openImport === undefined)
        hold(
          'GRAPH 5',
          graphVersion === facts.graphVersion,
          () => `graph version ${graphVersion} is told, ${facts.graphVersion} was written`,
        )
    },
  }
}

function checkVersion(facts: Facts, hold: Hold, { data }: LedgerEvent<'NodeVersionRecorded'>): void {
  const { node, version, set, unset, ownership, ref, origin, incarnation } = data
  const before = facts.nodes.get(node)
  hold(
    'GRAPH 1',
    version === (before?.version ?? 0) + 1,
    () => `${node} is at version ${version} after ${before?.version ?? 0}`,
  )
  if (before?.alive === true) {
    const changes =
      Object.entries(set).some(([property, value]) => !jsonEqual(before.properties[property], value)) ||
      unset.some((property) => Object.hasOwn(before.properties, property)) ||
      origin !== undefined ||
      (ownership !== undefined && ownership !== before.ownership) ||
      (ref !== undefined && JSON.stringify(ref) !== JSON.stringify(before.ref)) ||
      incarnation !== before.incarnation
    hold('GRAPH 2', changes, () => `version ${version} of ${node} changes nothing`)
  } else if (before !== undefined)
    hold(
      'GRAPH 6',
      incarnation === before.incarnation + 1,
      () => `${node} came back as incarnation ${incarnation} after ${before.incarnation}`,
    )
  if (before === undefined) hold('GRAPH 6', incarnation === 1, () => `${node} begins as incarnation ${incarnation}`)
}

/** GRAPH 3: what caused a version is known; a deployment causes versions while it runs, and later only what the provider had put off. */
function checkCause(
  facts: Facts,
  hold: Hold,
  cause: Cause,
  event: LedgerEvent,
  append: Append,
  version?: EventData<'NodeVersionRecorded'>,
): void {
  const why = unknownCause(facts, cause, append, version)
  hold('GRAPH 3', why === undefined, () => `${event.type} at revision ${event.revision} ${why}`)
  const others = new Set(
    append.events.flatMap(({ data }) =>
      'cause' in data && data.cause.type === 'deployment' ? [data.cause.deployment] : [],
    ),
  )
  hold(
    'GRAPH 3',
    others.size <= 1 || version === undefined || append.events.some(({ type }) => type === 'DriftDetected'),
    () => `one append is caused by ${[...others].join(' and ')}`,
  )
}

function unknownCause(
  facts: Facts,
  cause: Cause,
  { events }: Append,
  version?: EventData<'NodeVersionRecorded'>,
): string | undefined {
  if (cause.type === 'import' && !facts.imports.has(cause.import)) return 'names an import that never began'
  if (cause.type === 'change-request' && !facts.requests.has(cause.request))
    return 'names a request that was never made'
  if (cause.type === 'external-deployment' && !facts.externals.has(cause.deployment))
    return 'names a plan that was never proposed'
  if (
    cause.type === 'drift' &&
    !events.some(
      ({ type, data }) => type === 'DriftDetected' && 'observation' in data && data.observation === cause.observation,
    ) &&
    version?.ref === undefined
  )
    return 'names drift that was not detected'
  if (cause.type !== 'deployment') return undefined
  if (!facts.deployments.has(cause.deployment)) return 'names a deployment that was never triggered'
  const unknown = cause.requests.find((request) => !facts.requests.has(request))
  if (unknown !== undefined) return `names the request ${unknown}, which was never made`
  if (facts.open.has(cause.deployment)) return undefined
  const hasLanded =
    version !== undefined &&
    [...Object.keys(version.set), ...version.unset].every((property) =>
      landed(facts, events, version.node, property, cause.deployment),
    )
  return hasLanded ? undefined : `names the deployment ${cause.deployment}, which has ended`
}

/** What was put off by that deployment, and is told to be in force in this very append. */
function landed(facts: Facts, events: Append['events'], node: NodeId, property: string, deployment: string): boolean {
  if (facts.deferred.get(propertyKey(node, property))?.deployment === deployment) return true
  return events.some(
    ({ type, data }) =>
      type === 'DriftDetected' &&
      'decisions' in data &&
      data.node === node &&
      data.decisions.some(
        (one) => one.property === property && one.decision === 'landed' && one.decidedBy === `deployment ${deployment}`,
      ),
  )
}

/** GRAPH 8: whatever is recorded by us is of the kind that it says it is of. */
function checkFit({ kinds }: Facts, hold: Hold, { data: { node, set } }: LedgerEvent<'NodeVersionRecorded'>): void {
  const kind = kinds.find(kindOf(node))
  if (kind === undefined || kind.properties.size === 0) return
  for (const [property, value] of Object.entries(set)) {
    const [map] = property.split('["')
    const definition = kind.properties.get(property) ?? kind.properties.get(map ?? '')
    const isOpen = kind.open && property.startsWith('provider.')
    if (definition === undefined)
      hold('GRAPH 8', isOpen, () => `${node} has ${property}, which ${kind.name} does not know`)
    else if (!definition.secret && value !== null)
      hold(
        'GRAPH 8',
        definition.schema.safeParse(value).success,
        () => `${property} of ${node} is ${JSON.stringify(value)}`,
      )
  }
}

function checkEnds(facts: Facts, hold: Hold, { events }: Append): void {
  // An import draws its edges in the order that it likes; what is visible is looked at after each command.
  if (facts.openImport !== undefined) return
  for (const { type, data } of events) {
    if (type === 'EdgeVersionRecorded' && 'edge' in data) {
      const edge = facts.edges.get(data.edge)
      const isLoose = edge?.alive === true && [edge.from, edge.to].some((end) => facts.nodes.get(end)?.alive !== true)
      hold('GRAPH 4', !isLoose, () => `${data.edge} ends at what is not there`)
    }
    if (type !== 'NodeRetired' || !('node' in data)) continue
    const kept = [...facts.edges].filter(([, { alive, from, to }]) => alive && (from === data.node || to === data.node))
    const isBack = facts.nodes.get(data.node)?.alive === true
    hold(
      'GRAPH 4',
      kept.length === 0 || isBack,
      () => `${data.node} was retired and left ${kept.map(([id]) => id).join(', ')}`,
    )
  }
}

/** GRAPH 5: all of one append is one graph version, the next one; an import's graph changes come between its beginning and its end. */
function checkGraphVersion(facts: Facts, hold: Hold, before: number, { events }: Append): number {
  const told = new Set(events.flatMap(({ metadata: { graphVersion } }) => graphVersion ?? []))
  if (told.size === 0) return before
  const [version = 0] = told
  hold(
    'GRAPH 5',
    told.size === 1 && (version === before + 1 || (facts.openImport !== undefined && version === before)),
    () => `graph versions ${[...told].join(', ')} come after ${before}`,
  )
  const isImport = events.some(({ type }) => type === 'ImportStarted')
  if (isImport)
    hold(
      'GRAPH 5',
      events.every(
        ({ data }) => !('cause' in data) || data.cause.type === 'import' || data.cause.type === 'external-deployment',
      ),
      () => `version ${version} is an import, and something else`,
    )
  return version
}

/** What is left of a graph when everything that needs nothing is taken away, over and over. */
function leftOver(edges: readonly { readonly from: string; readonly to: string }[]): readonly string[] {
  let left = [...edges]
  for (;;) {
    const from = new Set(left.map((edge) => edge.from))
    const next = left.filter((edge) => from.has(edge.to))
    if (next.length === left.length) return [...new Set(left.map((edge) => edge.from))]
    left = next
  }
}
