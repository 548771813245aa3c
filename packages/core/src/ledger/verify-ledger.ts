import { checkpointComparer } from '../audit/checkpoint-comparison.ts'
import type { Checkpoint } from '../audit/checkpoint.ts'
import { parseCheckpoint } from '../audit/checkpoint.ts'
import { signedBy } from '../audit/checkpoint-signature.ts'
import { verifier } from '../audit/verify.ts'
import type { IntegrityReport } from '../audit/verify.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { beforeCheckpoint } from './before-checkpoint.ts'
import { eachEvent } from './each-event.ts'
import type { ReadOptions } from './each-event.ts'

/** What a verification may be given. */
export type VerifyOptions = ReadOptions & {
  /** What the ledger is held against: the newest one that was kept elsewhere. */
  readonly checkpoint?: Checkpoint
  /** Public keys in PEM, one or several in each text: the checkpoint must be signed by one of them. Without, its signature is not looked at. */
  readonly keys?: readonly string[]
  /** Read only what came after the checkpoint, and take its word for what it covers; the report says how much that is. */
  readonly sinceCheckpoint?: boolean
}

/**
 * Holds every event of a store against its place and its hash, and the store against a checkpoint. What a chain shows is answered with the
 * first event that does not fit. Throws `input-invalid` for what is no checkpoint or key, `checkpoint-untrusted`, and with
 * `sinceCheckpoint` `checkpoint-mismatch`. `alsoTake` is given every event, once it was found to fit the ones before.
 */
export async function verifyLedger(
  store: EventStore,
  options: VerifyOptions = {},
  alsoTake: (event: RecordedEvent) => void = () => undefined,
): Promise<IntegrityReport> {
  if (options.checkpoint === undefined) return verifyChain(store, options, alsoTake)
  const checkpoint = parseCheckpoint(options.checkpoint)
  const signers = options.keys === undefined ? [] : signedBy(checkpoint, options.keys)
  if (options.sinceCheckpoint === true) return verifySince(store, checkpoint, signers, options)

  const chain = verifier({ positions: store.positions })
  const comparer = checkpointComparer(checkpoint)
  await eachEvent(store, options, (event) => {
    if (chain.check(event) === undefined) alsoTake(event)
    comparer.add(event)
    return undefined
  })
  const report = chain.report()
  const comparison = { ...comparer.result(), signedBy: signers }
  return { ...report, intact: report.intact && comparison.holds, checkpoint: comparison }
}

/** Stops at the first event that does not fit. */
async function verifyChain(
  store: EventStore,
  options: VerifyOptions,
  alsoTake: (event: RecordedEvent) => void,
): Promise<IntegrityReport> {
  const chain = verifier({ positions: store.positions })
  await eachEvent(store, options, (event) => {
    if (chain.check(event) !== undefined) return 'stop'
    alsoTake(event)
    return undefined
  })
  return chain.report()
}

async function verifySince(
  store: EventStore,
  checkpoint: Checkpoint,
  signers: readonly string[],
  options: VerifyOptions,
): Promise<IntegrityReport> {
  const before = await beforeCheckpoint(store, checkpoint)
  const chain = verifier({ positions: store.positions, before })
  await eachEvent(store, { ...options, after: before.position }, (event) =>
    chain.check(event) === undefined ? undefined : 'stop',
  )
  const { ledger, createdAt, events } = checkpoint.checkpoint
  const taken = { holds: true, ledger, createdAt, events, signedBy: signers, positions: 'same' } as const
  return { ...chain.report(), checkpoint: { ...taken, problems: [], problemCount: 0 } }
}
