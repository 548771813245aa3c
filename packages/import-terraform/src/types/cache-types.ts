import { textAt } from '../state/attributes.ts'
import type { Attributes } from '../state/attributes.ts'
import type { Derived, TypeTranslation } from './type-translation.ts'

/** ElastiCache clusters and replication groups; `engine_version_actual` is what runs. */
export const awsElasticache: TypeTranslation = {
  kind: 'cache',
  neutral: { node_type: { to: 'tier', as: 'text' }, engine: { to: 'engine', as: 'text' } },
  labels: ['tags_all', 'tags'],
  derive(attributes: Attributes): Derived {
    return {
      properties: {
        engineVersion: textAt(attributes, 'engine_version_actual') ?? textAt(attributes, 'engine_version'),
      },
      said: ['engine_version', 'engine_version_actual'],
    }
  },
}

/**
 * Memorystore for Redis: `REDIS_7_0`, `REDIS_6_X`. Its tier (`BASIC`, `STANDARD_HA`) says how available it is and not how large, so it
 * stays under `provider.*`.
 */
export const googleRedisInstance: TypeTranslation = {
  kind: 'cache',
  labels: ['effective_labels', 'labels', 'terraform_labels'],
  derive(attributes) {
    const version = /^REDIS_(\d+)_([0-9X]+)$/.exec(textAt(attributes, 'redis_version') ?? '')
    if (version === null) return { properties: { engine: 'redis' }, said: [] }
    return {
      properties: { engine: 'redis', engineVersion: `${version[1]}.${(version[2] ?? '').toLowerCase()}` },
      said: ['redis_version'],
    }
  },
}
