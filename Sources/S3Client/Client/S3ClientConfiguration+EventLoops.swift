internal import NIOPosix

extension S3ClientConfiguration {
    /// An event loop's `epoll`, `eventfd` and `timerfd`.
    private static let descriptorsOfLoop = 3

    /// Starts event loops.
    ///
    /// NIO ends the process where there are no descriptors for one, so it is tried beforehand.
    ///
    /// - Throws: ``S3ClientError`` with the code `connect`, and what the kernel said as its cause.
    func eventLoops(_ count: Int) throws(S3ClientError) -> MultiThreadedEventLoopGroup {
        if let errno = DescriptorReserve(Self.descriptorsOfLoop * count).restore() {
            let explanation = diagnose(SystemRefusal(errno: errno)).map { ": \($0)" } ?? ""
            throw S3ClientError(
                code: .connect,
                message: "no connection can be opened, since an event loop needs \(Self.descriptorsOfLoop) descriptors"
                    + explanation,
                cause: errno
            )
        }
        return MultiThreadedEventLoopGroup(numberOfThreads: count)
    }
}
