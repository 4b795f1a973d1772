/// Answers of ListObjectsV2: two in the form that a server is known to give, three as servers gave them.
///
/// Of the captured ones only the times are changed, to one moment.
enum ListPageSamples {
    /// The form of Amazon S3 in the API reference, URL-encoded, with a folder's own key and a large object.
    static let amazon = """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><Prefix></Prefix>\
        <NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken>\
        <KeyCount>5</KeyCount>\
        <MaxKeys>1000</MaxKeys><Delimiter>/</Delimiter><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
        <Contents><Key>a+b%2Bc%25/%C3%A9</Key><LastModified>2009-10-12T17:50:30.000Z</LastModified>\
        <ETag>&quot;fba9dede5f27731c9771645a39863328&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>\
        <ChecksumType>FULL_OBJECT</ChecksumType><Size>434234</Size><StorageClass>STANDARD</StorageClass></Contents>\
        <Contents><Key>folder/</Key><LastModified>2009-10-12T17:50:30.000Z</LastModified>\
        <ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><Size>0</Size><StorageClass>GLACIER</StorageClass>\
        <RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress></RestoreStatus></Contents>\
        <Contents><Key>big</Key><LastModified>2009-10-12T17:50:30.000Z</LastModified>\
        <ETag>&quot;9b2cf535f27731c974343645a3985328-8192&quot;</ETag><Size>53687091200</Size>\
        <StorageClass>STANDARD</StorageClass></Contents>\
        <CommonPrefixes><Prefix>photos+2006/</Prefix></CommonPrefixes>\
        <CommonPrefixes><Prefix>photos%2B2007/</Prefix></CommonPrefixes></ListBucketResult>
        """

    /// The form of MinIO: an owner in each object, quotes as references by number, keys as XML writes them.
    static let minio = """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><Prefix></Prefix>\
        <KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated><Contents>\
        <Key>a&amp;b&lt;c&gt;&#34;d&#39;</Key><LastModified>2024-01-02T03:04:05.678Z</LastModified>\
        <ETag>&#34;5d41402abc4b2a76b9719d911017c592&#34;</ETag><Size>5</Size>\
        <Owner><ID></ID><DisplayName></DisplayName></Owner>\
        <StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>
        """

    /// SeaweedFS 4.48: elements in another order, times to the second, a token that is a key.
    static let seaweedFS = """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\
        <Name>capture</Name><Prefix></Prefix><MaxKeys>2</MaxKeys><IsTruncated>true</IsTruncated>\
        <Contents><Key>a%20b%2Bc%25/%C3%A9</Key>\
        <ETag>&#34;5d41402abc4b2a76b9719d911017c592&#34;</ETag><Size>5</Size>\
        <StorageClass>STANDARD</StorageClass><LastModified>2026-11-23T22:24:02Z</LastModified></Contents>\
        <Contents><Key>folder/</Key>\
        <ETag>&#34;d41d8cd98f00b204e9800998ecf8427e&#34;</ETag><Size>0</Size>\
        <StorageClass>STANDARD</StorageClass><LastModified>2026-11-23T22:24:02Z</LastModified></Contents>\
        <NextContinuationToken>folder/</NextContinuationToken>\
        <EncodingType>url</EncodingType><KeyCount>2</KeyCount></ListBucketResult>
        """

    /// moto 5.2.5: ETags in plain quotes, and the last page of its listing.
    static let moto = """
        <?xml version="1.0" encoding="utf-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated>\
        <Contents><Key>a%20b%2Bc%25/%C3%A9</Key><LastModified>2026-11-23T22:24:02.000Z</LastModified>\
        <ETag>"5d41402abc4b2a76b9719d911017c592"</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm><Size>5</Size>\
        <StorageClass>STANDARD</StorageClass></Contents>\
        <Contents><Key>folder/</Key><LastModified>2026-11-23T22:24:02.000Z</LastModified>\
        <ETag>"d41d8cd98f00b204e9800998ecf8427e"</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm><Size>0</Size>\
        <StorageClass>STANDARD</StorageClass></Contents>\
        <Contents><Key>p/1</Key><LastModified>2026-11-23T22:24:02.000Z</LastModified>\
        <ETag>"5d41402abc4b2a76b9719d911017c592"</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm><Size>5</Size>\
        <StorageClass>STANDARD</StorageClass></Contents>\
        <Contents><Key>x%26y%3Cz%3E%22q%27</Key><LastModified>2026-11-23T22:24:02.000Z</LastModified>\
        <ETag>"5d41402abc4b2a76b9719d911017c592"</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm><Size>5</Size>\
        <StorageClass>STANDARD</StorageClass></Contents>\
        <Name>capture</Name><Prefix/><MaxKeys>1000</MaxKeys>\
        <EncodingType>url</EncodingType><KeyCount>4</KeyCount></ListBucketResult>
        """

    /// rclone 1.75's server: indented, ETags without quotes, common prefixes before the objects.
    static let rclone = """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
          <Name>capture</Name>
          <IsTruncated>true</IsTruncated>
          <Delimiter>/</Delimiter>
          <Prefix></Prefix>
          <MaxKeys>3</MaxKeys>
          <CommonPrefixes>
            <Prefix>a+b%2Bc%25/</Prefix>
          </CommonPrefixes>
          <CommonPrefixes>
            <Prefix>p/</Prefix>
          </CommonPrefixes>
          <Contents>
            <Key>folder</Key>
            <LastModified>2026-11-23T22:24:02.954Z</LastModified>
            <ETag>d41d8cd98f00b204e9800998ecf8427e</ETag>
            <Size>0</Size>
            <StorageClass>STANDARD</StorageClass>
          </Contents>
          <EncodingType>url</EncodingType>
          <KeyCount>3</KeyCount>
          <NextContinuationToken>cC8=</NextContinuationToken>
        </ListBucketResult>
        """

    static let all = [amazon, minio, seaweedFS, moto, rclone]
}
