import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

const LOOPBACK = '127.0.0.1'

/** A port in front of another one, whose connections can be broken, and which can be shut and opened again. */
export type TcpGate = {
  readonly address: string
  readonly port: number
  /** Breaks every connection; new ones are let through. */
  cut(): void
  /** Breaks every connection and lets nobody in, until it is opened. */
  shut(): Promise<void>
  open(): Promise<void>
}

/** Opens a gate on a free port, or on the one that is named, and lets everything through to `targetPort`. */
export async function tcpGate(targetPort: number): Promise<TcpGate> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const target = connect(targetPort, LOOPBACK)
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  const listen = async (port: number): Promise<number> => {
    server.listen(port, LOOPBACK)
    await once(server, 'listening')
    // A server that listens on a TCP port has an address of this kind.
    return (server.address() as AddressInfo).port
  }
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  const port = await listen(0)
  return {
    address: LOOPBACK,
    port,
    cut,
    async shut() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
    },
    async open() {
      await listen(port)
    },
  }
}
