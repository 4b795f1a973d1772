internal import ArgumentParser
internal import Brigade

/// How much a copy does at once, and for how long it finishes what is under way.
struct PaceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Copies under way at once: a number, 1 to 65536, or auto (the default), which begins with few and has as "
                + "many as are of use, 256 at most. Either way fewer are, while the service is overloaded.",
            valueName: "auto|n"
        )
    )
    var concurrency: ConcurrencyArgument?

    @Option(
        name: .customLong("max-bandwidth"),
        help: ArgumentHelp(
            "The most bytes of objects that are begun to be copied each second: a number, with K, M or G for powers of "
                + "1,024. An object goes whole.",
            valueName: "bytes"
        )
    )
    var maxBandwidth: BandwidthArgument?

    @Option(
        help: ArgumentHelp(
            "Pages of the listing asked for at once, 1 to 1024, 16 by default; 1 lists serially.",
            valueName: "n"
        )
    )
    var fetchers: Int?

    @Option(
        name: .customLong("stop-within"),
        help: ArgumentHelp("How long copies under way may take after a signal, as 30s.", valueName: "time")
    )
    var stopWithin: DurationArgument?

    @OptionGroup var limits: LimitOptions
    @OptionGroup var requestRate: RequestRateOptions

    func validate() throws {
        guard stopWithin.map({ $0.duration >= .zero }) ?? true else {
            throw ValidationError("--stop-within takes a time that is not below zero.")
        }
    }

    /// These options, with what they leave out taken from others.
    func completed(by others: PaceOptions) -> PaceOptions {
        var options = self
        options.concurrency = concurrency ?? others.concurrency
        options.maxBandwidth = maxBandwidth ?? others.maxBandwidth
        options.fetchers = fetchers ?? others.fetchers
        options.stopWithin = stopWithin ?? others.stopWithin
        options.limits.maximumConnections = limits.maximumConnections ?? others.limits.maximumConnections
        options.requestRate.maximum = requestRate.maximum ?? others.requestRate.maximum
        return options
    }

    /// Sets what a job takes of it.
    func apply(to job: inout CopyJob) {
        let concurrency = concurrency ?? .auto
        job.concurrency = concurrency.most
        job.adaptsConcurrency = concurrency.adapts
        job.maximumBytesPerSecond = maxBandwidth?.bytesPerSecond
        job.fetchers = fetchers ?? 16
        if let stopWithin { job.stopGrace = stopWithin.duration }
    }
}
