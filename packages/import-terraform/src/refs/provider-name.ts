/** Names that differ from the last part of a provider's address. */
const NAMES: { readonly [provider: string]: string } = { google: 'gcp', 'google-beta': 'gcp' }

/** Providers of things that live in the state only: nothing of theirs exists anywhere that could be found again. */
const TOOL_SIDE = new Set([
  'archive',
  'cloudinit',
  'external',
  'http',
  'local',
  'null',
  'random',
  'template',
  'terraform',
  'time',
  'tls',
])

/**
 * The provider's name from its address in a state, which is `provider["registry.terraform.io/hashicorp/aws"]`, before 0.13
 * `provider.aws`, both with `module.…` before and `.alias` behind; from the resource type where there is none.
 */
export function providerName(address: string, resourceType: string): string {
  const source = /provider\["([^"]+)"\]/.exec(address)?.[1]
  const legacy = /(?:^|\.)provider\.\s*([^.\s]+)/.exec(address)?.[1]
  const local = source?.slice(source.lastIndexOf('/') + 1) ?? legacy ?? resourceType.split('_')[0] ?? resourceType
  return NAMES[local] ?? local
}

/** Whether a provider's things exist in the state only, so that they have no identity at a provider. */
export function isToolSide(provider: string): boolean {
  return TOOL_SIDE.has(provider)
}
