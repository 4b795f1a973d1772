internal import Brigade
internal import Machine
internal import S3Client

/// Looks at the machine, and then at the service where one is named.
struct DoctorExamination {
    /// What to look at; `nil` for the machine alone, or the service without a bucket.
    let location: ObjectLocation?
    let settings: DoctorSettings
    /// What a job would ask for.
    let wish: ConcurrencyPlan.Wish

    /// Looks at everything, and goes on where something fails.
    ///
    /// - Returns: The report, and where connections lead as a heading names it.
    func run() async -> (report: DoctorReport, destination: String) {
        var endpoint: EndpointAddresses?
        var checks: [DoctorReport.Check] = []
        if isServiceNamed {
            let service = ServiceExamination(location: location, settings: settings)
            (endpoint, checks) = await service.run()
        }
        let remotes = endpoint?.remotes ?? []
        let sources = settings.configuration.sourceAddresses.compactMap { IPAddress($0) }
        var reading = await MachineReading.take(towards: remotes, from: sources)
        if remotes.isEmpty { reading.ways = Self.anyWay() }
        let destination =
            switch remotes.count {
            case 0: "each remote address and port"
            case 1: "\(remotes[0])"
            default: "the \(remotes.count) addresses of \(endpoint?.host ?? "the service")"
            }
        let budget = ConnectionBudget(reading, usesTLS: endpoint?.usesTLS ?? true)
        var plan: ConcurrencyPlan?
        let verdict: String
        do {
            let made = try ConcurrencyPlan(wish, within: budget)
            verdict = PlanSentence(plan: made, destination: destination).text
            plan = made
        } catch {
            verdict = "no job could begin: \(error.message)"
        }
        let advice = KernelAdvice()
        let report = DoctorReport(
            endpoint: isServiceNamed ? settings.configuration.shownEndpoint : nil,
            bucket: location?.description,
            addresses: endpoint?.addresses ?? [],
            plan: plan.map(PlanDocument.init),
            verdict: verdict,
            timeWait: advice.timeWait,
            settings: advice.entries,
            checks: checks
        )
        return (report, destination)
    }

    /// Whether there is a service to look at: Amazon S3 is not asked of a user who named no bucket.
    private var isServiceNamed: Bool { location != nil || settings.configuration.endpoint != nil }

    /// What one remote address and port would have, to which there is no connection yet.
    private static func anyWay() -> Result<[MachineReading.Way], MachineError> {
        do throws(MachineError) {
            let survey = try SocketSurvey.read()
            let nowhere = IPAddress(ipv4: 0)
            return .success([
                .init(
                    remote: IPEndpoint(address: nowhere, port: 0),
                    source: nowhere,
                    available: survey.availablePorts ?? 0,
                    used: 0,
                    timeWait: 0
                )
            ])
        } catch {
            return .failure(error)
        }
    }
}

extension S3ClientConfiguration {
    /// The service's URL as a person reads it.
    fileprivate var shownEndpoint: String {
        endpoint.map { "\($0)" } ?? "Amazon S3 in \(region)"
    }
}
