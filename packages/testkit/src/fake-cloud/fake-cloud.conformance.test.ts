import { describe, it } from 'vitest'
import { virtualClock } from '../clock/virtual-clock.ts'
import { describeCloudProvider } from '../conformance/cloud-provider/describe-cloud-provider.ts'
import type { CloudProviderHarness } from '../conformance/cloud-provider/harness.ts'
import type { Sample } from '../conformance/cloud-provider/harness.ts'
import { fakeCloud } from './fake-cloud.ts'

const samples: readonly Sample[] = [
  {
    kind: 'sql-instance',
    properties: { tier: 'small', 'backup.retentionDays': 7 },
    change: { 'backup.retentionDays': 14, 'labels["team"]': 'core' },
    deferrable: { tier: 'large' },
    immutable: { 'encryption.atRest': true },
    protection: { deletionProtection: true },
    copies: true,
  },
  {
    kind: 'bucket',
    properties: { versioning: true },
    change: { versioning: false },
    immutable: { location: 'moon' },
    copies: false,
  },
  { kind: 'feature-flag', properties: { enabled: true }, change: { enabled: false }, copies: false },
]

for (const sample of samples) {
  describeCloudProvider(`fake cloud, ${sample.kind}`, async () => harnessOf(sample), { describe, it })
}

function harnessOf(sample: Sample): CloudProviderHarness {
  const clock = virtualClock({ start: '2026-03-02T12:00:00Z', autoAdvance: true })
  const { provider, target } = fakeCloud({ clock, pageSize: 2, latencyMs: [5, 50], operations: ['read', 'write'] })
  return {
    provider,
    target,
    sample,
    grants: { operations: ['read', 'write'], unknown: 'conquer' },
    moreThanAPage: 5,
    name: (hint) => `conformance-${hint}`,
    pause: (milliseconds) => clock.sleep(milliseconds),
    cleanup: async () => clock.autoAdvance(false),
  }
}
