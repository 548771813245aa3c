import { textAt } from '../state/attributes.ts'
import type { Attributes } from '../state/attributes.ts'

/** The account (AWS account, Google project, Azure subscription) and region of a resource, as far as its attributes tell. */
export function accountAndRegion(
  provider: string,
  attributes: Attributes,
): { readonly account?: string; readonly region?: string } {
  const found = PROVIDERS[provider]?.(attributes) ?? {}
  return {
    ...(found.account === undefined || found.account === '' ? {} : { account: found.account }),
    ...(found.region === undefined || found.region === '' ? {} : { region: found.region }),
  }
}

type Place = { readonly account?: string | undefined; readonly region?: string | undefined }

const PROVIDERS: { readonly [provider: string]: (attributes: Attributes) => Place } = {
  // arn:partition:service:region:account:resource; global services leave the region out
  aws(attributes) {
    const arn = textAt(attributes, 'arn') ?? textAt(attributes, 'id') ?? ''
    const [scheme, , , region, account] = arn.split(':')
    const own = textAt(attributes, 'region')
    return scheme === 'arn' ? { account, region: region === '' ? own : region } : { region: own }
  },
  gcp(attributes) {
    const path = `${textAt(attributes, 'self_link') ?? ''} ${textAt(attributes, 'id') ?? ''}`
    const zone = textAt(attributes, 'zone')?.split('/').at(-1)
    return {
      account: textAt(attributes, 'project') ?? /projects\/([^/\s]+)/.exec(path)?.[1],
      // Some resources name their region by its self link.
      region: textAt(attributes, 'region')?.split('/').at(-1) ?? zone?.replace(/-[a-z]$/, ''),
    }
  },
  azurerm(attributes) {
    return {
      account: /^\/subscriptions\/([^/]+)/i.exec(textAt(attributes, 'id') ?? '')?.[1],
      region: textAt(attributes, 'location'),
    }
  },
}
