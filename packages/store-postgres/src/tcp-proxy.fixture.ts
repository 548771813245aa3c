import { connect, createServer, type Socket } from 'node:net'

/** After so many further bytes of one side, the connection that they belong to is cut in two. */
export type Cut = { readonly side: 'client' | 'server'; readonly bytes: number }

/** Stands between a store and its server, counts what is sent and cuts connections. */
export type TcpProxy = {
  /** The connection string that leads through it. */
  readonly url: string
  /** Cuts the next connection that is used; counts from now on. */
  arm(cut: Cut | undefined): void
  /** Bytes that a side sent since `arm`. */
  sent(side: Cut['side']): number
  /** Ends all connections and refuses new ones, or lets them through again. */
  block(blocked: boolean): void
  /** Lets nothing more through on the connections there are, which stay open: a server that vanished without a word. */
  freeze(): void
  close(): Promise<void>
}

/** Starts a proxy before the server of a connection string. */
export async function tcpProxy(target: string): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const counts = { client: 0, server: 0 }
  let armed: Cut | undefined
  let blocked = false
  let frozen = new WeakSet<Socket>()

  const pass = (side: Cut['side'], from: Socket, to: Socket): void => {
    from.on('data', (data: Buffer) => {
      if (frozen.has(from)) return
      const left = armed?.side === side ? armed.bytes - counts[side] : Infinity
      counts[side] += data.length
      if (data.length < left) {
        to.write(data)
        return
      }
      armed = undefined
      to.end(data.subarray(0, left), () => to.destroy())
      from.destroy()
    })
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
  }
  const server = createServer((client) => {
    if (blocked) {
      client.destroy()
      return
    }
    const { hostname, port } = new URL(target)
    const upstream = connect(Number(port), hostname)
    for (const socket of [client, upstream]) sockets.add(socket.setNoDelay())
    pass('client', client, upstream)
    pass('server', upstream, client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port')
  const url = new URL(target)
  url.port = String(address.port)

  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return {
    url: url.href,
    arm(cut) {
      armed = cut
      counts.client = 0
      counts.server = 0
    },
    sent: (side) => counts[side],
    block(block) {
      blocked = block
      if (block) cutAll()
    },
    freeze() {
      frozen = new WeakSet(sockets)
    },
    async close() {
      cutAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
