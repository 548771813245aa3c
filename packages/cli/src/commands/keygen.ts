import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { keyFingerprint } from '@infraledger/core'
import { parseText } from '../arguments.ts'
import { argument, defineCommand } from '../command.ts'
import { CommandError } from '../command-error.ts'
import { plain } from '../output/text.ts'

export const keygen = defineCommand({
  name: 'keygen',
  group: 'Take out',
  summary: 'A pair of keys to sign checkpoints with',
  description:
    'Writes <name>.pem, the private key, which only its owner may read, and <name>.pub.pem, the public one, for whoever verifies. "openssl genpkey ' +
    '-algorithm ed25519" makes as good ones. An existing file is never replaced.',
  arguments: { name: argument('what the files are called', parseText) },
  options: {},
  examples: [
    ['infraledger keygen checkpoints', 'checkpoints.pem signs, checkpoints.pub.pem verifies'],
    ['infraledger checkpoint --sign checkpoints.pem --out newest.json', 'a checkpoint that is signed with it'],
  ],
  async run({ arguments: { name } }, { io }) {
    const pair = generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })
    const [privateFile, publicFile] = [`${name}.pem`, `${name}.pub.pem`]
    await writeNew(privateFile, pair.privateKey, io.cwd, 0o600)
    await writeNew(publicFile, pair.publicKey, io.cwd, 0o644)
    const fingerprint = keyFingerprint(pair.publicKey)
    return {
      type: 'document',
      value: { privateKey: privateFile, publicKey: publicFile, fingerprint },
      text: () =>
        `Wrote ${plain(privateFile)} (keep it where checkpoints are signed, and nowhere else) and ${plain(publicFile)}.\nThe key is ${fingerprint}.`,
    }
  },
})

async function writeNew(file: string, text: string, cwd: string, mode: number): Promise<void> {
  try {
    await writeFile(resolve(cwd, file), text, { mode, flag: 'wx' })
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    const problem = isThere ? 'it is there already, and keys are not replaced' : 'check the permissions of its folder'
    throw new CommandError('output-failed', `${file} could not be written: ${problem}`, { file })
  }
}
