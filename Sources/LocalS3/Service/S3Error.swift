/// An error as S3 answers it: a code that clients act on, a status, and a message for people.
///
/// Codes, statuses and messages are those of the S3 API reference, "Error responses".
struct S3Error: Error, Sendable {
    /// An element of the error document beside the four that every one has.
    struct Detail: Sendable {
        var name: String
        var value: [UInt8]

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = Array(value.utf8)
        }

        init(_ name: String, _ value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    var code: String
    var status: Int
    var message: String
    var details: [Detail] = []
    /// Headers of the answer beside the usual ones.
    var headers: [(name: String, value: String)] = []

    init(_ code: String, _ status: Int, _ message: String, _ details: [Detail] = []) {
        self.code = code
        self.status = status
        self.message = message
        self.details = details
    }
}

// MARK: Requests

extension S3Error {
    static let internalError = S3Error("InternalError", 500, "We encountered an internal error. Please try again.")
    static let slowDown = S3Error("SlowDown", 503, "Please reduce your request rate.")
    static let expiredToken = S3Error("ExpiredToken", 400, "The provided token has expired.")
    static let invalidURI = S3Error("InvalidURI", 400, "Couldn't parse the specified URI.")
    static let malformedXML = S3Error(
        "MalformedXML",
        400,
        "The XML you provided was not well-formed or did not validate against our published schema"
    )
    static let incompleteBody = S3Error(
        "IncompleteBody",
        400,
        "You did not provide the number of bytes specified by the Content-Length HTTP header"
    )
    static let missingContentLength = S3Error(
        "MissingContentLength",
        411,
        "You must provide the Content-Length HTTP header."
    )
    static let entityTooLarge = S3Error(
        "EntityTooLarge",
        400,
        "Your proposed upload exceeds the maximum allowed size"
    )
    static let badDigest = S3Error(
        "BadDigest",
        400,
        "The Content-MD5 you specified did not match what we received."
    )
    static let invalidDigest = S3Error("InvalidDigest", 400, "The Content-MD5 you specified was invalid.")

    static func badChecksum(_ algorithm: Checksum.Algorithm) -> S3Error {
        S3Error("BadDigest", 400, "The \(algorithm.documentName) you specified did not match the calculated checksum.")
    }

    /// Something that S3 has and this server has not; never passed over in silence.
    static func notImplemented(_ what: String) -> S3Error {
        S3Error(
            "NotImplemented",
            501,
            "A header or parameter you provided implies functionality that is not implemented",
            [Detail("Header", what)]
        )
    }

    static func methodNotAllowed(_ method: String) -> S3Error {
        S3Error(
            "MethodNotAllowed",
            405,
            "The specified method is not allowed against this resource.",
            [Detail("Method", method)]
        )
    }

    static func invalidRequest(_ message: String) -> S3Error { S3Error("InvalidRequest", 400, message) }

    static func invalidArgument(_ name: String, _ value: String, _ message: String) -> S3Error {
        S3Error(
            "InvalidArgument",
            400,
            message,
            [Detail("ArgumentName", name), Detail("ArgumentValue", value)]
        )
    }

    static func invalidTag(_ message: String) -> S3Error { S3Error("InvalidTag", 400, message) }
    static let tooManyTags = S3Error("BadRequest", 400, "Object tags cannot be greater than 10")

    static func metadataTooLarge(size: Int) -> S3Error {
        S3Error(
            "MetadataTooLarge",
            400,
            "Your metadata headers exceed the maximum allowed metadata size",
            [Detail("Size", String(size)), Detail("MaxSizeAllowed", String(ObjectAttributes.metadataLimit))]
        )
    }
}

// MARK: Access

extension S3Error {
    static let accessDenied = S3Error("AccessDenied", 403, "Access Denied")

    static func accessDenied(_ message: String, _ details: [Detail] = []) -> S3Error {
        S3Error("AccessDenied", 403, message, details)
    }

    static func invalidAccessKeyID(_ id: String) -> S3Error {
        S3Error(
            "InvalidAccessKeyId",
            403,
            "The AWS Access Key Id you provided does not exist in our records.",
            [Detail("AWSAccessKeyId", id)]
        )
    }

    static func authorizationHeaderMalformed(_ message: String) -> S3Error {
        S3Error("AuthorizationHeaderMalformed", 400, message)
    }

    static func wrongRegion(_ given: String, expected: String) -> S3Error {
        var error = S3Error(
            "AuthorizationHeaderMalformed",
            400,
            "The authorization header is malformed; the region '\(given)' is wrong; expecting '\(expected)'",
            [Detail("Region", expected)]
        )
        error.headers = [("x-amz-bucket-region", expected)]
        return error
    }

    static func authorizationQueryParametersError(_ message: String) -> S3Error {
        S3Error("AuthorizationQueryParametersError", 400, message)
    }

    static func requestTimeTooSkewed(_ sent: String, now: Timestamp, allowed: Int64) -> S3Error {
        S3Error(
            "RequestTimeTooSkewed",
            403,
            "The difference between the request time and the current time is too large.",
            [
                Detail("RequestTime", sent), Detail("ServerTime", now.iso8601),
                Detail("MaxAllowedSkewMilliseconds", String(allowed)),
            ]
        )
    }
}

// MARK: Buckets, objects, uploads

extension S3Error {
    static func noSuchBucket(_ name: String) -> S3Error {
        S3Error("NoSuchBucket", 404, "The specified bucket does not exist", [Detail("BucketName", name)])
    }

    static func invalidBucketName(_ name: String) -> S3Error {
        S3Error("InvalidBucketName", 400, "The specified bucket is not valid.", [Detail("BucketName", name)])
    }

    static func bucketAlreadyOwnedByYou(_ name: String) -> S3Error {
        S3Error(
            "BucketAlreadyOwnedByYou",
            409,
            "Your previous request to create the named bucket succeeded and you already own it.",
            [Detail("BucketName", name)]
        )
    }

    static func bucketNotEmpty(_ name: String) -> S3Error {
        S3Error("BucketNotEmpty", 409, "The bucket you tried to delete is not empty", [Detail("BucketName", name)])
    }

    static let invalidLocationConstraint = S3Error(
        "InvalidLocationConstraint",
        400,
        "The specified location-constraint is not valid"
    )

    static let accessControlListNotSupported = S3Error(
        "AccessControlListNotSupported",
        400,
        "The bucket does not allow ACLs"
    )

    static func noSuchKey(_ key: ObjectKey) -> S3Error {
        S3Error("NoSuchKey", 404, "The specified key does not exist.", [Detail("Key", key.bytes)])
    }

    static func keyTooLong(size: Int) -> S3Error {
        S3Error(
            "KeyTooLongError",
            400,
            "Your key is too long",
            [Detail("Size", String(size)), Detail("MaxSizeAllowed", String(ObjectKey.maximumLength))]
        )
    }

    static let noSuchVersion = S3Error("NoSuchVersion", 404, "The specified version does not exist.")

    static func invalidRange(_ header: String, size: Int) -> S3Error {
        var error = S3Error(
            "InvalidRange",
            416,
            "The requested range is not satisfiable",
            [Detail("RangeRequested", header), Detail("ActualObjectSize", String(size))]
        )
        error.headers = [("Content-Range", "bytes */\(size)")]
        return error
    }

    static let invalidPartNumber = S3Error(
        "InvalidPartNumber",
        416,
        "The requested partnumber is not satisfiable"
    )

    static func preconditionFailed(_ condition: String) -> S3Error {
        S3Error(
            "PreconditionFailed",
            412,
            "At least one of the pre-conditions you specified did not hold",
            [Detail("Condition", condition)]
        )
    }

    /// What a 304 comes from; it has no document.
    static let notModified = S3Error("NotModified", 304, "Not Modified")

    static func noSuchUpload(_ id: String) -> S3Error {
        S3Error(
            "NoSuchUpload",
            404,
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted "
                + "or completed.",
            [Detail("UploadId", id)]
        )
    }

    static let invalidPart = S3Error(
        "InvalidPart",
        400,
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the "
            + "specified entity tag may not match the part's entity tag."
    )

    static let invalidPartOrder = S3Error(
        "InvalidPartOrder",
        400,
        "The list of parts was not in ascending order. Parts must be ordered by part number."
    )

    static func entityTooSmall(size: Int, part: Int) -> S3Error {
        S3Error(
            "EntityTooSmall",
            400,
            "Your proposed upload is smaller than the minimum allowed size",
            [
                Detail("ProposedSize", String(size)), Detail("MinSizeAllowed", String(MultipartUpload.smallestPart)),
                Detail("PartNumber", String(part)),
            ]
        )
    }
}
