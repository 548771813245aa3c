import { readFile } from 'node:fs/promises'
import { isLedgerError } from '@infraledger/core'
import type { Answer } from './answer.ts'
import { CommandError } from './command-error.ts'
import { commands } from './commands.ts'
import { helpFor, readInvocation } from './invocation.ts'
import { processIo } from './io.ts'
import type { Io } from './io.ts'
import { writeAnswer } from './output/write-answer.ts'
import { plain } from './output/text.ts'
import { openSession } from './session.ts'

/** How the process ends. */
export const EXIT = { done: 0, failed: 1, different: 2, wrongUsage: 64 } as const

/**
 * Runs one command line and answers with its exit code. On success stdout holds the answer (with `--json` one JSON document); on failure
 * it stays empty, and stderr says what happened (with `--json` as `{"error":{"code","message","details"}}`).
 */
export async function main(args: readonly string[], io: Io = processIo()): Promise<number> {
  try {
    const invocation = readInvocation(args, commands, await version(), io)
    if (invocation.type === 'help') {
      await io.stdout.write(`${invocation.text.trimEnd()}\n`)
      return EXIT.done
    }
    const { command, shared, ...call } = invocation
    const session = openSession(shared, io)
    try {
      const answer = await command.run(call, session)
      await writeAnswer(answer, io, shared.json)
      return exitCode(answer, call.options['detailedExitcode'] === true)
    } finally {
      await session.close()
    }
  } catch (error) {
    await io.stderr.write(
      args.includes('--json') ? `${JSON.stringify(errorDocument(error))}\n` : errorText(error, args),
    )
    return error instanceof CommandError && (error.code === 'usage-wrong' || error.code === 'environment-unclear')
      ? EXIT.wrongUsage
      : EXIT.failed
  }
}

function exitCode(answer: Answer, detailed: boolean): number {
  const outcome = answer.type === 'stream' ? answer.outcome?.() : answer.outcome
  if (outcome === undefined) return EXIT.done
  if (outcome === 'failed') return EXIT.failed
  return detailed ? EXIT.different : EXIT.done
}

function errorDocument(error: unknown): unknown {
  if (error instanceof CommandError || isLedgerError(error))
    return { error: { code: error.code, message: error.message, details: error.details } }
  return {
    error: { code: 'internal-error', message: error instanceof Error ? error.message : String(error), details: {} },
  }
}

function errorText(error: unknown, args: readonly string[]): string {
  if (error instanceof CommandError && error.code === 'usage-wrong')
    return `infraledger: ${error.message}\n"${helpFor(args, commands)}" shows examples.\n`
  if (error instanceof CommandError || isLedgerError(error))
    return `infraledger: ${error.message.split('\n').map(plain).join('\n')}\n`
  // Nothing that the library foresees: a defect, of which the place matters.
  return `infraledger: internal error; please report it\n${error instanceof Error ? error.stack : String(error)}\n`
}

async function version(): Promise<string> {
  // Typed by what every package.json has.
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return manifest.version
}
