/**
 * Statuses in which the settings that an instance shows are final, from "DB instance status" in the RDS User Guide: at rest, in trouble
 * that does not pass by itself, or busy with data while its settings stand. Everything else is on its way, and a status that is not
 * known is waited for and reported, never taken for a failure.
 */
const SETTLED = new Set([
  'available',
  'stopped',
  'failed',
  'restore-error',
  'storage-full',
  'insufficient-capacity',
  'inaccessible-encryption-credentials',
  'inaccessible-encryption-credentials-recoverable',
  // Operational: data is copied or optimised behind settings that stand.
  'backing-up',
  'storage-optimization',
  'storage-initialization',
])

/** Whether RDS gave up on the instance: it has to be recovered, restored or deleted ("DB instance status" in the RDS User Guide). */
export function isBroken(status: string): boolean {
  return status === 'failed' || status === 'restore-error' || status.startsWith('incompatible-')
}

/** Whether the instance has reached a state in which its properties are final. */
export function isSettled(status: string): boolean {
  return SETTLED.has(status) || status.startsWith('incompatible-')
}
