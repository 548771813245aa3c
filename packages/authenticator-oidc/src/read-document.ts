import { isLedgerError } from '@infraledger/core/adapter'
import { unavailable } from './errors.ts'
import { OIDC_LIMITS } from './options.ts'
import type { CheckedOptions } from './options.ts'

/** Reads a JSON document of the issuer: bounded in time and size, and never from where a redirect leads. Throws `authenticator-unavailable`. */
export async function readDocument(url: string, { issuer, fetch, timeoutMs }: CheckedOptions): Promise<unknown> {
  const what = url.endsWith('/openid-configuration') ? 'its discovery document' : 'its key set'
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (response.status !== 200) throw unavailable(issuer, `${what} was answered with status ${response.status}`)
    return parsed(await boundedText(response, issuer, what), issuer, what)
  } catch (error) {
    if (isLedgerError(error)) throw error
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    throw unavailable(issuer, isLate ? `${what} took longer than ${timeoutMs} ms` : `${what} could not be fetched`)
  }
}

async function boundedText(response: Response, issuer: string, what: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > OIDC_LIMITS.documentBytes)
      throw unavailable(issuer, `${what} is larger than ${OIDC_LIMITS.documentBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parsed(text: string, issuer: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unavailable(issuer, `${what} is not JSON`)
  }
}
