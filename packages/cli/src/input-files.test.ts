import { describe, expect, it } from 'vitest'
import { commandLine, shop } from './command-line.fixture.ts'

const text = shop(1).replace('"web"', '"Zürich"')
const importing = ['import', 'terraform', 'one.tfstate', '--environment', 'prod', '--as', 'ada']

describe('what is read', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16, as Windows PowerShell redirects', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 of the other order', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('CLI 20: may be %s, and is the same content', async (_, bytes) => {
    const cli = await commandLine()
    await cli.write('one.tfstate', bytes)
    await cli.write('same.tfstate', text)
    expect(await cli.json(importing)).toMatchObject({ imports: [{ recorded: 2, importedBefore: false }] })
    expect(await cli.json(['import', 'terraform', 'same.tfstate', '--as', 'ada'])).toMatchObject({
      imports: [{ recorded: 0, importedBefore: true }],
    })
  })

  it.each([
    ['a saved plan', Buffer.from('PK\u0003\u0004 and so on'), 'it is a ZIP archive, such as a saved Terraform plan'],
    ['compressed', Buffer.from([0x1f, 0x8b, 8, 0]), 'it is compressed (gzip); unpack it first'],
    ['a ledger', Buffer.from('SQLite format 3\u0000'), 'it is a SQLite file, such as a ledger'],
    ['of another encoding', Buffer.from(text, 'latin1'), 'it is no text in UTF-8'],
  ])('CLI 20: that is %s is refused for what it is', async (_, bytes, problem) => {
    const cli = await commandLine()
    await cli.write('one.tfstate', bytes)
    const { code, stderr } = await cli.run(importing)
    expect(code).toBe(1)
    expect(stderr).toContain(`infraledger: one.tfstate cannot be read: ${problem}`)
  })
})
