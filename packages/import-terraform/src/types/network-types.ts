import type { TypeTranslation } from './type-translation.ts'

export const awsVpc: TypeTranslation = {
  kind: 'network',
  neutral: { cidr_block: { to: 'range', as: 'text' } },
  labels: ['tags_all', 'tags'],
}

export const awsSubnet: TypeTranslation = {
  kind: 'subnet',
  neutral: { cidr_block: { to: 'range', as: 'text' }, availability_zone: { to: 'zone', as: 'text' } },
  labels: ['tags_all', 'tags'],
}

/** Ranges belong to the subnetworks. */
export const googleComputeNetwork: TypeTranslation = { kind: 'network' }

/** Subnetworks span the zones of their region. */
export const googleComputeSubnetwork: TypeTranslation = {
  kind: 'subnet',
  neutral: { ip_cidr_range: { to: 'range', as: 'text' } },
}
