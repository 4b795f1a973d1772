internal import NIOCore
internal import NIOPosix
public import S3Protocol

extension S3ClientConfiguration {
    /// The host that requests for a bucket go to; buckets with the same host share connections.
    ///
    /// - Parameter bucket: The bucket; `nil` for requests that are for none.
    /// - Returns: A name, or an address without brackets.
    public func host(for bucket: BucketName?) -> String {
        target(for: bucket, in: region).host(for: bucket)
    }

    /// Looks up where requests for a bucket go, as a client with this configuration does; opens no connection.
    ///
    /// - Parameter bucket: The bucket; `nil` for requests that are for none.
    /// - Returns: The host with its addresses.
    /// - Throws: ``S3ClientError`` with the code `nameLookup`.
    public func addresses(for bucket: BucketName?) async throws(S3ClientError) -> EndpointAddresses {
        let origin = target(for: bucket, in: region).origin(for: bucket)
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let found = try await NIOThreadPool.singleton.runIfActive {
                try NameLookup.addresses(of: origin.host, port: origin.port)
            }
            return EndpointAddresses(
                host: origin.host,
                port: UInt16(clamping: origin.port),
                usesTLS: origin.usesTLS,
                addresses: found.compactMap(\.ipAddress),
                lookupTime: clock.now - start
            )
        } catch let error as S3ClientError {
            throw error
        } catch {
            throw S3ClientError(code: .nameLookup, message: "'\(origin.host)' cannot be looked up", cause: error)
        }
    }

    /// Where requests for a bucket go when it is in a region.
    func target(for bucket: BucketName?, in region: String) -> RequestTarget {
        let automatic: RequestTarget.Addressing =
            endpoint == nil && bucket?.fitsHostName == true ? .virtualHost : .path
        return RequestTarget(
            endpoint: endpoint ?? Endpoint.amazon(region: region),
            addressing: addressing ?? automatic,
            region: region
        )
    }
}
