import { z } from 'zod'
import { defineKind } from './define-kind.ts'

const text = z.string().max(4_096)

/**
 * A managed SQL server (an RDS instance, a Cloud SQL instance), in neutral properties. Defaults at creation: regional, private,
 * encrypted, seven days of backups with point-in-time recovery, deletion protection on. Impacts are the cautious ones; a provider's
 * capabilities may say better.
 */
export const sqlInstance = defineKind({
  name: 'sql-instance',
  statefulness: 'stateful',
  lastCopy: 'final-snapshot',
  open: true,
  properties: {
    engine: { schema: text, impact: 'replace', creationDefault: 'postgres' },
    // A minor version written by the provider is drift like any other; "15" asked for is met by "15.4" (peers: endless downgrade attempts).
    engineVersion: { schema: text, impact: 'downtime', prefixMatch: true },
    tier: { schema: text, impact: 'restart' },
    availability: {
      schema: z.enum(['regional', 'zonal']),
      impact: 'downtime',
      creationDefault: 'regional',
      weakens: (value) => value === 'zonal',
    },
    'storage.gib': { schema: z.number().int().positive(), growthOnly: true },
    'backup.retentionDays': {
      schema: z.number().int().min(0).max(365),
      creationDefault: 7,
      weakens: (value) => value === 0,
    },
    'backup.window': { schema: text },
    'backup.pointInTimeRecovery': { schema: z.boolean(), creationDefault: true, weakens: (value) => value === false },
    deletionProtection: { schema: z.boolean(), creationDefault: true, weakens: (value) => value === false },
    'network.publicAccess': { schema: z.boolean(), creationDefault: false, weakens: (value) => value === true },
    'network.tlsRequired': { schema: z.boolean(), weakens: (value) => value === false },
    'encryption.atRest': { schema: z.boolean(), impact: 'replace', creationDefault: true },
    'maintenance.window': { schema: text },
    // The provider's name of the instance that it copies; a replica needs no last copy while its source is there (PROTECT 6).
    replicaOf: { schema: text, impact: 'replace' },
    masterPassword: { schema: text, secret: true },
    parameters: { schema: text, map: true, impact: 'restart' },
    labels: { schema: text, map: true },
  },
})
