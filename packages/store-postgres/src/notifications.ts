import { setTimeout as sleep } from 'node:timers/promises'
import { isDirect, send } from './connection.ts'
import type { Connections, Listener } from './connections.ts'
import { quoted } from './schema-name.ts'

/** Tells other processes of appends. */
export type Announcer = {
  /** There was an append. */
  readonly announce: () => void
  readonly stop: () => void
}

/** No more often than this, so that announcing costs appends nothing that could be measured. */
const ANNOUNCEMENT_GAP_MS = 50

/**
 * Sends NOTIFY after commits, never inside them: at commit, PostgreSQL takes a lock for notifications that is held until
 * the commit is on the disk and is one for all databases of the server, so that all who notify commit one after the
 * other (`PreCommit_Notify` in src/backend/commands/async.c). On its own it writes nothing to the disk. An announcement
 * that is lost is made up for by polling.
 */
export function announcer(connections: Connections, channel: string): Announcer {
  let timer: NodeJS.Timeout | undefined
  let pending = false

  const later = (): void => {
    timer = undefined
    if (pending) announce()
  }
  const notify = async (): Promise<void> => {
    const connection = await connections.acquire(ANNOUNCEMENT_GAP_MS)
    try {
      await connection.query({ text: `select pg_notify($1, '')`, values: [channel] })
    } finally {
      connection.release()
    }
  }
  function announce(): void {
    if (!connections.announces) return
    pending = timer !== undefined
    if (pending) return
    timer = setTimeout(later, ANNOUNCEMENT_GAP_MS).unref()
    notify().catch(() => {})
  }

  return {
    announce,
    stop() {
      clearTimeout(timer)
    },
  }
}

/** Hears announcements while it is on. */
export type Listening = { readonly start: () => void; readonly stop: () => void }

const RECONNECT_MS = 1_000
const ANSWER_MS = 5_000

/**
 * Listens on a connection of its own while it is on, and connects again when that is lost. Behind a pooler nothing would
 * be heard, so nothing is listened to.
 */
export function listening(connect: () => Promise<Listener>, channel: string, heard: () => void): Listening {
  let on = new AbortController()
  on.abort()

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const how = await listen(connect, channel, { heard, signal }).catch(() => 'lost')
      if (how === 'pooler') return
      await sleep(RECONNECT_MS, undefined, { signal, ref: false }).catch(() => {})
    }
  }
  return {
    start() {
      if (!on.signal.aborted) return
      on = new AbortController()
      void run(on.signal)
    },
    stop() {
      on.abort()
    },
  }
}

type Hearing = { readonly heard: () => void; readonly signal: AbortSignal }

/** Listens until the connection is lost or the signal aborts. */
async function listen(
  connect: () => Promise<Listener>,
  channel: string,
  { heard, signal }: Hearing,
): Promise<'lost' | 'pooler'> {
  const { client, end } = await connect()
  const over = new Promise<void>((resolve) => {
    client.on('error', () => resolve())
    signal.addEventListener('abort', () => resolve())
    if (signal.aborted) resolve()
  })
  try {
    if (!(await isDirect(client, ANSWER_MS))) return 'pooler'
    client.on('notification', heard)
    await send(client, { text: `listen ${quoted(channel)}` }, ANSWER_MS)
    // What was announced between the last look and now.
    heard()
    await over
    return 'lost'
  } finally {
    await end().catch(() => {})
  }
}
