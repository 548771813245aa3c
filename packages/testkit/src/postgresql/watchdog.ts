import { spawn } from 'node:child_process'

/**
 * The whole program of the watchdog: its standard input ends with the process that started it, however that ended. Then
 * the server, if it still runs, ends at once, and its folder goes.
 */
const PROGRAM = `
  const { readFileSync, rmSync } = require('node:fs')
  const [folder] = process.argv.slice(1)
  const signal = (name) => {
    try {
      return process.kill(Number.parseInt(readFileSync(folder + '/data/postmaster.pid', 'utf8'), 10), name)
    } catch {
      return false
    }
  }
  // What the server writes while it ends would be left behind, so it goes first.
  const remove = (tries) => {
    if (tries > 0 && signal(0)) setTimeout(remove, 50, tries - 1)
    else rmSync(folder, { recursive: true, force: true })
  }
  const end = () => {
    signal('SIGQUIT')
    remove(100)
  }
  process.stdin.on('end', end).resume()
`

/** Sees to it that a server and its folder do not outlive this process, even when that is killed. The answer calls it off. */
export function watchOver(folder: string): () => void {
  const watchdog = spawn(process.execPath, ['-e', PROGRAM, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watchdog.unref()
  if (watchdog.stdin !== null && 'unref' in watchdog.stdin && typeof watchdog.stdin.unref === 'function')
    watchdog.stdin.unref()
  return () => watchdog.kill()
}
