import { createHash } from 'node:crypto'
import type { NodeId } from '../graph/ids.ts'
import { kindCatalogue } from '../graph/kind-catalogue.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import type { Kind } from '../graph/kind.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import { canonicalJson } from '../json.ts'
import { rejectionError } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { compareIds } from './declaration.ts'
import type { Declaration } from './declaration.ts'
import { checkDeclarations } from './declaration-rules.ts'
import { declarationsOf } from './declarations.ts'
import { invalidModel, MODEL_LIMITS, parseModelInput } from './model-input.ts'
import type { ApplicationModelInput } from './model-input.ts'
import type { Model } from './state.ts'

/** Models that passed, with the kinds that they were checked against: a model is immutable, so once is enough. */
const checked = new WeakMap<Model, KindCatalogue>()

/**
 * Builds an application model: what a commit declares. Checked whole, so that a mistake shows where the model is made; a plain
 * object of the same shape may be given wherever a model is taken. `kinds` are a team's own, beside the standard ones, or a catalogue.
 *
 * Throws `input-invalid` (with path and problem), `kind-unknown`, `property-unknown`, `property-invalid`, `property-not-changeable`,
 * `need-not-found`, `node-not-found`, and `cycle-found`.
 *
 * @example
 * const model = applicationModel({
 *   commit: 'a1b2c3',
 *   services: [{ name: 'checkout', image: 'checkout:42', uses: [{ need: 'sql-database/orders', operations: ['read', 'write'] }] }],
 *   needs: ['sql-database/orders'],
 * })
 */
export function applicationModel(
  input: ApplicationModelInput,
  kinds: KindCatalogue | readonly Kind[] = STANDARD,
): Model {
  const model = readModel(
    input,
    'find' in kinds && 'names' in kinds ? kinds : kindCatalogue([...standardKinds, ...kinds]),
  )
  if ('code' in model) throw rejectionError(model)
  return model
}

const STANDARD = kindCatalogue(standardKinds)

/** Reads what a caller gave as a model: one that was built, or plain data. Answers the model or what is wrong with it. */
export function readModel(input: unknown, kinds: KindCatalogue): Model | Rejection {
  if (!isModel(input)) {
    const parsed = parseModelInput(input)
    if ('code' in parsed) return parsed
    const declarations = declarationsOf(parsed)
    return 'code' in declarations ? declarations : buildModel(declarations, parsed.commit ?? '', kinds)
  }
  return checked.get(input) === kinds ? input : buildModel([...input.declarations.values()], input.commit, kinds)
}

function isModel(input: unknown): input is Model {
  return typeof input === 'object' && input !== null && 'declarations' in input && input.declarations instanceof Map
}

function buildModel(unordered: readonly Declaration[], commit: string, kinds: KindCatalogue): Model | Rejection {
  const ordered = unordered.toSorted((a, b) => compareIds(a.node, b.node))
  const declarations = new Map<NodeId, Declaration>(ordered.map((declaration) => [declaration.node, declaration]))
  const problem = checkDeclarations(declarations, kinds)
  if (problem !== undefined) return problem
  const digest = modelDigest(ordered)
  if (typeof digest !== 'string') return digest
  const model = { digest, commit, declarations }
  checked.set(model, kinds)
  return model
}

/** SHA-256 over the canonical JSON of the ordered declarations. The commit is no part of it: what is declared is, not when. */
function modelDigest(ordered: readonly Declaration[]): string | Rejection {
  const hash = createHash('sha256')
  let separator = '['
  for (const declaration of ordered) {
    const text = canonicalDeclaration(declaration)
    const bytes = text.length * 3 > MODEL_LIMITS.declarationBytes ? Buffer.byteLength(text) : 0
    if (bytes > MODEL_LIMITS.declarationBytes) {
      const problem = `is ${bytes} bytes; one declaration holds at most ${MODEL_LIMITS.declarationBytes}`
      return invalidModel([{ path: declaration.node, problem }])
    }
    hash.update(separator).update(text)
    separator = ','
  }
  return hash.update(ordered.length === 0 ? '[]' : ']').digest('hex')
}

/** The canonical JSON of a declaration, quicker than the general one: its keys are known. */
function canonicalDeclaration({ node, properties, dependsOn, uses }: Declaration): string {
  const used = uses.map(
    ({ need, operations }) => `{"need":${JSON.stringify(need)},"operations":${JSON.stringify(operations)}}`,
  )
  return `{"dependsOn":${JSON.stringify(dependsOn)},"node":${JSON.stringify(node)},"properties":${canonicalJson(properties)},"uses":[${used.join(',')}]}`
}
