public import Machine

extension MachineReading {
    /// Looks at this machine now, and raises the soft limit on descriptors to the hard one first.
    ///
    /// What Swift's runtime will have open in any case is opened before, so that it is counted, and there when it is
    /// needed (``RuntimeDescriptors``).
    ///
    /// - Parameters:
    ///   - remotes: The addresses and ports that connections will lead to.
    ///   - sources: The local addresses that they will leave from; empty for those that the kernel chooses.
    ///   - files: Where the kernel's files are.
    /// - Returns: What there is to know.
    public static func take(
        towards remotes: [IPEndpoint],
        from sources: [IPAddress] = [],
        in files: KernelFiles = KernelFiles()
    ) async -> MachineReading {
        // A limit that cannot be raised is still a limit that can be kept.
        _ = try? DescriptorLimit.raise()
        await RuntimeDescriptors.open()
        return MachineReading(
            descriptorLimit: attempt { () throws(MachineError) in try DescriptorLimit.current() },
            descriptorsInUse: attempt { () throws(MachineError) in try DescriptorUse.count(in: files) },
            system: attempt { () throws(MachineError) in try SystemDescriptors.read(in: files) },
            ways: attempt { () throws(MachineError) in try ways(to: remotes, from: sources, in: files) },
            memory: attempt { () throws(MachineError) in try SystemMemory.read(in: files) },
            controlGroups: attempt { () throws(MachineError) in try ControlGroupLimits.read(in: files) },
            tracking: attempt { () throws(MachineError) in try ConnectionTracking.read(in: files) }
        )
    }

    private static func attempt<Value>(
        _ probe: () throws(MachineError) -> Value
    ) -> Result<Value, MachineError> {
        do throws(MachineError) {
            return .success(try probe())
        } catch {
            return .failure(error)
        }
    }

    /// Finds where connections leave, and which ports are left there.
    private static func ways(
        to remotes: [IPEndpoint],
        from sources: [IPAddress],
        in files: KernelFiles
    ) throws(MachineError) -> [Way] {
        guard !remotes.isEmpty else { return [] }
        let wanted = Set(remotes)
        let survey = try SocketSurvey.read(in: files) { $0.remote.map(wanted.contains) ?? false }
        guard let available = survey.availablePorts else {
            preconditionFailure("this process's own network has settings")
        }
        var ways: [Way] = []
        for remote in remotes {
            // Two addresses of different families make no connection.
            let own = sources.filter { ($0.ipv4Bits == nil) == (remote.address.ipv4Bits == nil) }
            let locals: [IPAddress?] =
                sources.isEmpty ? [try LocalAddress.source(towards: remote.address)] : own
            for source in locals.isEmpty ? [nil] : locals {
                guard let source else {
                    ways.append(Way(remote: remote, source: nil, available: 0, used: 0, timeWait: 0))
                    continue
                }
                let use = survey.selected.outgoing[.init(remote: remote, local: source)]
                ways.append(
                    Way(
                        remote: remote,
                        source: source,
                        available: available,
                        used: use?.ports ?? 0,
                        timeWait: use?.states[.timeWait] ?? 0
                    )
                )
            }
        }
        return ways
    }
}
