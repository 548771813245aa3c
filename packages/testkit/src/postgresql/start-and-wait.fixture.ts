import { startPostgres } from './index.ts'

// A process that starts a server, says where it is, and waits to be killed.
const { url } = await startPostgres({ own: true, fsync: false })
process.stdout.write(`${url}\n`)
setInterval(() => {}, 60_000)
