import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'

/** File systems of other machines by the `f_type` that Linux gives them (statfs(2), linux/magic.h). */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff_53_4d_42, 'CIFS'],
  [0xfe_53_4d_42, 'SMB'],
  [0x53_46_41_4f, 'AFS'],
  [0x00_c3_64_00, 'Ceph'],
  [0x01_02_19_97, '9P'],
])

/** The code of the warning. */
export const NETWORK_FILE_SYSTEM = 'LEDGER_ON_NETWORK_FILE_SYSTEM'

/**
 * Warns when a file lies on another machine: the processes of a write-ahead log share memory, so all of them have to be
 * on one machine (https://sqlite.org/wal.html), and locks over a network are often broken
 * (https://sqlite.org/howtocorrupt.html, 2.1). A warning and no refusal, for one process alone may do well there.
 */
export function warnOfNetworkFileSystem(file: string, store: string, typeOf = typeOfFolder): void {
  const system = NETWORK_FILE_SYSTEMS.get(typeOf(dirname(file)) ?? 0)
  if (system === undefined) return
  const problem = `${store} lies on a network file system (${system}), where a second machine that opens it may damage it.`
  process.emitWarning(`${problem} Put it on a local disk, or use a store with a server.`, {
    type: 'InfraledgerWarning',
    code: NETWORK_FILE_SYSTEM,
  })
}

/** Undefined where it cannot be asked, which must not be in the way of opening. */
function typeOfFolder(folder: string): number | undefined {
  try {
    return statfsSync(folder).type
  } catch {
    return undefined
  }
}
