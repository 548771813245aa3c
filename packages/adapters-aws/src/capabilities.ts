import type { KindCapabilities } from '@infraledger/core/adapter'
import { OTHER_IMPACTS, RDS_SETTINGS } from './changing/settings.ts'
import { OTHER_KINDS } from './reading/other-kinds.ts'

const sqlInstance: KindCapabilities = {
  refType: 'rds-instance',
  impact: {
    ...Object.fromEntries(Object.entries(RDS_SETTINGS).map(([property, { impact }]) => [property, impact])),
    ...OTHER_IMPACTS,
  },
  // ModifyDBInstance has NewDBInstanceIdentifier ("the DB instance reboots"), which this adapter does not use yet.
  renamable: false,
  // "You can't restore … to an existing DB instance. A new DB instance is created" (RDS User Guide, "Restoring to a DB instance").
  restoreInPlace: false,
  lastCopy: 'final-snapshot',
}

/** What AWS does with a kind of node: instances of RDS are made and changed, what surrounds them is read. */
export function capabilitiesOf(kind: string): KindCapabilities | undefined {
  if (kind === 'sql-instance') return sqlInstance
  if (!OTHER_KINDS.has(kind)) return undefined
  return { refType: kind, impact: {}, renamable: false, restoreInPlace: false, lastCopy: 'none' }
}
