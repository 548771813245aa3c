import type { ResourceObservation } from '@infraledger/core/adapter'
import { refused } from '../session/aws-errors.ts'
import type { AwsAttempt } from '../session/aws-errors.ts'

/** `ApplyImmediately` applies everything that waits, also what others put off: then a person has to decide. */
export function refuseUnseen({ deferred }: ResourceObservation, known: readonly string[], attempt: AwsAttempt): void {
  const others = Object.keys(deferred).filter((property) => !known.includes(property))
  if (others.length === 0) return
  throw refused(
    attempt,
    `what is asked for now would bring along what waits for the maintenance window: ${others.join(', ')}; let that be applied, or withdraw it first`,
    'values-moved',
  )
}
