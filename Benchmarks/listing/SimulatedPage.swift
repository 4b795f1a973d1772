import SampleKeyspaces

/// The keys of one answer, each made when it is looked at.
struct SimulatedPage: RandomAccessCollection {
    let keyspace: any SampleKeyspace
    let startIndex: Int
    let endIndex: Int

    subscript(index: Int) -> ArraySlice<UInt8> { keyspace.key(at: index)[...] }
}
