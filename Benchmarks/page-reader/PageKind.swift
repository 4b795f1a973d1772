/// A kind of listing page: how a server writes it, and what its keys are like.
struct PageKind {
    /// The keys of a page; S3 gives no more.
    static let count = 1_000

    let name: String
    /// The whole document.
    let document: [UInt8]

    /// Every kind that is measured.
    static let all = [
        amazon("AWS, short keys", key: shortKey),
        amazon(
            "AWS, checksums",
            fields: "<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>"
                + "<ChecksumType>FULL_OBJECT</ChecksumType>",
            key: shortKey
        ),
        amazon(
            "AWS, owners",
            owner: "<Owner><ID>75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a</ID>"
                + "<DisplayName>owner+display+name</DisplayName></Owner>",
            key: shortKey
        ),
        amazon("AWS, long keys", key: longKey),
        amazon("AWS, many escapes", key: escapedKey),
        seaweedFS,
        localS3,
        indented,
    ]

    // MARK: Keys, as they stand in a page with `encoding-type=url`

    private static func number(_ index: Int, _ width: Int) -> String {
        let digits = String(index)
        return String(repeating: "0", count: width - digits.count) + digits
    }

    /// 30 bytes, as of a log.
    private static func shortKey(_ index: Int) -> String { "logs/2026/11/23/part-\(number(index, 6)).gz" }

    /// 200 bytes with a few escapes.
    private static func longKey(_ index: Int) -> String {
        "warehouse/events/region%3Deu-central-1/year%3D2026/month%3D11/day%3D23/"
            + "part-\(number(index, 6))-7f9c24e8-3b5a-4f7e-9d21-64f1c0b7a9e3.c000.snappy.parquet/"
            + "attempt+20261123224402/output+of+the+second+stage/\(number(index, 12))"
    }

    /// 100 characters outside ASCII: 300 bytes, 900 as they are encoded.
    private static func escapedKey(_ index: Int) -> String {
        String(repeating: "%E4%B8%AD%E6%96%87", count: 50) + number(index, 6)
    }

    // MARK: Pages, as the servers write them

    private static func page(_ name: String, head: String, tail: String = "", object: (Int) -> String) -> PageKind {
        var text =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + head
        for index in 0..<count { text += object(index) }
        return PageKind(name: name, document: Array((text + tail + "</ListBucketResult>").utf8))
    }

    private static func etag(_ index: Int) -> String { "d41d8cd98f00b204e9800998\(number(index, 8))" }

    private static func amazon(
        _ name: String,
        fields: String = "",
        owner: String = "",
        key: (Int) -> String
    ) -> PageKind {
        page(
            name,
            head: "<Name>bucket</Name><Prefix></Prefix><NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4v"
                + "bOwM=</NextContinuationToken><KeyCount>1000</KeyCount><MaxKeys>1000</MaxKeys>"
                + "<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
        ) { index in
            "<Contents><Key>\(key(index))</Key><LastModified>2026-11-23T22:24:\(number(index % 60, 2)).000Z</LastModified>"
                + "<ETag>&quot;\(etag(index))&quot;</ETag>\(fields)<Size>\(index * 7_919)</Size>\(owner)"
                + "<StorageClass>STANDARD</StorageClass></Contents>"
        }
    }

    /// SeaweedFS 4.48: quotes as references by number, times to the second, the encoding told behind the keys.
    private static let seaweedFS = page(
        "SeaweedFS",
        head: "<Name>bucket</Name><Prefix></Prefix><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>",
        tail: "<EncodingType>url</EncodingType><KeyCount>1000</KeyCount>"
    ) { index in
        "<Contents><Key>\(shortKey(index))</Key><ETag>&#34;\(etag(index))&#34;</ETag><Size>\(index * 7_919)</Size>"
            + "<StorageClass>STANDARD</StorageClass><LastModified>2026-11-23T22:24:\(number(index % 60, 2))Z"
            + "</LastModified></Contents>"
    }

    /// The embedded server of `brigade serve`, whose objects have a checksum.
    private static let localS3 = page(
        "LocalS3",
        head: "<Name>bucket</Name><Prefix></Prefix><MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType>"
            + "<IsTruncated>false</IsTruncated><KeyCount>1000</KeyCount>"
    ) { index in
        "<Contents><Key>\(shortKey(index))</Key><LastModified>2026-11-23T22:24:\(number(index % 60, 2)).000Z"
            + "</LastModified><ETag>&quot;\(etag(index))&quot;</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm>"
            + "<ChecksumType>FULL_OBJECT</ChecksumType><Size>\(index * 7_919)</Size>"
            + "<StorageClass>STANDARD</StorageClass></Contents>"
    }

    /// The form of rclone 1.75's server: a line for every element, indented, ETags without quotes.
    private static let indented = page(
        "indented, a line each",
        head: "\n  <Name>bucket</Name>\n  <IsTruncated>false</IsTruncated>\n  <Prefix></Prefix>\n",
        tail: "  <EncodingType>url</EncodingType>\n  <KeyCount>1000</KeyCount>\n"
    ) { index in
        "  <Contents>\n    <Key>\(shortKey(index))</Key>\n"
            + "    <LastModified>2026-11-23T22:24:\(number(index % 60, 2)).954Z</LastModified>\n"
            + "    <ETag>\(etag(index))</ETag>\n    <Size>\(index * 7_919)</Size>\n"
            + "    <StorageClass>STANDARD</StorageClass>\n  </Contents>\n"
    }
}
