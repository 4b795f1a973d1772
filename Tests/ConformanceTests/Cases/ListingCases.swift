import Brigade
import S3Client
import S3Protocol
import Testing

extension ConformanceCase {
    static let listings: [ConformanceCase] = [
        ConformanceCase("an empty bucket has one empty page") { stage in
            let page = try await stage.client.listObjects(stage.bucket)
            #expect(page.isEmpty && !page.isTruncated && page.commonPrefixes.isEmpty)
        },
        ConformanceCase("a listing tells sizes and ETags in the order of the keys' bytes") { stage in
            let names = ["b", "Z", "é", "~", "a/b", "a-b", "a0", "\u{FF5E}", "\u{1F600}"]
            for name in names {
                try await stage.client.putObject(stage.bucket, ObjectKey(name), body: Array(name.utf8))
            }
            let page = try await stage.client.listObjects(stage.bucket)
            #expect(page.map(\.key) == stage.listingOrder(names.map { ObjectKey($0) }))
            for object in page {
                #expect(object.size == object.key.bytes.count)
                #expect(Array(object.etag) == md5(Array(object.key.bytes)))
            }
        },
        ConformanceCase("a prefix is bytes, not a folder") { stage in
            try await stage.put(["photos-old/1", "photosynthesis", "photos/1", "photo", "a/photos"])
            let found = try await stage.client.listObjects(stage.bucket, prefix: Array("photos".utf8)).map(\.key)
            #expect(found == stage.listingOrder(["photos-old/1", "photos/1", "photosynthesis"].map { ObjectKey($0) }))
            #expect(try await stage.list(prefix: "photos/") == ["photos/1"])
            #expect(try await stage.list(prefix: "none") == [])
        },
        ConformanceCase("start-after is exclusive, and need not be a key") { stage in
            try await stage.put(["a", "b", "c/d", "e"])
            for (start, names) in [
                ("a", ["b", "c/d", "e"]), ("bb", ["c/d", "e"]), ("c/d", ["e"]), ("e", []),
                (" ", ["a", "b", "c/d", "e"]),
            ] {
                #expect(try await stage.list(startAfter: start) == names, "after '\(start)'")
            }
        },
        ConformanceCase("pages follow each other by their tokens, with nothing lost and nothing twice") { stage in
            let names = (0..<50).map { "key \($0)+%\($0 % 7)/x" }
            try await stage.put(names)
            var found: [String] = []
            var token: [UInt8]?
            var pages = 0
            repeat {
                let page = try await stage.client.listObjects(stage.bucket, continuationToken: token, maximumKeys: 7)
                #expect(page.count <= 7)
                #expect(page.isTruncated == (page.nextContinuationToken != nil))
                found += page.map { String($0.key.bytes) }
                token = page.nextContinuationToken
                pages += 1
            } while token != nil && pages < 60
            #expect(found == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            #expect(pages >= 8)
        },
        ConformanceCase("many fetchers list what one lists, each key once") { stage in
            let years = (2020..<2026).flatMap { year in (1..<10).map { "photos/\(year)-0\($0)/\($0 * 37).jpg" } }
            let names =
                years + (0..<60).map { "numbers/\($0)" } + ["numbers-old/1", "numbers.txt", "photos/2023/x y+z", "é/ü"]
            try await stage.put(names)
            let serial = try await stage.listAll(fetchers: 1)
            #expect(serial.keys == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            for fetchers in [2, 8] {
                let parallel = try await stage.listAll(fetchers: fetchers)
                #expect(parallel.keys == serial.keys)
                // Where the order does not allow it, that is noticed.
                #expect(parallel.summary.isInByteOrder != stage.quirks.listsByFolder)
                #expect(parallel.summary.isComplete)
            }
        },
        ConformanceCase("many fetchers list a bucket without folders in ranges") { stage in
            let names = (0..<160).map { "object-\($0 * 7919 % 1000)" }
            try await stage.put(names)
            let parallel = try await stage.listAll(fetchers: 8)
            #expect(parallel.keys == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
            #expect(parallel.summary.isComplete && parallel.summary.isInByteOrder)
            #expect(parallel.summary.client.connections.highestOpen > 1)
        },
        ConformanceCase("a delimiter rolls keys up") { stage in
            try await stage.put(["a/1", "a/2", "b", "c d/1/2", "c d/3"])
            let top = try await stage.client.listObjects(stage.bucket, delimiter: [UInt8(ascii: "/")])
            #expect(top.map { String($0.key.bytes) } == ["b"])
            #expect(top.commonPrefixes.map { String($0.bytes) } == ["a/", "c d/"])
            let below = try await stage.client.listObjects(
                stage.bucket,
                prefix: Array("c d/".utf8),
                delimiter: [UInt8(ascii: "/")]
            )
            #expect(below.map { String($0.key.bytes) } == ["c d/3"])
            #expect(below.commonPrefixes.map { String($0.bytes) } == ["c d/1/"])
        },
    ]
}

extension Stage {
    /// Puts objects of one byte.
    fileprivate func put(_ names: [String]) async throws {
        for name in names { try await client.putObject(bucket, ObjectKey(name), body: [0x78]) }
    }

    /// All keys in byte order, as a run with so many fetchers and pages of 10 finds them.
    fileprivate func listAll(fetchers: Int) async throws -> (keys: [String], summary: ListSummary) {
        var job = ListJob(ObjectLocation(bucket: bucket))
        job.fetchers = fetchers
        job.pageSize = 10
        let listed = Listed()
        // A client of its own, which has no connections yet
        let summary = try await withClient({ _ in }) { client in
            try await ListRun(job, client: client).run { listed.add($0) }
        }
        return (listed.keys.map { String(decoding: $0, as: UTF8.self) }, summary)
    }

    /// The keys of one page.
    fileprivate func list(prefix: String = "", startAfter: String? = nil) async throws -> [String] {
        try await client.listObjects(bucket, prefix: Array(prefix.utf8), startAfter: startAfter.map(ObjectKey.init))
            .map { String($0.key.bytes) }
    }
}
