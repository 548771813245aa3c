import { systemClock } from '@infraledger/core'
import type { Clock } from '@infraledger/core'
import { CommandError } from './command-error.ts'

/** Where text goes. */
export type Sink = {
  /** Writes and waits until it is taken. False once nobody reads any more (`infraledger timeline | head`): there is no use in more. */
  readonly write: (text: string) => Promise<boolean>
  /** Width of the terminal; undefined where it is none. */
  readonly columns: number | undefined
  readonly colours: boolean
}

/** What the command line has of its surroundings; tests bring their own. */
export type Io = {
  readonly stdout: Sink
  readonly stderr: Sink
  /** All of standard input. */
  readonly readStdin: () => Promise<Uint8Array>
  /** Time, for what waits. */
  readonly clock: Clock
  /** Aborts when somebody wants the process to stop (SIGINT, SIGTERM); from the first call on, the signals do nothing else, once. */
  readonly interruption?: () => AbortSignal
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

/** The surroundings of this process. Colours are for terminals, and follow `NO_COLOR` and `TERM`. */
export function processIo(): Io {
  return {
    stdout: sink(process.stdout),
    stderr: sink(process.stderr),
    readStdin,
    clock: systemClock,
    interruption,
    env: process.env,
    cwd: process.cwd(),
  }
}

function interruption(): AbortSignal {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  return stopping.signal
}

/** What is taken from standard input at most, which may have no end. */
const STDIN_BYTES = 1024 * 1024 * 1024

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of process.stdin) {
    // Without an encoding, a stream gives buffers.
    chunks.push(chunk as Buffer)
    bytes += (chunk as Buffer).byteLength
    if (bytes > STDIN_BYTES)
      throw Object.assign(new Error('standard input is too large'), { code: 'ERR_FS_FILE_TOO_LARGE' })
  }
  return Buffer.concat(chunks)
}

function sink(stream: NodeJS.WriteStream): Sink {
  // Each write answers for itself below; without a listener, the same error would end the process.
  stream.on('error', () => undefined)
  return {
    columns: stream.isTTY ? stream.columns : undefined,
    colours: stream.isTTY && stream.hasColors(),
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          if (error === null || error === undefined) resolve(true)
          else if (isReaderGone(error)) resolve(false)
          else reject(new CommandError('output-failed', `the output could not be written: ${error.message}`, {}))
        })
      }),
  }
}

function isReaderGone(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED')
}
