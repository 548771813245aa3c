/** Turns of the event loop in a row with nothing pending after which everything is taken to wait. */
const QUIET_TURNS = 2

/** Turns after which time moves on all the same: something polls the event loop for ever. */
const TURNS_AT_MOST = 10_000

let ownTurns = 0

/**
 * Resolves when everything that runs has come to wait: no callback of the event loop is due and no file is being read or written, for
 * two turns in a row. Node.js does not show what comes over sockets or from threads (compression, web crypto); where that matters, give
 * the clock a `settle` of your own.
 */
export async function whenQuiet(): Promise<void> {
  let quiet = 0
  for (let turn = 0; turn < TURNS_AT_MOST && quiet < QUIET_TURNS; turn += 1) {
    await nextTurn()
    quiet = somethingIsPending() ? 0 : quiet + 1
  }
}

function nextTurn(): Promise<void> {
  ownTurns += 1
  return new Promise((resolve) => {
    setImmediate(() => {
      ownTurns -= 1
      resolve()
    })
  })
}

function somethingIsPending(): boolean {
  const resources = process.getActiveResourcesInfo()
  if (resources.some((resource) => /^(FSReq|CloseReq)/.test(resource))) return true
  return resources.filter((resource) => resource === 'Immediate').length > ownTurns
}
