/** Why a kept snapshot was not used. */
export type SnapshotProblem =
  /** Another version of the library made it, with another fold or another form. */
  | 'other-version'
  /** It is not what was saved: cut off, or changed. */
  | 'damaged'
  /** The stream does not reach its revision: the events come from an older backup. */
  | 'revision-missing'
  /** At its revision the stream has another event than the one it was made of. */
  | 'history-differs'

/**
 * Something that a ledger got over by itself and somebody should know of; `code` is public, `message` is for people. Nothing was lost.
 * `snapshot-ignored`: a snapshot could not be used, so the environment was read from its first event, and a new one takes its place.
 */
export type LedgerWarning = {
  readonly code: 'snapshot-ignored'
  readonly message: string
  readonly details: {
    readonly environment: string
    /** The revision that the snapshot claims to be of. */
    readonly revision: number
    readonly problem: SnapshotProblem
  }
}

/** Takes a warning to whoever wants it. Must not throw. */
export type Warn = (warning: LedgerWarning) => void

/** The warning that a kept snapshot was ignored. */
export function snapshotIgnored(environment: string, revision: number, problem: SnapshotProblem): LedgerWarning {
  const message =
    `The snapshot of ${environment} at revision ${revision} ${WORDS[problem]}. It was ignored: the environment was read from its ` +
    `first event instead, and a new snapshot takes its place. ${ADVICE[problem]}`
  return { code: 'snapshot-ignored', message, details: { environment, revision, problem } }
}

const WORDS: Readonly<Record<SnapshotProblem, string>> = {
  'other-version': 'was made by another version of the library',
  damaged: 'is not what was saved',
  'revision-missing': 'is of an event that the store does not have',
  'history-differs': 'does not lie on the chain of the events that the store has',
}

const ADVICE: Readonly<Record<SnapshotProblem, string>> = {
  'other-version': 'After an update this is expected, once for each environment.',
  damaged: 'Find out what changed it, and verify the ledger: what damages a snapshot may damage events.',
  'revision-missing':
    'If the store was not restored from a backup, events are missing: hold it against a checkpoint kept elsewhere.',
  'history-differs':
    'Verify the ledger, and hold it against a checkpoint kept elsewhere: its history may have been rewritten.',
}
