import { subscribe } from 'node:diagnostics_channel'
import { whenQuiet } from '../clock/quiescence.ts'

/** Turns of the event loop after the last answer, in which its body is read and understood. */
const TURNS_AFTER = 10

const underWay = new Set<unknown>()
let listening = false

/**
 * Resolves when nothing runs and no HTTP request of this process waits for its answer: the `settle` of a virtual clock whose cloud is
 * behind a socket. Call it once before the first request, so that it knows of them all.
 */
export async function whenSocketsQuiet(): Promise<void> {
  listen()
  for (let turn = 0; turn < TURNS_AFTER; turn += 1) {
    await whenQuiet()
    if (underWay.size > 0) turn = -1
  }
}

function listen(): void {
  if (listening) return
  listening = true
  subscribe('http.client.request.start', (message) => void underWay.add(requestOf(message)))
  subscribe('http.client.request.error', (message) => void underWay.delete(requestOf(message)))
  subscribe('http.client.response.finish', (message) => void underWay.delete(requestOf(message)))
}

function requestOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'request' in message ? message.request : undefined
}
