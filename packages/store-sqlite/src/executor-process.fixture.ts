/** A process that runs deployments on a file until it is told to stop, on the cloud of the one that started it: `file leaseMs [moment to suspend itself at]`. */
import { openLedger } from '@infraledger/core'
import { remoteCloud } from './cloud-over-ipc.fixture.ts'
import { sqliteEventStore } from './sqlite-event-store.ts'

const [, , file = '', leaseMs = '1000', suspended = 'never'] = process.argv
const cloud = await remoteCloud(suspended)
const ledger = openLedger({ store: sqliteEventStore({ file, pollIntervalMs: 10 }), clouds: [cloud] })
const executor = ledger.runDeployments({ leaseMs: Number(leaseMs), concurrency: 3 })
process.on('message', (message) => {
  if (message === 'stop') void executor.stop().finally(() => process.disconnect())
})
process.send?.('ready')
await executor.stopped
await ledger.close()
