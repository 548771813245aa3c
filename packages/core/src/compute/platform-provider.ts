import type { ActivityLog } from '../cloud/activity-log.ts'
import type { CloudProvider, KindCapabilities, Operation, OperationOptions } from '../cloud/cloud-provider.ts'
import type { ObservationPage } from '../cloud/observation.ts'
import type { JsonValue, Properties } from '../json.ts'
import { LedgerError } from '../ledger-error.ts'
import type { ComputePlatform, RollOut, RollOutRequest, WorkloadPage } from './compute-platform.ts'
import { imageReferenceSchema } from './image-reference.ts'
import { observationOf, readPage, readUpdate } from './platform-answer.ts'

/**
 * A platform as plans, executors and reconciliations see one: a provider of the kinds that it runs. What it answers is parsed; a rollout
 * that ended otherwise than asked for is `roll-out-incomplete`, with what runs now.
 */
export function platformProvider(platform: ComputePlatform): CloudProvider {
  const kinds = new Set(platform.kinds)
  return {
    name: platform.name,
    ...(platform.activityLog === undefined ? {} : { activityLog: withFollowers(platform.activityLog) }),
    capabilities: (kind) => (kinds.has(kind) ? capabilitiesOf(kind) : undefined),
    observe: (refs, options) => pages(platform, () => platform.observe(refs, options)),
    discover: (target, options) => pages(platform, () => platform.discover(target, options)),
    create: ({ kind, target, name, properties, dependencies }, options) =>
      rollOut(platform, { workload: { type: 'new', target, name }, kind, settings: properties, dependencies }, options),
    update: ({ kind, ref, changes, expected }, options) =>
      rollOut(
        platform,
        { workload: { type: 'existing', ref, expected }, kind, settings: changes, dependencies: [] },
        options,
      ),
    remove: ({ kind, ref }, options) =>
      follow(platform, { operation: 'remove', kind }, () => platform.remove({ kind, ref }, options), options),
    snapshot: ({ kind }) => {
      throw refused(platform, 'snapshot', `a ${kind} holds nothing that could be copied`)
    },
  }
}

/** Whoever set an image brought its digest about. */
function withFollowers(log: ActivityLog): ActivityLog {
  return {
    provider: log.provider,
    async *entries(target, range) {
      for await (const entry of log.entries(target, range)) {
        const { properties } = entry
        yield properties?.includes('image') === true
          ? { ...entry, properties: [...new Set([...properties, 'image.digest', 'image.running'])] }
          : entry
      }
    },
  }
}

/** A rollout replaces replicas one by one, so changes interrupt nobody, and there is nothing to keep a copy of. */
function capabilitiesOf(kind: string): KindCapabilities {
  return {
    refType: kind,
    impact: {},
    renamable: false,
    restoreInPlace: false,
    lastCopy: 'none',
    runsImages: true,
  }
}

async function* pages(
  platform: ComputePlatform,
  read: () => AsyncIterable<WorkloadPage>,
): AsyncGenerator<ObservationPage> {
  for await (const page of read()) yield { ...readPage(platform, page), missing: page.missing }
}

/** Takes the image out of the changed properties, and refuses what is no reference before anybody is called. */
function rollOut(
  platform: ComputePlatform,
  request: Omit<RollOutRequest, 'image'>,
  options: OperationOptions,
): Operation {
  const { image, ...settings } = request.settings
  const operation = request.workload.type === 'new' ? 'create' : 'update'
  const reference = image === undefined ? undefined : imageOf(platform, operation, image)
  return follow(
    platform,
    { operation, kind: request.kind },
    () => platform.rollOut({ ...request, settings, ...(reference === undefined ? {} : { image: reference }) }, options),
    options,
  )
}

function imageOf(platform: ComputePlatform, operation: string, image: JsonValue): string {
  const parsed = imageReferenceSchema.safeParse(image)
  if (parsed.success) return parsed.data
  const problem = image === null ? 'the code no longer says which image it runs' : parsed.error.issues[0]?.message
  throw refused(platform, operation, problem ?? 'it is no image reference')
}

type Attempt = { readonly operation: string; readonly kind: string }

/** Follows a rollout or a removal to its end, in the words of the cloud port. */
async function* follow(
  platform: ComputePlatform,
  { operation, kind }: Attempt,
  begin: () => RollOut,
  { signal }: OperationOptions,
): Operation {
  const provider = platform.name
  for await (const answer of begin()) {
    const read = readUpdate(platform, kind, answer)
    if (read.type === 'nonsense') throw notUnderstood(platform, operation, read.problem)
    const update = read.value
    if (update.type === 'progress') {
      const { updated, ready, desired } = update
      yield { type: 'progress', status: `${updated} of ${desired} replicas rolled out, ${ready} ready` }
      continue
    }
    if (update.type === 'failed') {
      const observation = observationOf(update.workload)
      const reason = update.reason === '' ? 'the platform does not say why' : update.reason
      throw new LedgerError(
        'roll-out-incomplete',
        `${provider} did not finish the rollout: ${reason}; ${shown(observation.properties)}`,
        {
          provider,
          operation,
          reason,
          observation,
        },
      )
    }
    if ((update.workload === null) !== (operation === 'remove'))
      throw notUnderstood(platform, operation, operation === 'remove' ? 'it is still there' : 'it names no workload')
    yield {
      type: 'completed',
      observation: update.workload === null ? null : observationOf(update.workload),
      deferred: {},
    }
    return
  }
  if (signal?.aborted !== true) throw notUnderstood(platform, operation, 'it ended without saying how')
}

function shown(properties: Properties): string {
  const { image, 'image.running': running } = properties
  if (typeof image === 'string') return `${image} runs now`
  return Array.isArray(running) ? `${running.map(String).join(' and ')} run now` : 'nothing runs now'
}

function refused({ name: provider }: ComputePlatform, operation: string, reason: string): LedgerError {
  return new LedgerError('cloud-refused', `${provider} is not asked: ${reason}`, { provider, operation, reason })
}

/** It may have happened, and the answer does not tell: what there is tells it. */
function notUnderstood({ name: provider }: ComputePlatform, operation: string, problem: string): LedgerError {
  const reason = `the answer makes no sense: ${problem}`
  return new LedgerError('cloud-outcome-unknown', `${provider} answers ${operation} with nonsense: ${problem}`, {
    provider,
    operation,
    reason,
  })
}
