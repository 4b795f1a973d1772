/// Answers of ListObjectsV2 in the forms that servers give them.
enum ListPageSamples {
    /// Amazon S3: the API reference's example, URL-encoded, with a folder's own key and a large object.
    static let amazon = """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><Prefix></Prefix>\
        <NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken><KeyCount>5</KeyCount>\
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

    /// MinIO's form: an owner in each object, ETags in quotes that are references by number, keys as XML writes them.
    static let minio = """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><Prefix></Prefix>\
        <KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated><Contents>\
        <Key>a&amp;b&lt;c&gt;&#34;d&#39;</Key><LastModified>2024-01-02T03:04:05.678Z</LastModified>\
        <ETag>&#34;5d41402abc4b2a76b9719d911017c592&#34;</ETag><Size>5</Size><Owner><ID></ID><DisplayName></DisplayName></Owner>\
        <StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>
        """

    /// SeaweedFS's form: elements in another order, ETags without quotes or none, times to the second.
    static let seaweedFS = """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name><Prefix></Prefix>\
        <MaxKeys>2</MaxKeys><Delimiter></Delimiter><IsTruncated>true</IsTruncated>\
        <Contents><Key>x/y</Key><ETag>900150983cd24fb0d6963f7d28e17f72</ETag><Size>3</Size><Owner><ID>1</ID></Owner>\
        <StorageClass>STANDARD</StorageClass><LastModified>2024-01-02T03:04:05Z</LastModified></Contents>\
        <Contents><Key>z/</Key><ETag>-</ETag><Size>0</Size><StorageClass>STANDARD</StorageClass>\
        <LastModified>2024-01-02T03:04:05Z</LastModified></Contents>\
        <EncodingType>url</EncodingType><NextContinuationToken>z/</NextContinuationToken><KeyCount>2</KeyCount></ListBucketResult>
        """

    /// moto's form, indented, of a bucket with nothing in it.
    static let moto = """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
          <Name>bucket</Name>
          <Prefix></Prefix>
          <MaxKeys>1000</MaxKeys>
          <KeyCount>0</KeyCount>
          <IsTruncated>false</IsTruncated>
          <EncodingType>url</EncodingType>
        </ListBucketResult>

        """

    static let all = [amazon, minio, seaweedFS, moto]
}
