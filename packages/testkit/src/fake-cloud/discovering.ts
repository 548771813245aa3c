import type { CloudProvider, CloudTarget, ObservationPage } from '@infraledger/core/adapter'
import { call } from './call.ts'
import type { Served } from './call.ts'
import { observationOf, seen } from './seeing.ts'
import { refOf } from './simulation.ts'
import type { Simulation } from './simulation.ts'
import type { FakeResource } from './world.ts'

type Failure = ObservationPage['failed'][number]

/** A listing under way: the ids still to be told, and the kinds that could not be listed. */
type Listing = { begun: boolean; rest: readonly string[]; failed: readonly Failure[] }

/** Lists what there is, a page at a time, in an order that means nothing. What is made meanwhile may be left out, as in any cloud. */
export function discovering(simulation: Simulation): CloudProvider['discover'] {
  return async function* discover(target, { kinds, signal } = {}) {
    const listing: Listing = { begun: false, rest: [], failed: [] }
    const serve = (now: number): Served<ObservationPage> => {
      if (!listing.begun) begin(simulation, listing, { target, kinds }, now)
      return { answer: nextPage(simulation, listing, now), effect: false }
    }
    do yield await call(simulation, { operation: 'discover' }, serve, signal)
    while (listing.rest.length > 0)
  }
}

function begin(
  simulation: Simulation,
  listing: Listing,
  { target, kinds }: { target: CloudTarget; kinds: readonly string[] | undefined },
  now: number,
): void {
  listing.begun = true
  if (target.provider !== simulation.name) {
    listing.failed = [{ reason: `${simulation.name} knows nothing of ${target.provider}` }]
    return
  }
  const { account, region } = target
  const here = [...simulation.world.resources.values()].filter(
    (resource) => resource.account === account && resource.region === region,
  )
  const asked = kinds ?? [...new Set(here.map(({ kind }) => kind))]
  const unlisted = new Map(asked.map((kind) => [kind, simulation.faults.unreadable({ operation: 'discover', kind })]))
  const isListed = ({ id, kind }: FakeResource): boolean =>
    asked.includes(kind) && unlisted.get(kind) === undefined && seen(simulation, id, now) !== undefined
  listing.rest = here
    .filter(isListed)
    .map(({ id }) => id)
    .toSorted()
  listing.failed = [...unlisted].flatMap(([kind, reason]) =>
    reason === undefined ? [] : [{ reason: `${kind} cannot be listed: ${reason}` }],
  )
}

function nextPage(simulation: Simulation, listing: Listing, now: number): ObservationPage {
  const { pageSize } = simulation.settings
  const read = listing.rest.slice(0, pageSize).flatMap((id) => {
    const resource = seen(simulation, id, now)
    if (resource === undefined) return []
    const { kind, name } = resource
    return [{ resource, reason: simulation.faults.unreadable({ operation: 'discover', kind, name }) }]
  })
  const page = {
    found: read.flatMap(({ resource, reason }) =>
      reason === undefined ? [observationOf(simulation, resource, now)] : [],
    ),
    missing: [],
    failed: [
      ...listing.failed,
      ...read.flatMap(({ resource, reason }) =>
        reason === undefined ? [] : [{ ref: refOf(simulation, resource), reason }],
      ),
    ],
  }
  listing.rest = listing.rest.slice(pageSize)
  listing.failed = []
  return page
}
