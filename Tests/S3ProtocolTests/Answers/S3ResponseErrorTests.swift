import Testing

@testable import S3Protocol

@Suite("Errors that S3 answers with")
struct S3ResponseErrorTests {
    private func read(
        _ status: Int,
        _ body: String = "",
        fields: [(String, String)] = [],
        operation: S3Operation = .copyObject
    ) -> S3ResponseError? {
        S3ResponseError(
            operation: operation,
            head: ResponseHead(status: status, fields: fields),
            body: Array(body.utf8)
        )
    }

    @Test("an error document is read whole")
    func document() throws {
        let error = try #require(
            read(
                404,
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <Error><Code>NoSuchKey</Code><Message>The resource you requested does not exist</Message>\
                <Resource>/mybucket/myfoto.jpg</Resource><RequestId>4442587FB7D0A2F9</RequestId></Error>
                """,
                fields: [("Date", "Sun, 06 Nov 1994 08:49:37 GMT")]
            )
        )
        #expect(error.code == "NoSuchKey")
        #expect(error.requestID == "4442587FB7D0A2F9")
        #expect(error.region == nil)
        #expect(error.serverTime?.secondsSinceEpoch == 784_111_777)
        #expect(
            error.description
                == "CopyObject: NoSuchKey: The resource you requested does not exist (HTTP 404, request 4442587FB7D0A2F9)"
        )
    }

    @Test("the region comes from the field, or from the document where there is none")
    func region() {
        let malformed = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>"
        #expect(read(400, malformed)?.region == "eu-west-1")
        #expect(read(400, malformed, fields: [("x-amz-bucket-region", "eu-west-2")])?.region == "eu-west-2")
        #expect(read(301, fields: [("X-Amz-Bucket-Region", "eu-west-3")])?.region == "eu-west-3")
    }

    @Test(
        "a status without a document has a code of the same meaning",
        arguments: [
            (301, "PermanentRedirect"), (307, "PermanentRedirect"), (400, "BadRequest"), (401, "AccessDenied"),
            (403, "AccessDenied"), (404, "NoSuchKey"), (408, "RequestTimeout"), (409, "Conflict"),
            (412, "PreconditionFailed"),
            (429, "TooManyRequests"), (500, "InternalError"), (503, "ServiceUnavailable"), (418, "HTTP418"),
        ]
    )
    func statuses(status: Int, code: String) {
        #expect(read(status)?.code == code)
        #expect(read(status, " \n")?.code == code, "white space is no document")
    }

    @Test("a 404 without a document is about the key where a key was asked for")
    func notFound() {
        #expect(read(404, operation: .headObject)?.code == "NoSuchKey")
        #expect(read(404, operation: .getObject)?.code == "NoSuchKey")
        #expect(read(404, operation: .headBucket)?.code == "NoSuchBucket")
    }

    @Test(
        "a body that is no error document is not S3's",
        arguments: ["<html/>", "Bad Gateway", "<Error><Code>x</Code>", "{}"]
    )
    func notS3(body: String) {
        #expect(read(404, body) == nil)
    }

    @Test("a proxy that says \"later\" is heard whatever it writes", arguments: [408, 429, 500, 502, 503, 504])
    func proxies(status: Int) {
        let error = read(status, "<html>later</html>")
        #expect(error?.isRetryable == true)
        #expect(error?.isThrottling == (status == 429 || status == 503))
    }

    @Test("an error document without a code keeps the status's")
    func noCode() {
        #expect(read(500, "<Error><Message>m</Message></Error>")?.code == "InternalError")
        #expect(read(403, "<Error/>")?.code == "AccessDenied")
    }

    @Test(
        "what may be sent again, and more slowly",
        arguments: [
            (503, "SlowDown", "throttled"), (200, "SlowDown", "throttled"), (503, "ServiceUnavailable", "throttled"),
            (503, "XYZ", "throttled"), (429, "XYZ", "throttled"), (400, "RequestLimitExceeded", "throttled"),
            (400, "ThrottlingException", "throttled"), (403, "RequestThrottled", "throttled"),
            (509, "BandwidthLimitExceeded", "throttled"),
            (500, "InternalError", "transient"), (200, "InternalError", "transient"), (500, "XYZ", "transient"),
            (502, "XYZ", "transient"), (504, "XYZ", "transient"), (400, "RequestTimeout", "transient"),
            (409, "OperationAborted", "transient"), (409, "ConditionalRequestConflict", "transient"),
            (400, "IncompleteBody", "transient"), (400, "BadDigest", "transient"),
            (501, "NotImplemented", "permanent"), (501, "XYZ", "permanent"), (500, "NotImplemented", "permanent"),
            (403, "AccessDenied", "permanent"), (404, "NoSuchKey", "permanent"),
            (412, "PreconditionFailed", "permanent"),
            (400, "InvalidRequest", "permanent"), (409, "BucketAlreadyExists", "permanent"),
            (403, "RequestTimeTooSkewed", "permanent"), (200, "XYZ", "permanent"),
            (403, "InvalidObjectState", "permanent"),
        ]
    )
    func classes(status: Int, code: String, expected: String) {
        let error = S3ResponseError(operation: .copyObject, status: status, code: code)
        let found = error.isThrottling ? "throttled" : error.isRetryable ? "transient" : "permanent"
        #expect(found == expected)
        #expect(error.isRetryable == (expected != "permanent"))
    }
}
