internal import Brigade
internal import Machine
internal import S3Client
internal import S3Protocol

/// The plan of a job for this machine, and where its connections will lead.
struct MachinePlan {
    let plan: ConcurrencyPlan
    /// The addresses and ports of the hosts that the job uses; empty where a name could not be looked up.
    let remotes: [IPEndpoint]
    /// Where connections lead, as a person reads it.
    let destination: String

    /// Looks the hosts up, looks at the machine, and fits the job.
    ///
    /// A name that cannot be looked up is left to the job itself, which tries again and says what is wrong; the plan is
    /// then made without local ports.
    ///
    /// - Parameters:
    ///   - wish: How much is wanted at once.
    ///   - buckets: The buckets that the job uses: the one that it lists first, the one that it copies into last.
    ///   - configuration: How they are reached.
    /// - Throws: ``CommandFailure`` if the machine allows nothing at all.
    init(
        _ wish: ConcurrencyPlan.Wish,
        for buckets: [BucketName],
        with configuration: S3ClientConfiguration
    ) async throws {
        var hosts: [String: [IPEndpoint]] = [:]
        var usesTLS = configuration.endpoint?.scheme != .http
        for bucket in buckets where hosts[configuration.host(for: bucket)] == nil {
            let found = try? await configuration.addresses(for: bucket)
            usesTLS = found?.usesTLS ?? usesTLS
            hosts[configuration.host(for: bucket)] = found?.remotes ?? []
        }
        var wish = wish
        wish.sharesConnections = hosts.count == 1
        if hosts.count > 1, let source = buckets.first, let destination = buckets.last {
            wish.source = hosts[configuration.host(for: source)] ?? []
            wish.destination = hosts[configuration.host(for: destination)] ?? []
        }
        var remotes: [IPEndpoint] = []
        for (_, found) in hosts.sorted(by: { $0.key < $1.key }) {
            remotes += found.filter { !remotes.contains($0) }
        }
        let sources = configuration.sourceAddresses.compactMap { IPAddress($0) }
        let budget = ConnectionBudget(await .take(towards: remotes, from: sources), usesTLS: usesTLS)
        do {
            plan = try ConcurrencyPlan(wish, within: budget)
        } catch {
            throw CommandFailure.fatal(error.message)
        }
        self.remotes = remotes
        let names = hosts.keys.sorted().joined(separator: " and ")
        destination = remotes.count == 1 ? "\(remotes[0])" : "\(remotes.count) addresses of \(names)"
    }

    /// Tells of it on standard error.
    func tell() {
        StandardError.write("brigade: \(KeyText.escaped(PlanSentence(plan: plan, destination: destination).text))\n")
    }
}

extension EndpointAddresses {
    /// The addresses with the port, as the probes know them.
    var remotes: [IPEndpoint] {
        addresses.compactMap { IPAddress($0).map { IPEndpoint(address: $0, port: port) } }
    }
}
