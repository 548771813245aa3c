import type { ApplicationModelInput } from '../../application/model-input.ts'
import type { NodeId } from '../../graph/ids.ts'
import type { Mistake } from './script/deploying.fixture.ts'

/** A model with a mistake of that kind in it. */
export function withMistake({ services, needs }: ApplicationModelInput, mistake: Mistake): ApplicationModelInput {
  switch (mistake) {
    case 'unknown-kind':
      return { services, needs: [...needs, 'buckett/receipts'] }
    case 'unknown-property':
      return { services, needs: [...needs, { node: 'cache/odd', properties: { teir: 'large' } }] }
    case 'wrong-value':
      return { services, needs: [...needs, { node: 'feature-flag/odd', properties: { rollout: 200 } }] }
    case 'cycle':
      return { services, needs: [...needs, need('network/a', 'network/b'), need('network/b', 'network/a')] }
    case 'long-cycle':
      return {
        services: [...services, { name: 'turning', uses: [{ need: 'network/a', operations: ['join'] }] }],
        needs: [
          ...needs,
          need('network/a', 'network/b'),
          need('network/b', 'network/c'),
          need('network/c', 'service/turning'),
        ],
      }
    case 'nameless':
      return { services, needs }
  }
}

function need(node: NodeId, other: NodeId): { readonly node: NodeId; readonly dependsOn: readonly NodeId[] } {
  return { node, dependsOn: [other] }
}
