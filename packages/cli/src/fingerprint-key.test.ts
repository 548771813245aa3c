import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { fingerprintKey } from './fingerprint-key.ts'

it('CLI 6: of two first imports at the same moment, one makes the key and both use it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'infraledger-key-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const ledger = join(folder, 'infra.db')
  const [one, other] = [await fingerprintKey(ledger, {}), await fingerprintKey(ledger, {})]
  const [kept, theirs] = [await one.keep(), await other.keep()]
  expect(kept.made).toBe(`${ledger}.key`)
  expect(theirs.made).toBeUndefined()
  expect(theirs.fingerprint('secret')).toEqual(kept.fingerprint('secret'))
  expect(other.fingerprint('secret')).not.toEqual(kept.fingerprint('secret'))
  expect(readdirSync(folder)).toEqual(['infra.db.key'])
})
