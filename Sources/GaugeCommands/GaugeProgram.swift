import ArgumentParser

/// The program `gauge`, for its executable.
public enum GaugeProgram {
    /// Runs the command that the process's arguments name, and ends the process with its exit code.
    ///
    /// 0 for success, 2 where a probe failed, 64 for a mistake in the arguments.
    public static func main() -> Never {
        GaugeCommand.main()
        GaugeCommand.exit()
    }
}
