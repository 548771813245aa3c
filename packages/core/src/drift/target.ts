import type { CloudTarget } from '../cloud/cloud-provider.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import { targetKey } from './state.ts'

/** Where a resource lives. What its ref leaves out is taken from the environment's first cloud of that provider. */
export function targetOf(ref: ProviderRef, clouds: readonly CloudTarget[]): CloudTarget {
  const home = clouds.find(({ provider }) => provider === ref.provider)
  return {
    provider: ref.provider,
    account: ref.account ?? home?.account ?? '',
    region: ref.region ?? home?.region ?? '',
  }
}

/** Whether a resource lives in one of these targets. */
export function livesIn(targets: readonly CloudTarget[], ref: ProviderRef, clouds: readonly CloudTarget[]): boolean {
  const key = targetKey(targetOf(ref, clouds))
  return targets.some((target) => targetKey(target) === key)
}

/** `aws/123456789012/eu-west-1`, for messages. */
export function describeTarget({ provider, account, region }: CloudTarget): string {
  return [provider, account, region].filter((part) => part !== '').join('/')
}
