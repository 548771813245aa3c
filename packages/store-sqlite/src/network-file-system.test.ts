import { expect, it, vi } from 'vitest'
import { NETWORK_FILE_SYSTEM, warnOfNetworkFileSystem } from './network-file-system.ts'

it('warns of a file on a file system of another machine, and names it', () => {
  const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  warnOfNetworkFileSystem('/mnt/shared/infra.db', 'sqlite:infra.db', () => 0x6969)
  expect(emit).toHaveBeenCalledExactlyOnceWith(
    expect.stringContaining('sqlite:infra.db lies on a network file system (NFS)'),
    { type: 'InfraledgerWarning', code: NETWORK_FILE_SYSTEM },
  )
  expect(JSON.stringify(emit.mock.calls)).not.toContain('/mnt/shared')
  emit.mockRestore()
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
