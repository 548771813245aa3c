import { LedgerError } from '@infraledger/core/adapter'
import type { EventStoreDbEventStoreOptions } from './options.ts'
import { SNAPSHOTS_PREFIX } from './snapshot-events.ts'

/** The options that every store has, with their defaults. */
export type CheckedOptions = Required<
  Pick<EventStoreDbEventStoreOptions, 'streamPrefix' | 'maxAppendBytes' | 'retryTimeoutMs'>
>

const DEFAULTS: CheckedOptions = { streamPrefix: 'infraledger-', maxAppendBytes: 1024 * 1024, retryTimeoutMs: 10_000 }

/** The largest record of the server's log, and what an event and a chunk of a snapshot need at least. */
const APPEND_BYTES = { least: 64 * 1024, most: 16 * 1024 * 1024 } as const

/** Streams of the system begin with `$`; what a prefix may hold needs no escaping anywhere but for the dot. */
const PREFIX = /^[a-z][\w.:-]{2,99}$/i

/** Throws `input-invalid` for a prefix or a number that could not work. */
export function checkOptions(options: EventStoreDbEventStoreOptions): CheckedOptions {
  const { streamPrefix = DEFAULTS.streamPrefix } = options
  const { maxAppendBytes = DEFAULTS.maxAppendBytes, retryTimeoutMs = DEFAULTS.retryTimeoutMs } = options
  if (!PREFIX.test(streamPrefix)) throw invalid('streamPrefix', 'is not a letter and 2 to 99 letters, digits or ._:-')
  if (SNAPSHOTS_PREFIX.startsWith(streamPrefix))
    throw invalid('streamPrefix', `begins ${SNAPSHOTS_PREFIX}, as snapshots do`)
  const { least, most } = APPEND_BYTES
  if (!Number.isSafeInteger(maxAppendBytes) || maxAppendBytes < least || maxAppendBytes > most)
    throw invalid('maxAppendBytes', `is not a whole number from ${least} to ${most}`)
  if (!Number.isSafeInteger(retryTimeoutMs) || retryTimeoutMs < 0)
    throw invalid('retryTimeoutMs', 'is not a whole number from 0')
  return { streamPrefix, maxAppendBytes, retryTimeoutMs }
}

function invalid(path: string, problem: string): LedgerError<'input-invalid'> {
  return new LedgerError('input-invalid', `The options of the store are not valid: ${path} ${problem}.`, {
    what: 'options',
    issues: [{ path, problem }],
  })
}
