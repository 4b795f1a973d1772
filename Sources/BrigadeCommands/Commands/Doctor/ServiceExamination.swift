internal import Brigade
internal import S3Client
internal import S3Protocol

/// Tries a service from the lookup of its name on, as far as that leads.
struct ServiceExamination {
    typealias Check = DoctorReport.Check

    /// The bucket to try; `nil` for the service alone.
    let location: ObjectLocation?
    let settings: DoctorSettings

    /// Of many addresses, so many are connected to.
    private static let addressesTried = 8
    /// A certificate that ends in fewer days is worth a notice.
    private static let daysOfCertificate = 14
    /// The difference of the clocks that S3 accepts, in seconds (API reference, `RequestTimeTooSkewed`).
    private static let skewAccepted = 900

    /// Tries everything, each part only where what it stands on works.
    ///
    /// - Returns: Where requests go, if the name could be looked up, and what was found.
    func run() async -> (EndpointAddresses?, [Check]) {
        var checks: [Check] = []
        let endpoint: EndpointAddresses
        do throws(S3ClientError) {
            endpoint = try await settings.configuration.addresses(for: location?.bucket)
        } catch {
            checks.append(Check(name: "name", state: .problem, finding: error.description))
            return (nil, checks + untried(after: "name"))
        }
        checks.append(
            Check(
                name: "name",
                state: .ok,
                finding: endpoint.addresses == [endpoint.host]
                    ? "\(endpoint.host) is an address"
                    : "\(endpoint.host) has \(endpoint.addresses.joined(separator: ", ")), looked up in "
                        + endpoint.lookupTime.shown,
                milliseconds: endpoint.lookupTime.milliseconds
            )
        )
        let contact = await connect(to: endpoint, &checks)
        guard let contact else { return (endpoint, checks + untried(after: "connection")) }
        checks += [tls(contact, of: endpoint), clock(contact)]
        guard let location else { return (endpoint, checks) }
        checks.append(credentials)
        checks += await BucketExamination(location: location, settings: settings).run()
        return (endpoint, checks)
    }

    /// Connects to each address once.
    ///
    /// - Returns: What the first address showed that can be used.
    private func connect(to endpoint: EndpointAddresses, _ checks: inout [Check]) async -> EndpointContact? {
        var first: EndpointContact?
        var found: [Check] = []
        for address in endpoint.addresses.prefix(Self.addressesTried) {
            do throws(S3ClientError) {
                let contact = try await settings.configuration.contact(address, of: endpoint)
                let speaks = contact.server.map { ", \($0)" } ?? ""
                found.append(
                    Check(
                        name: "connection",
                        state: .ok,
                        finding: "\(address) connects in \(contact.connect.shown) and answers in "
                            + "\(contact.answer.shown) (HTTP \(contact.status)\(speaks))",
                        milliseconds: contact.connect.milliseconds
                    )
                )
                first = first ?? contact
            } catch {
                found.append(Check(name: "connection", state: .problem, finding: error.description))
            }
        }
        // A job sets an address aside that does not answer, as long as another one does.
        if first != nil { found = found.map { $0.state == .problem ? $0.with(.notice) : $0 } }
        checks += found
        let untried = endpoint.addresses.count - Self.addressesTried
        if untried > 0 {
            let finding = "\(Quantity.count(untried)) more of the addresses were not tried"
            checks.append(Check(name: "connection", state: .skipped, finding: finding))
        }
        return first
    }

    private func tls(_ contact: EndpointContact, of endpoint: EndpointAddresses) -> Check {
        guard let tls = contact.tls else {
            return Check(name: "TLS", state: .notice, finding: "none: requests and answers can be read on their way")
        }
        var finding = "\(tls.version), set up in \(tls.handshake.shown)"
        var state = Check.State.ok
        if let expires = tls.certificateExpires {
            let days = (expires.secondsSinceEpoch - contact.localTime.secondsSinceEpoch) / 86_400
            let date = expires.calendar
            let month = date.month < 10 ? "0\(date.month)" : "\(date.month)"
            let day = date.day < 10 ? "0\(date.day)" : "\(date.day)"
            finding += "; the certificate ends on \(date.year)-\(month)-\(day), in \(Quantity.counted(days, "day"))"
            if days < Self.daysOfCertificate { state = .notice }
        }
        if settings.configuration.trust == .anything {
            finding += "; the certificate was not checked (--no-verify-ssl)"
            state = .notice
        }
        return Check(name: "TLS", state: state, finding: finding, milliseconds: tls.handshake.milliseconds)
    }

    private func clock(_ contact: EndpointContact) -> Check {
        guard let time = contact.serverTime else {
            return Check(name: "clock", state: .notice, finding: "the server does not tell its time")
        }
        let seconds = contact.localTime.secondsSinceEpoch - time.secondsSinceEpoch
        let milliseconds = Double(seconds) * 1000
        guard seconds.magnitude > Self.skewAccepted else {
            let finding =
                seconds.magnitude <= 1
                ? "agrees with the server's to the second"
                : "\(Quantity.counted(Int(seconds.magnitude), "second")) \(seconds > 0 ? "ahead of" : "behind") the server's"
            return Check(name: "clock", state: .ok, finding: finding, milliseconds: milliseconds)
        }
        let shown = Quantity.duration(.seconds(Int(seconds.magnitude)))
        return Check(
            name: "clock",
            state: .notice,
            finding: "\(shown) \(seconds > 0 ? "ahead of" : "behind") the server's, more than S3 accepts; "
                + "brigade signs for the server's time then, other tools fail: set it right",
            milliseconds: milliseconds
        )
    }

    /// Where the credentials come from; none of them is shown.
    private var credentials: Check {
        if let failure = settings.credentialsFailure {
            return Check(name: "credentials", state: .problem, finding: failure.description)
        }
        guard let credentials = settings.settings.credentials else {
            let finding = "none (--no-sign-request); S3 copies nothing for unsigned requests"
            return Check(name: "credentials", state: .notice, finding: finding)
        }
        let kind = credentials.sessionToken == nil ? "an access key" : "a temporary access key with its session token"
        let origin = settings.settings.origin(of: .credentials)
        return Check(name: "credentials", state: .ok, finding: "\(kind) from \(origin)")
    }

    /// What comes after something that failed: the credentials can be told of, the rest was not tried.
    private func untried(after name: String) -> [Check] {
        func skipped(_ name: String) -> Check { Check(name: name, state: .skipped, finding: "not tried") }
        let rest = ["name", "connection", "TLS", "clock"].drop { $0 != name }.dropFirst().map(skipped)
        return location == nil ? rest : rest + [credentials] + BucketExamination.names.map(skipped)
    }
}

extension DoctorReport.Check {
    /// The same in another state.
    fileprivate func with(_ state: State) -> Self {
        var check = self
        check.state = state
        return check
    }
}

extension Duration {
    /// The time in milliseconds, to the microsecond.
    var milliseconds: Double { (self / .microseconds(1)).rounded() / 1000 }

    /// `0.31 ms`, `12.4 ms`.
    fileprivate var shown: String { "\(Quantity.fixed(milliseconds, milliseconds < 10 ? 2 : 1)) ms" }
}
