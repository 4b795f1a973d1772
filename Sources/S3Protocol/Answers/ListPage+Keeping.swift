extension ListPage {
    /// The page with some of its objects left out; what else it tells stays, and its memory is shared.
    ///
    /// - Parameter isKept: Tells for each place, in ascending order, whether its object stays.
    /// - Returns: The page of those that stay.
    public func keeping(_ isKept: (Int) -> Bool) -> ListPage {
        ListPage(
            storage: storage,
            entries: entries.indices.filter(isKept).map { entries[$0] },
            storageClasses: storageClasses,
            commonPrefixes: commonPrefixes,
            isTruncated: isTruncated,
            nextContinuationToken: nextContinuationToken
        )
    }
}
