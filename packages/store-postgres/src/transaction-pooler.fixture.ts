import { createServer, type Socket } from 'node:net'
import { Client } from 'pg'

/** A pooler that hands out a server's sessions for one transaction at a time, as PgBouncer does with `pool_mode = transaction`. */
export type TransactionPooler = {
  /** The connection string that leads through it; it takes any password. */
  readonly url: string
  /** Names of prepared statements, LISTEN and SET that came through: what no session keeps for its client. */
  readonly sessionState: string[]
  /** How often a client was given another session than the one before. */
  switches(): number
  close(): Promise<void>
}

type Session = { readonly socket: Socket; readonly end: () => Promise<void> }

/** Starts a pooler with so many sessions before the server of a connection string. */
export async function transactionPooler(target: string, sessions: number): Promise<TransactionPooler> {
  const opened = await Promise.all(Array.from({ length: sessions }, () => openSession(target)))
  const idle = [...opened]
  const waiting: ((session: Session) => void)[] = []
  const sessionState: string[] = []
  let switches = 0
  const take = async (): Promise<Session> => {
    // The one that was idle longest: never the same twice in a row where there is a choice.
    const session = idle.shift()
    return session ?? new Promise((resolve) => waiting.push(resolve))
  }
  const give = (session: Session): void => {
    const next = waiting.shift()
    if (next === undefined) idle.push(session)
    else next(session)
  }

  const server = createServer((client) => {
    let current: Promise<Session> | undefined
    let before: Session | undefined
    client.on('error', () => {})
    forEachMessage(client, true, (message) => {
      const type = String.fromCharCode(message[0] ?? 0)
      if (type === 'X') return
      if (type === '\0') {
        client.write(Buffer.concat([AUTHENTICATED, FOREIGN_KEY, READY]))
        return
      }
      noteSessionState(message, type, sessionState)
      current ??= take().then((session) => {
        if (before !== undefined && before !== session) switches += 1
        before = session
        const stop = forEachMessage(session.socket, false, (answer) => {
          client.write(answer)
          // Ready, and in no transaction: the session is somebody else's now.
          if (answer[0] !== 0x5a || answer[5] !== 0x49) return
          stop()
          current = undefined
          give(session)
        })
        return session
      })
      void current.then(({ socket }) => socket.write(message))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port')
  const url = new URL(target)
  url.port = String(address.port)
  return {
    url: url.href,
    sessionState,
    switches: () => switches,
    async close() {
      server.close()
      await Promise.all(opened.map(({ end }) => end()))
    },
  }
}

const AUTHENTICATED = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0])
/** BackendKeyData of a process and key that the pooler made up: clients cancel through it. */
const FOREIGN_KEY = Buffer.from([0x4b, 0, 0, 0, 12, 0x7f, 0, 0, 1, 1, 2, 3, 4])
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

/** Connects and logs in as pg does, and then takes the bare connection over. */
async function openSession(target: string): Promise<Session> {
  const client = new Client({ connectionString: target })
  client.on('error', () => {})
  await client.connect()
  // pg keeps its socket there, though its types do not say so.
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection
  stream.removeAllListeners('data')
  return { socket: stream, end: async () => void stream.destroy() }
}

/** Cuts a stream into messages; the first of a client has no type (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
function forEachMessage(socket: Socket, begins: boolean, handle: (message: Buffer) => void): () => void {
  let rest: Buffer = Buffer.alloc(0)
  let typed = begins ? 0 : 1
  const read = (data: Buffer): void => {
    rest = Buffer.concat([rest, data])
    while (rest.length >= 4 + typed) {
      const length = rest.readInt32BE(typed) + typed
      if (rest.length < length) return
      const message = rest.subarray(0, length)
      rest = rest.subarray(length)
      typed = 1
      handle(message)
    }
  }
  socket.on('data', read)
  return () => socket.off('data', read)
}

function noteSessionState(message: Buffer, type: string, sessionState: string[]): void {
  const text = message.toString('latin1', 5)
  const name = text.slice(0, text.indexOf('\0'))
  if (type === 'P' && name !== '') sessionState.push(`prepare ${name}`)
  if (/^\0?(listen|set|prepare) /i.test(text)) sessionState.push(text)
}
