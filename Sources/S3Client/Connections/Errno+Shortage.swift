internal import SystemPackage

extension Errno {
    /// Whether the machine lacks something that may be there again in a moment: a descriptor of the process (`EMFILE`) or
    /// of the system (`ENFILE`), a local port (`EADDRNOTAVAIL`), memory for a socket (`ENOBUFS`, `ENOMEM`).
    var isShortage: Bool {
        switch self {
        case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .addressNotAvailable, .noBufferSpace, .noMemory: true
        default: false
        }
    }
}
