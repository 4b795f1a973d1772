import Machine

/// A report that goes on where a probe fails, and says so.
protocol ProbeReport {
    /// A sentence for each probe that failed.
    var failures: [String] { get set }
}

extension ProbeReport {
    /// What a probe gives; `nil`, and a failure noted, where it throws.
    mutating func attempt<Value>(_ probe: () throws(MachineError) -> Value) -> Value? {
        do {
            return try probe()
        } catch {
            failures.append("\(error)")
            return nil
        }
    }
}
