#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(`infraledger: needs Node 22.13 or newer, this is ${process.versions.node}\n`)
  process.exitCode = 1
} else {
  // Node 22 calls its SQLite experimental on stderr, which belongs to our own messages.
  const warn = process.emitWarning.bind(process)
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).startsWith('SQLite is an experimental feature')) warn(warning, ...rest)
  }
  const { main } = await import('@infraledger/cli')
  process.exitCode = await main(process.argv.slice(2))
}
