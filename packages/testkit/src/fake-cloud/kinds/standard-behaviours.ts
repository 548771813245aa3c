import { genericBehaviour, lookUp } from './behaviour.ts'
import type { KindBehaviour } from './behaviour.ts'
import { sqlInstanceBehaviour } from './sql-instance.ts'

const MINUTE = 60_000

/** What runs the application: rolled out image by image, without interrupting anybody. */
const rollout: KindBehaviour = {
  ...genericBehaviour,
  createMs: 20_000,
  modifyMs: 15_000,
  interruptMs: 15_000,
  removeMs: 5_000,
}

/** How the standard kinds behave. */
const standard: Readonly<Record<string, KindBehaviour>> = {
  'sql-instance': sqlInstanceBehaviour,
  'sql-database': {
    ...genericBehaviour,
    requires: ['sql-instance'],
    lastCopy: 'final-snapshot',
    impact: { name: 'replace', charset: 'replace', collation: 'replace' },
  },
  'sql-credential': {
    ...genericBehaviour,
    requires: ['sql-instance'],
    impact: { username: 'replace' },
    secrets: ['password'],
  },
  bucket: {
    ...genericBehaviour,
    defaults: { publicAccess: false, versioning: false },
    impact: { location: 'replace' },
    lastCopy: 'emptiness',
    // "The bucket must be empty" (Amazon S3 DeleteBucket; Cloud Storage buckets.delete says the same).
    holdsObjects: true,
  },
  topic: { ...genericBehaviour, impact: { ordered: 'replace' } },
  // Amazon SQS keeps messages for 4 days and hides them for 30 seconds by default (SetQueueAttributes).
  subscription: { ...genericBehaviour, defaults: { ackDeadlineSeconds: 30, retentionSeconds: 345_600 } },
  cache: {
    ...genericBehaviour,
    createMs: 5 * MINUTE,
    interruptMs: 6 * MINUTE,
    removeMs: 3 * MINUTE,
    defaults: { engine: 'redis', tier: 'small' },
    impact: { engine: 'replace', engineVersion: 'maintenance-window', tier: 'maintenance-window' },
  },
  secret: { ...genericBehaviour, createMs: 1_000, modifyMs: 1_000, removeMs: 1_000, secrets: ['value'] },
  certificate: { ...genericBehaviour, impact: { domain: 'replace' } },
  // What still stands in a network keeps it (EC2 DeleteVpc: DependencyViolation).
  network: {
    ...genericBehaviour,
    impact: { range: 'replace' },
    dependents: { subnet: 'blocks', 'sql-instance': 'blocks', cache: 'blocks' },
  },
  subnet: {
    ...genericBehaviour,
    impact: { range: 'replace', zone: 'replace' },
    dependents: { 'sql-instance': 'blocks', cache: 'blocks' },
  },
  identity: {
    ...genericBehaviour,
    createMs: 1_000,
    modifyMs: 1_000,
    removeMs: 1_000,
    dependents: { grant: 'removed-too' },
  },
  grant: {
    ...genericBehaviour,
    createMs: 1_000,
    modifyMs: 1_000,
    removeMs: 1_000,
    impact: { identity: 'replace', resource: 'replace' },
  },
  service: { ...rollout, maps: ['labels', 'environment'] },
  container: rollout,
  gateway: rollout,
  'cron-job': rollout,
}

/** Changes to how kinds behave, by kind; what is left out stays as it is for that kind, or for any unknown one. */
export type KindOverrides = Readonly<Record<string, Partial<KindBehaviour>>>

/** How each kind behaves in one fake cloud. */
export function behavioursOf(overrides: KindOverrides): (kind: string) => KindBehaviour {
  const known = new Map<string, KindBehaviour>()
  return (kind) => {
    const behaviour = known.get(kind) ?? { ...(lookUp(standard, kind) ?? genericBehaviour), ...lookUp(overrides, kind) }
    known.set(kind, behaviour)
    return behaviour
  }
}
