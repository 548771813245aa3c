import { once } from 'node:events'
import { expect, it, vi } from 'vitest'
import { NETWORK_FILE_SYSTEM, warnOfNetworkFileSystem } from './network-file-system.ts'

it('warns of a file on a file system of another machine, and names it', async () => {
  const warned = once(process, 'warning')
  warnOfNetworkFileSystem('/mnt/shared/infra.db', 'sqlite:infra.db', () => 0x6969)
  const [warning] = await warned
  expect(warning).toMatchObject({ name: 'InfraledgerWarning', code: NETWORK_FILE_SYSTEM })
  expect(String(warning)).toContain('sqlite:infra.db lies on a network file system (NFS)')
  expect(String(warning)).not.toContain('/mnt/shared')
})

it.each([
  ['a local disk', 0xef53],
  ['a file system that cannot be asked', undefined],
])('says nothing of %s', (_, type) => {
  const emit = vi.spyOn(process, 'emitWarning')
  warnOfNetworkFileSystem('/var/lib/infra.db', 'sqlite:infra.db', () => type)
  expect(emit).not.toHaveBeenCalled()
  emit.mockRestore()
})
