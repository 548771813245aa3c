import { checker } from './checks.fixture.ts'
import { checkEnding } from './ending.fixture.ts'
import { play } from './play/play.fixture.ts'
import type { Judge } from './rules/judge.fixture.ts'
import type { Tape } from './rules/moment.fixture.ts'
import type { Script } from './script/script.fixture.ts'
import { stage } from './stage.fixture.ts'

/** What a script left behind. */
export type PlayedScript = { readonly tape: Tape; readonly judge: Judge }

/** Plays a script to its end, and holds every rule after each command. What breaks one is thrown with all that happened before. */
export async function playScript({ setup, commands }: Script): Promise<PlayedScript> {
  const set = await stage(setup)
  const checks = checker(set)
  const log = [JSON.stringify(setup)]
  try {
    await checks.check()
    for (const command of commands) {
      log.push(JSON.stringify(command))
      log.push(`  -> ${await play(set, command)}`)
      await checks.check()
    }
    log.push('the end')
    await checkEnding(set, checks)
    return set.witness
  } catch (error) {
    throw new Error(`after\n  ${log.join('\n  ')}\n${String(error)}`, { cause: error })
  } finally {
    for (const { kill } of set.processes) kill()
  }
}
