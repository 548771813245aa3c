/** A store of Emmett, of any of its packages, as the comparison uses it; `readAll` differs between them. */
export function emmettStore(store, readAll, { append = (work) => work(), close = async () => {} } = {}) {
  return {
    async append(stream, events, at) {
      // At the start of a stream no version is expected: "must not exist" is not checked by every store of Emmett.
      const options = at === 0 ? undefined : { expectedStreamVersion: BigInt(at) }
      await append(() => store.appendToStream(stream, [...events], options))
    },
    async read(stream, apply) {
      for (const { data } of (await store.readStream(stream)).events) apply({ data })
    },
    readAll,
    close,
  }
}
