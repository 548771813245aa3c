import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Beside } from './comparison.ts'
import type { Contender } from './contender.ts'
import type { Sizes, Work } from './works.ts'

/** The peers, by the names of their files in `benchmarks/peers`, and what they are called in a table. */
export const PEERS = {
  'emmett-memory': 'Emmett 0.42.0, in memory',
  'emmett-sqlite': 'Emmett 0.42.4 (emmett-sqlite)',
  'emmett-postgres': 'Emmett 0.42.0 (emmett-postgresql)',
  'castore-memory': 'Castore 2.4.2, in memory',
  'castore-postgres': 'Castore 2.4.2 (postgres)',
  'act-memory': 'Act 1.31.26, in memory',
  'act-sqlite': 'Act 1.31.26 (act-sqlite 1.19.4)',
  'act-postgres': 'Act 0.5.6 (act-pg 0.4.6)',
} as const

export type Peer = keyof typeof PEERS

/** Whether the peers are installed: `npm run bench:peers` does that, in a folder that is no workspace. */
export function peersInstalled(): boolean {
  return existsSync(new URL('../../peers/node_modules', import.meta.url))
}

/** A line that asks a peer's process for a work, and a line that it answers. */
export type PeerRequest = { readonly work: Work; readonly round: number }
export type PeerAnswer = { readonly milliseconds: number } | { readonly error: string }

/** Starts peers, each in a process of its own; none where they are not installed. */
export function startPeers(
  peers: readonly Peer[],
  locationOf: (peer: Peer) => string,
  sizes: Sizes,
): readonly Beside[] {
  if (!peersInstalled()) return []
  return peers.map((peer) => ({ kind: 'peer', ...startPeer(peer, locationOf(peer), sizes) }))
}

/** Starts a peer. `location` is where it keeps its events: a file, a connection string. */
function startPeer(peer: Peer, location: string, sizes: Sizes): Contender {
  const entry = fileURLToPath(new URL('./peer-process.ts', import.meta.url))
  const child = spawn(process.execPath, ['--expose-gc', entry, peer, location, JSON.stringify(sizes)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Outside of tests, Act's store in memory waits 100 ms in each call.
    env: { ...process.env, NODE_ENV: 'test' },
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    name: PEERS[peer],
    async run(work, round) {
      const request: PeerRequest = { work, round }
      child.stdin.write(`${JSON.stringify(request)}\n`)
      const { value: line } = await lines.next()
      // The process is ours, and writes what `PeerAnswer` says.
      const answer: PeerAnswer = line === undefined ? { error: 'its process has ended' } : JSON.parse(line)
      if ('error' in answer) throw new Error(`${PEERS[peer]}, ${work}: ${answer.error}`)
      return answer.milliseconds
    },
    async close() {
      child.stdin.end()
      await exited
    },
  }
}
