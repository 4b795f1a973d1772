import ArgumentParser
import Machine

/// The command `gauge sockets`.
struct SocketsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sockets",
        abstract: "Shows the TCP sockets by state and by remote address, and the local ports that are left.",
        discussion: """
            Connections count as incoming where a socket listens on their local port, and as outgoing otherwise. \
            "ports left" is how many more connections can be opened to that remote address and port from that local \
            address: the ports of the range, less those that are reserved, listened on or bound, and less one for each \
            connection that is there already, in time-wait too. Sockets in time-wait belong to no process, so --pid and \
            --name never select them.
            """
    )

    @Option(help: ArgumentHelp("Only sockets of this process.", valueName: "number"))
    var pid: Int32?

    @Option(help: "Only sockets of the processes whose executable, script or kernel name this is.")
    var name: String?

    @Option(help: ArgumentHelp("Only connections to this address, or address:port.", valueName: "address"))
    var remote: SocketFilter.Remote?

    @Option(help: "Only sockets in this state; may be given several times.")
    var state: [StateArgument] = []

    @Option(help: "How many remote addresses, and sockets of a process, to list at most.")
    var top = 20

    @Option(help: "How to write the sockets.")
    var format = OutputFormat.table

    func validate() throws {
        if let pid, pid < 1 { throw ValidationError("A process number is at least 1.") }
        if pid != nil, name != nil { throw ValidationError("Give --pid or --name, not both.") }
        if top < 1 { throw ValidationError("--top is at least 1.") }
    }

    func run() throws {
        var survey = SocketsSurvey(filter: SocketFilter(remote: remote, states: Set(state.map(\.state))))
        if let pid { survey.subject = .process(pid) }
        if let name { survey.subject = .named(name) }
        let report = survey.report()
        switch format {
        case .table: try StandardOutput.write(SocketsTable(report, top: top).text)
        case .json: try StandardOutput.write(try SocketsDocument(report, top: top).json() + "\n")
        }
        var standardError = StandardError()
        for failure in report.failures { print("gauge: \(failure)", to: &standardError) }
        if !report.failures.isEmpty { throw GaugeExitCode.probeFailed }
    }
}

extension SocketFilter.Remote: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}

/// A state as an argument.
struct StateArgument: ExpressibleByArgument {
    var state: TCPState

    init?(argument: String) {
        guard let state = TCPState(name: argument) else { return nil }
        self.state = state
    }

    static var allValueStrings: [String] { TCPState.allCases.map(\.description) }
}
