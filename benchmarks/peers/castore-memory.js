import { InMemoryEventStorageAdapter } from '@castore/event-storage-adapter-in-memory'
import { castoreStore } from './castore-store.js'

export async function open() {
  return castoreStore(new InMemoryEventStorageAdapter())
}
